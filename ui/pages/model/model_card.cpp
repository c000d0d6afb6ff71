// SPDX-License-Identifier: MIT
#include "ui/pages/model/model_card.h"

#include "core/train/trainer.h"
#include "ui/widgets/format.h"
#include "ui/widgets/warning_text.h"

#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QGridLayout>
#include <QRegularExpression>
#include <QUrl>
#include <QVBoxLayout>

namespace studio {

namespace {

constexpr int64_t usualLength = 512; ///< of a text, for the memory of models that take far longer ones

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

/// "model.safetensors", or how many parts of it there are.
QString formatName(const std::string& format)
{
    static const QRegularExpression parts(QStringLiteral("^(.*) in (\\d+) files?$"));
    const auto text = fromCore(format);
    const auto match = parts.match(text);
    if (!match.hasMatch())
        return text;
    //: %1 is the name of a file
    return ModelCard::tr("%1 in %Ln parts", nullptr, match.captured(2).toInt()).arg(match.captured(1));
}

/// A count of tokens; models without a table of positions take texts of any length.
QString lengthText(int64_t tokens)
{
    return tokens >= anyLength ? ModelCard::tr("No limit")
                               : ModelCard::tr("%1 tokens").arg(countText(tokens));
}

/// Tokens of a text that the job takes at most.
int64_t longestText(const TrainingArguments& job, const CheckpointInfo& info)
{
    const auto longest = std::max<int64_t>(1, info.maxLength);
    return job.maxSeqLength > 0 ? std::min<int64_t>(job.maxSeqLength, longest) : longest;
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
    , m_plan(makeLabel(this))
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
    m_plan->setObjectName(QStringLiteral("modelPlan"));
    m_plan->setWordWrap(true);
    m_plan->setTextInteractionFlags(Qt::TextSelectableByMouse);
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
    content()->addWidget(m_plan);
    auto* grid = new QGridLayout(m_facts);
    grid->setContentsMargins(0, spacing::small, 0, 0);
    grid->setHorizontalSpacing(spacing::large);
    grid->setVerticalSpacing(spacing::medium);
    const QStringList names_{QStringLiteral("architecture"), QStringLiteral("parameters"),
        QStringLiteral("layers"), QStringLiteral("width"), QStringLiteral("heads"),
        QStringLiteral("vocabulary"), QStringLiteral("tokeniser"), QStringLiteral("positions"),
        QStringLiteral("longestInput"), QStringLiteral("languages"), QStringLiteral("format"),
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
    connect(m_openFolder, &QPushButton::clicked, this, [this] {
        const QFileInfo place(fromCore(m_state.job().modelNameOrPath));
        QDesktopServices::openUrl(
            QUrl::fromLocalFile(place.isDir() ? place.filePath() : place.absolutePath()));
    });
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
    m_plan->setVisible(info && info->errors.empty());
    if (info) {
        showFacts(*info);
        showRemarks(*info);
        showPlan(*info);
        return;
    }
    m_remark->clear();
    if (error) {
        m_error->showError(error->kind, warningText(error->detail.toStdString()));
        m_error->unfold();
    } else {
        m_error->clear();
    }
}

void ModelCard::showFacts(const CheckpointInfo& info)
{
    const auto& job = m_state.job();
    setFact(Architecture, fromCore(info.family), joined(info.architectures, 3, QStringLiteral(", ")));
    setFact(Parameters, parametersText(info.parameterCount), countText(info.parameterCount));
    setFact(Layers, countText(info.layerCount));
    setFact(Width, countText(info.hiddenSize));
    setFact(Heads, countText(info.headCount));
    setFact(Vocabulary, countText(info.vocabularySize));
    setFact(Tokeniser, fromCore(info.tokenizerKind));
    setFact(Positions, lengthText(info.maxPositions));
    setFact(LongestInput, lengthText(info.maxLength));
    QStringList languages;
    for (const auto& code : info.languages)
        languages.append(languageName(code));
    setFact(Languages,
        languages.isEmpty() ? tr("Not stated") : languages.mid(0, 8).join(QStringLiteral(", ")),
        languages.join(QStringLiteral(", ")));
    setFact(Format, formatName(info.format));
    setFact(Size, bytesText(static_cast<int64_t>(info.weightBytes)),
        tr("%1 bytes").arg(countText(static_cast<int64_t>(info.weightBytes))));
    setFact(Precision, precisionName(info.dtype), fromCore(info.dtype));
    const auto question = memoryQuestion(job,
        job.maxSeqLength > 0 ? longestText(job, info) : std::min(longestText(job, info), usualLength),
        job.precision);
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
    if (info.errors.empty()) {
        m_error->clear();
    } else {
        QStringList sentences;
        for (const auto& sentence : info.errors)
            sentences.append(warningText(sentence));
        m_error->showError(ErrorKind::Checkpoint, sentences.join(QLatin1Char('\n')));
        m_error->unfold();
    }
    // The head's own tensors are created without a word of warning: that is what fine-tuning is.
    if (info.errors.empty() && !info.missingBody.empty())
        m_remark->showWarning(tr("%Ln tensors are not in the checkpoint and will be created.", nullptr,
                                  static_cast<int>(info.missingBody.size())),
            joined(info.missingBody, info.missingBody.size(), QStringLiteral(", ")));
    else
        m_remark->clear();
    m_ready->setText(info.hasClassifier
            ? tr("Ready: the model already classifies; training goes on from there.")
            : tr("Ready: a classification head will be created for your labels when training starts."));
}

void ModelCard::showPlan(const CheckpointInfo& info)
{
    QStringList sentences;
    for (const auto& note : info.notes)
        sentences.append(warningText(note));
    if (info.maxLength > 0 && info.maxLength < anyLength)
        sentences.append(
            tr("Texts of more than %1 tokens are cut.").arg(countText(longestText(m_state.job(), info))));
    for (auto& sentence : sentences)
        sentence.prepend(QStringLiteral("• "));
    m_plan->setText(sentences.join(QLatin1Char('\n')));
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
        tr("Attention heads"), tr("Vocabulary"), tr("Tokeniser"), tr("Positions"), tr("Longest input"),
        tr("Languages"), tr("Format"), tr("Size on disk"), tr("Precision on disk"), tr("Memory to train"),
        tr("Classes")};
    const QStringList toolTips{{}, tr("Numbers that are learned"), {},
        tr("Numbers that stand for each token"), {}, tr("Different tokens"),
        tr("How texts are cut into tokens"), tr("Tokens of a text that the model tells apart by their place"),
        tr("Longer texts are cut"), tr("As the model's own description states"), {}, {}, {}, {},
        tr("What the model can tell apart now")};
    for (size_t fact = 0; fact < FactCount; ++fact) {
        m_captions[fact]->setText(captions[static_cast<qsizetype>(fact)]);
        m_captions[fact]->setToolTip(toolTips[static_cast<qsizetype>(fact)]);
    }
    describe(m_copy, tr("Copy the path of the folder"));
    m_openFolder->setText(tr("O&pen folder"));
    describe(m_openFolder, tr("Open folder"), tr("Shows the model's files in the file manager"));
    m_progress->setAccessibleName(tr("Looking at the model folder"));
    update();
}

} // namespace studio
