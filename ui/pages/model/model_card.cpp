// SPDX-License-Identifier: MIT
#include "ui/pages/model/model_card.h"

#include "ui/widgets/format.h"

#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QEvent>
#include <QGridLayout>
#include <QUrl>
#include <QVBoxLayout>

namespace studio {

namespace {

QString familyName(const std::string& modelType)
{
    return modelType == "bert" ? QStringLiteral("BERT") : fromCore(modelType);
}

/// A language as model cards name it ("en", "zh", "multilingual") for people; others as they stand.
QString languageName(const std::string& code)
{
    if (code == "en")
        return ModelCard::tr("English");
    if (code == "zh")
        return ModelCard::tr("Chinese");
    if (code == "multilingual")
        return ModelCard::tr("Multilingual");
    return fromCore(code);
}

QString precisionName(const std::string& dtype)
{
    if (dtype == "F32")
        return ModelCard::tr("32 bits (fp32)");
    if (dtype == "F16")
        return ModelCard::tr("16 bits (fp16)");
    if (dtype == "BF16")
        return ModelCard::tr("16 bits (bf16)");
    if (dtype == "mixed")
        return ModelCard::tr("Mixed");
    return fromCore(dtype);
}

QString joined(const std::vector<std::string>& parts, size_t limit, const QString& separator)
{
    QStringList shown;
    for (size_t i = 0; i < std::min(limit, parts.size()); ++i)
        shown.append(fromCore(parts[i]));
    auto text = shown.join(separator);
    if (parts.size() > limit)
        text += QStringLiteral(" …");
    return text;
}

QString lines(const std::vector<std::string>& sentences)
{
    return joined(sentences, sentences.size(), QStringLiteral("\n"));
}

} // namespace

ModelCard::ModelCard(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_name(new ElidedLabel(this))
    , m_folder(new ElidedLabel(this))
    , m_copy(makeToolButton(this, QStringLiteral("copy"), QStringLiteral("copyModelFolder")))
    , m_openFolder(new QPushButton(this))
    , m_progress(new QProgressBar(this))
    , m_facts(new QWidget(this))
    , m_error(new ErrorBanner(this))
    , m_remark(new ErrorBanner(this))
    , m_ready(makeLabel(this, "good"))
{
    setObjectName(QStringLiteral("modelCard"));
    m_name->setObjectName(QStringLiteral("modelName"));
    setRole(m_name, "heading");
    m_folder->setObjectName(QStringLiteral("modelFolder"));
    setRole(m_folder, "small");
    m_openFolder->setObjectName(QStringLiteral("openModelFolder"));
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_error->setObjectName(QStringLiteral("modelError"));
    m_remark->setObjectName(QStringLiteral("modelRemark"));
    m_ready->setObjectName(QStringLiteral("modelReady"));
    m_ready->setWordWrap(true);
    auto* title = new QHBoxLayout;
    title->setSpacing(spacing::small);
    auto* names = new QVBoxLayout;
    names->setSpacing(2);
    names->addWidget(m_name);
    names->addWidget(m_folder);
    title->addLayout(names, 1);
    title->addWidget(m_copy);
    title->addWidget(m_openFolder);
    content()->addLayout(title);
    content()->addWidget(m_progress);
    content()->addWidget(m_error);
    content()->addWidget(m_remark);
    content()->addWidget(m_ready);
    auto* grid = new QGridLayout(m_facts);
    grid->setContentsMargins(0, spacing::small, 0, 0);
    grid->setHorizontalSpacing(spacing::large);
    grid->setVerticalSpacing(spacing::medium);
    const QStringList names_{QStringLiteral("architecture"), QStringLiteral("parameters"),
        QStringLiteral("layers"), QStringLiteral("width"), QStringLiteral("heads"),
        QStringLiteral("vocabulary"), QStringLiteral("longestInput"), QStringLiteral("languages"),
        QStringLiteral("size"), QStringLiteral("precision"), QStringLiteral("memory"),
        QStringLiteral("classes")};
    constexpr int columns = 3;
    for (int fact = 0; fact < FactCount; ++fact) {
        auto* caption = makeLabel(m_facts, "small");
        auto* value = makeLabel(m_facts, "value");
        value->setObjectName(QStringLiteral("fact_") + names_[fact]);
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        auto* cell = new QVBoxLayout;
        cell->setSpacing(2);
        cell->addWidget(caption);
        cell->addWidget(value);
        cell->addStretch(1);
        grid->addLayout(cell, fact / columns, fact % columns);
        m_captions.push_back(caption);
        m_values.push_back(value);
    }
    for (int column = 0; column < columns; ++column)
        grid->setColumnStretch(column, 1);
    content()->addWidget(m_facts);
    content()->addStretch(1);

    connect(m_copy, &QToolButton::clicked, this,
        [this] { QApplication::clipboard()->setText(fromCore(m_state.job().modelNameOrPath)); });
    connect(m_openFolder, &QPushButton::clicked, this,
        [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(fromCore(m_state.job().modelNameOrPath))); });
    connect(&state, &StudioState::modelInfoChanged, this, &ModelCard::update);
    connect(&state, &StudioState::jobChanged, this, &ModelCard::update);
    connect(&state, &StudioState::knownModelsChanged, this, &ModelCard::update);
    retranslate();
}

void ModelCard::setFact(Fact fact, const QString& value, const QString& toolTip)
{
    auto* label = m_values[static_cast<size_t>(fact)];
    label->setText(value.isEmpty() ? QStringLiteral("–") : value);
    label->setToolTip(toolTip);
    //: for screen readers: name of a figure and its value
    label->setAccessibleName(tr("%1: %2").arg(m_captions[static_cast<size_t>(fact)]->text(), label->text()));
}

void ModelCard::update()
{
    const auto folder = fromCore(m_state.job().modelNameOrPath);
    QString name = QDir(folder).dirName();
    for (const auto& known : m_state.knownModels()) {
        if (known.folder == folder)
            name = known.name;
    }
    m_name->setFullText(name, Qt::ElideMiddle);
    m_folder->setFullText(QDir::toNativeSeparators(folder), Qt::ElideMiddle);
    m_progress->setVisible(m_state.isInspectingModel());
    const auto& error = m_state.modelError();
    const auto& info = m_state.modelInfo();
    m_facts->setVisible(info.has_value());
    m_ready->setVisible(info && info->errors.empty());
    if (info) {
        showFacts(*info);
        showRemarks(*info);
        return;
    }
    m_remark->clear();
    if (error)
        m_error->showError(error->kind, error->detail);
    else
        m_error->clear();
}

void ModelCard::showFacts(const CheckpointInfo& info)
{
    const auto& job = m_state.job();
    setFact(Architecture, familyName(info.modelType), joined(info.architectures, 3, QStringLiteral(", ")));
    setFact(Parameters, parametersText(info.parameterCount), countText(info.parameterCount));
    setFact(Layers, countText(info.layerCount));
    setFact(Width, countText(info.hiddenSize));
    setFact(Heads, countText(info.headCount));
    //: size of the vocabulary and kind of the tokeniser
    setFact(Vocabulary,
        info.tokenizerKind.empty()
            ? countText(info.vocabularySize)
            : tr("%1 · %2").arg(countText(info.vocabularySize), fromCore(info.tokenizerKind)));
    setFact(LongestInput,
        info.maxLength == anyLength ? tr("No limit") : tr("%1 tokens").arg(countText(info.maxLength)));
    QStringList languages;
    for (const auto& code : info.languages)
        languages.append(languageName(code));
    setFact(Languages,
        languages.isEmpty() ? tr("Not stated") : languages.mid(0, 8).join(QStringLiteral(", ")),
        languages.join(QStringLiteral(", ")));
    setFact(Size, bytesText(static_cast<int64_t>(info.weightBytes)),
        tr("%1 bytes").arg(countText(static_cast<int64_t>(info.weightBytes))));
    setFact(Precision, precisionName(info.dtype), fromCore(info.dtype));
    MemoryQuestion question;
    question.batchSize = job.perDeviceTrainBatchSize;
    question.sequenceLength = job.maxSeqLength > 0
        ? std::min<int64_t>(job.maxSeqLength, std::max<int32_t>(1, info.maxLength))
        : info.maxLength == anyLength ? 512
                                      : info.maxLength; // what is usual where nothing limits it
    question.optimizer = job.optim;
    question.precision = job.precision == "auto" ? "fp32" : job.precision;
    question.encoderFrozen = job.freezeLayers == "encoder";
    const auto batch = countText(question.batchSize), length = countText(question.sequenceLength);
    //: about so much memory
    setFact(Memory, tr("About %1").arg(bytesText(estimateTrainingMemory(info, question))),
        tr("When a batch of %1 texts is %2 tokens long each; shorter texts need less").arg(batch, length));
    m_captions[Memory]->setText(tr("Memory to train (batch %1, %2 tokens)").arg(batch, length));
    setFact(Classes,
        info.hasClassifier ? tr("%1: %2").arg(
            countText(static_cast<int64_t>(info.labels.size())), joined(info.labels, 6, QStringLiteral(", ")))
                           : tr("None yet"),
        joined(info.labels, 100, QStringLiteral(", ")));
}

void ModelCard::showRemarks(const CheckpointInfo& info)
{
    if (info.errors.empty())
        m_error->clear();
    else
        m_error->showError(ErrorKind::Checkpoint, lines(info.errors));
    // The classifier's own tensors are created without a word of warning: that is what fine-tuning is.
    std::vector<std::string> missing;
    for (const auto& tensor : info.missing) {
        if (!tensor.starts_with("classifier.") && !tensor.starts_with("classification_head."))
            missing.push_back(tensor);
    }
    QStringList details;
    if (!info.missing.empty())
        details.append(
            tr("Created: %1").arg(joined(info.missing, info.missing.size(), QStringLiteral(", "))));
    if (!info.unexpected.empty())
        details.append(
            tr("Left out: %1").arg(joined(info.unexpected, info.unexpected.size(), QStringLiteral(", "))));
    if (info.errors.empty() && !missing.empty())
        m_remark->showWarning(tr("%Ln tensors are not in the checkpoint and will be created.", nullptr,
                                  static_cast<int>(missing.size())),
            details.join(QLatin1Char('\n')));
    else if (info.errors.empty() && !info.unexpected.empty())
        m_remark->showWarning(
            tr("%Ln tensors of the checkpoint are not part of a classifier and are left out.", nullptr,
                static_cast<int>(info.unexpected.size())),
            details.join(QLatin1Char('\n')));
    else
        m_remark->clear();
    m_ready->setText(info.hasClassifier
            ? tr("Ready: the model already classifies; training goes on from there.")
            : tr("Ready: a classification head will be created for your labels when training starts."));
}

void ModelCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

void ModelCard::retranslate()
{
    const QStringList captions{tr("Architecture"), tr("Parameters"), tr("Layers"), tr("Width"),
        tr("Attention heads"), tr("Vocabulary"), tr("Longest input"), tr("Languages"), tr("Size on disk"),
        tr("Precision on disk"), tr("Memory to train"), tr("Classes")};
    const QStringList toolTips{{}, tr("Numbers that are learned"), {},
        tr("Numbers that stand for each token"), {}, tr("Different tokens, and how texts are cut into them"),
        tr("Longer texts are cut"), tr("As the model's own description states"), {}, {}, {},
        tr("What the model can tell apart now")};
    for (size_t fact = 0; fact < FactCount; ++fact) {
        m_captions[fact]->setText(captions[static_cast<qsizetype>(fact)]);
        m_captions[fact]->setToolTip(toolTips[static_cast<qsizetype>(fact)]);
    }
    describe(m_copy, tr("Copy the path of the folder"));
    m_openFolder->setText(tr("Open &folder"));
    describe(m_openFolder, tr("Open folder"), tr("Shows the model's files in the file manager"));
    m_progress->setAccessibleName(tr("Looking at the model folder"));
    update();
}

} // namespace studio
