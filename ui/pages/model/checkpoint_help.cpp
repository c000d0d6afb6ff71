// SPDX-License-Identifier: MIT
#include "ui/pages/model/checkpoint_help.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace studio {

namespace {

const QStringList& exampleModels()
{
    static const QStringList names{QStringLiteral("google-bert/bert-base-uncased"),
        QStringLiteral("google-bert/bert-base-chinese"), QStringLiteral("FacebookAI/xlm-roberta-base"),
        QStringLiteral("Qwen/Qwen3-0.6B")};
    return names;
}

} // namespace

CheckpointHelp::CheckpointHelp(QWidget* parent)
    : Card(parent)
    , m_section(new Disclosure(this))
    , m_files(new QLabel(this))
    , m_exampleCaption(makeLabel(this, "small"))
    , m_after(makeLabel(this, "small"))
    , m_example(new QComboBox(this))
{
    setObjectName(QStringLiteral("checkpointHelp"));
    m_section->setObjectName(QStringLiteral("checkpointHelpDisclosure"));
    content()->addWidget(m_section);
    auto* body = new QVBoxLayout(m_section->body());
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(spacing::small);
    m_files->setObjectName(QStringLiteral("neededFiles"));
    m_files->setWordWrap(true);
    m_files->setTextFormat(Qt::RichText);
    m_after->setWordWrap(true);
    m_example->setObjectName(QStringLiteral("exampleModelBox"));
    m_exampleCaption->setBuddy(m_example);
    for (const auto& name : exampleModels())
        m_example->addItem(name, name);
    body->addWidget(m_files);
    auto* choose = new QHBoxLayout;
    choose->setSpacing(spacing::small);
    choose->addWidget(m_exampleCaption);
    choose->addWidget(m_example);
    choose->addStretch(1);
    body->addLayout(choose);
    m_install = addCommand(body, QStringLiteral("installCommand"));
    m_download = addCommand(body, QStringLiteral("downloadCommand"));
    body->addWidget(m_after);
    connect(m_example, &QComboBox::currentIndexChanged, this, &CheckpointHelp::showCommands);
    retranslate();
}

CheckpointHelp::Command CheckpointHelp::addCommand(QVBoxLayout* layout, const QString& objectName)
{
    auto* caption = makeLabel(this, "small");
    auto* text = new QLineEdit(this);
    text->setObjectName(objectName);
    text->setReadOnly(true);
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    caption->setBuddy(text);
    auto* copy = makeToolButton(this, QStringLiteral("copy"), objectName + QStringLiteral("Copy"));
    connect(copy, &QToolButton::clicked, this, [text] { QApplication::clipboard()->setText(text->text()); });
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::tiny);
    line->addWidget(text, 1);
    line->addWidget(copy);
    layout->addWidget(caption);
    layout->addLayout(line);
    return {caption, text, copy};
}

void CheckpointHelp::showCommands()
{
    const auto model = m_example->currentData().toString();
    m_install.text->setText(QStringLiteral("pipx install huggingface_hub"));
    m_download.text->setText(QStringLiteral("hf download %1 --local-dir ~/models/%2")
                                 .arg(model, model.section(QLatin1Char('/'), -1)));
    for (const auto& command : {m_install, m_download})
        command.text->setCursorPosition(0);
}

void CheckpointHelp::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

void CheckpointHelp::retranslate()
{
    m_section->setTexts(
        tr("How to get a checkpoint"), tr("The files that a folder needs, and commands that fetch one"));
    const auto row = [](const QString& files, const QString& text) {
        return QStringLiteral("<tr><td style='padding-right: 16px'><code>%1</code></td><td>%2</td></tr>")
            .arg(files, text);
    };
    m_files->setText(tr("A model folder in the layout of the Hugging Face hub holds:")
        + QStringLiteral("<table cellspacing='4'>")
        + row(QStringLiteral("config.json"), tr("the architecture"))
        + row(QStringLiteral("model.safetensors"),
            tr("the weights; or <code>pytorch_model.bin</code>; or the parts of either with their "
               "<code>.index.json</code>"))
        + row(QStringLiteral("tokenizer.json"),
            tr("the tokeniser; or <code>vocab.txt</code>, <code>vocab.json</code> with "
               "<code>merges.txt</code>, or a SentencePiece file"))
        + row(QStringLiteral("tokenizer_config.json"), tr("its settings, where there are any"))
        + QStringLiteral("</table>")
        + tr("A single <code>.gguf</code> file holds all of this. Families: %1.")
              .arg(QStringLiteral("BERT, RoBERTa, XLM-R, DistilBERT, ELECTRA, ALBERT, DeBERTa, ModernBERT, "
                                  "GPT-2, Llama, Mistral, Qwen, Gemma, Phi-3, T5, BART, mBART")));
    m_exampleCaption->setText(tr("&Example"));
    describe(m_example, tr("Example model"), tr("The commands below fetch this model"));
    const QStringList texts{
        tr("%1 (English)"), tr("%1 (Chinese)"), tr("%1 (100 languages)"), tr("%1 (a language model)")};
    for (int i = 0; i < m_example->count(); ++i)
        m_example->setItemText(i, texts[i].arg(exampleModels()[i]));
    m_install.caption->setText(tr("1. Install the download tool, once:"));
    m_download.caption->setText(tr("2. Download the model:"));
    m_install.text->setAccessibleName(tr("Command that installs the download tool"));
    m_download.text->setAccessibleName(tr("Command that downloads the model"));
    describe(m_install.copy, tr("Copy the command that installs the download tool"));
    describe(m_download.copy, tr("Copy the command that downloads the model"));
    m_after->setText(
        tr("3. Add the folder or file here, by a button or by dropping it on this page. Models in the "
           "Hugging Face cache are found by themselves."));
    showCommands();
}

} // namespace studio
