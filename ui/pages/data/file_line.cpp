// SPDX-License-Identifier: MIT
#include "ui/pages/data/file_line.h"

#include "ui/pages/data/detected_box.h"
#include "ui/session/data_options.h"
#include "ui/theme/icons.h"
#include "ui/widgets/format.h"

#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QGridLayout>
#include <QVBoxLayout>

namespace studio {

namespace {

struct Choice {
    const char* value;
    QString text;
};

/// Choices of a reader setting; the first is what was detected. A value that none has (typed on the command
/// line) is shown as it is.
void fill(QComboBox* box, const QString& detected, const QList<Choice>& choices, const std::string& current)
{
    box->clear();
    box->addItem(detected.isEmpty() ? FileLine::tr("Automatic")
                                    //: a detected setting, for example "UTF-8 (auto)"
                                    : FileLine::tr("%1 (auto)").arg(detected),
        QStringLiteral("auto"));
    box->setItemData(0, detected, DetectedBox::shortTextRole);
    for (const auto& choice : choices)
        box->addItem(choice.text, QString::fromLatin1(choice.value));
    const auto value = current.empty() ? QStringLiteral("auto") : fromCore(current);
    if (box->findData(value) < 0)
        box->addItem(value, value);
    box->setCurrentIndex(box->findData(value));
}

QString textOf(const QList<Choice>& choices, const std::string& value)
{
    for (const auto& choice : choices) {
        if (value == choice.value)
            return choice.text;
    }
    return fromCore(value);
}

QList<Choice> encodings()
{
    return {{"utf-8", QStringLiteral("UTF-8")}, {"utf-16le", QStringLiteral("UTF-16 LE")},
        {"utf-16be", QStringLiteral("UTF-16 BE")}, {"gb18030", QStringLiteral("GB18030")},
        {"windows-1252", QStringLiteral("Windows-1252")}, {"iso-8859-1", QStringLiteral("ISO-8859-1")}};
}

QList<Choice> formats()
{
    return {{"csv", QStringLiteral("CSV")}, {"tsv", QStringLiteral("TSV")}, {"json", QStringLiteral("JSON")},
        {"jsonl", QStringLiteral("JSON Lines")},
        //: file format: each line is a label, a space and a text
        {"label-text", FileLine::tr("Label and text")},
        //: file format: each line is a text
        {"lines", FileLine::tr("Lines of text")}};
}

QList<Choice> delimiters()
{
    //: names of characters that separate fields
    return {{",", FileLine::tr("Comma")}, {"tab", FileLine::tr("Tab")}, {";", FileLine::tr("Semicolon")},
        {"|", FileLine::tr("Bar |")}};
}

QList<Choice> quotes()
{
    //: names of quote characters
    return {{"\"", FileLine::tr("Double \"")}, {"'", FileLine::tr("Single '")},
        //: no quote character
        {"none", FileLine::tr("None")}};
}

QList<Choice> headers()
{
    //: whether the first row holds the column names
    return {{"true", FileLine::tr("First row")}, {"false", FileLine::tr("No header")}};
}

std::string delimiterValue(char delimiter)
{
    return delimiter == '\t' ? std::string("tab") : std::string(1, delimiter);
}

} // namespace

FileLine::FileLine(StudioState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_icon(new QLabel(this))
    , m_name(new ElidedLabel(this))
    , m_facts(makeLabel(this, "muted"))
    , m_progress(new QProgressBar(this))
    , m_open(new QPushButton(this))
    , m_remove(new QPushButton(this))
    , m_settings(new QWidget(this))
{
    m_icon->setPixmap(themedIcon(QStringLiteral("file"), IconTint::Muted).pixmap(18, 18));
    m_name->setObjectName(QStringLiteral("dataFileName"));
    setRole(m_name, "value");
    m_facts->setObjectName(QStringLiteral("dataFileFacts"));
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(140);
    m_open->setObjectName(QStringLiteral("openDataButton"));
    m_remove->setObjectName(QStringLiteral("removeDataButton"));
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::small);
    line->addWidget(m_icon);
    line->addWidget(m_name, 1);
    line->addWidget(m_progress);
    line->addWidget(m_facts);
    line->addWidget(m_remove);
    line->addWidget(m_open);
    auto* grid = new QGridLayout(m_settings);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(spacing::small);
    grid->setVerticalSpacing(2);
    m_encoding = addSetting(grid, 0, QStringLiteral("encodingBox"), &TrainingArguments::encoding);
    m_format = addSetting(grid, 1, QStringLiteral("formatBox"), &TrainingArguments::fileFormat);
    m_delimiter = addSetting(grid, 2, QStringLiteral("delimiterBox"), &TrainingArguments::delimiter);
    m_quote = addSetting(grid, 3, QStringLiteral("quoteBox"), &TrainingArguments::quote);
    m_header = addSetting(grid, 4, QStringLiteral("headerBox"), &TrainingArguments::header);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::small);
    layout->addLayout(line);
    layout->addWidget(m_settings);

    connect(m_open, &QPushButton::clicked, this, &FileLine::openRequested);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        m_state.editJob([this](TrainingArguments& job) {
            (m_part == DataPart::Validation ? job.validationFile : job.testFile).clear();
        });
    });
    for (const auto part : {DataPart::Train, DataPart::Validation, DataPart::Test}) {
        auto& source = state.data(part);
        connect(&source, &DataSession::tableChanged, this, &FileLine::update);
        connect(&source, &DataSession::loadingChanged, this, &FileLine::update);
        connect(&source, &DataSession::failed, this, &FileLine::update);
        connect(&source, &DataSession::progressed, this, [this, part](qint64 done, qint64 total) {
            if (part != m_part)
                return;
            m_progress->setMaximum(total > 0 ? 1000 : 0);
            m_progress->setValue(total > 0 ? static_cast<int>(done * 1000 / total) : 0);
        });
    }
    connect(&state, &StudioState::jobChanged, this, &FileLine::update);
    retranslate();
}

FileLine::Setting FileLine::addSetting(
    QGridLayout* grid, int column, const QString& objectName, std::string TrainingArguments::*field)
{
    auto* caption = makeLabel(m_settings, "small");
    auto* box = new DetectedBox(m_settings);
    box->setObjectName(objectName);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(6);
    caption->setBuddy(box);
    grid->addWidget(caption, 0, column);
    grid->addWidget(box, 1, column);
    grid->setColumnStretch(column, column == 0 ? 5 : 4); // the names of encodings are long
    connect(box, &QComboBox::activated, this, [this, box, field] {
        const auto value = box->currentData().toString().toStdString();
        m_state.editJob([&](TrainingArguments& job) {
            job.*field = value;
            setColumnMapping(job, {}); // columns of the old reading need not exist in the new one
        });
    });
    return {caption, box};
}

void FileLine::setPart(DataPart part)
{
    m_part = part;
    update();
}

void FileLine::update()
{
    const auto file = session().file();
    const auto table = session().table();
    const bool loading = session().isLoading();
    m_name->setFullText(QFileInfo(file).fileName(), Qt::ElideMiddle);
    m_name->setToolTip(QDir::toNativeSeparators(file));
    m_progress->setVisible(loading);
    if (!loading)
        m_progress->setRange(0, 0);
    if (table) {
        const auto rows = table->info().rows;
        m_facts->setText(tr("%1 · %Ln rows", nullptr, static_cast<int>(qMin<int64_t>(rows, 2'000'000'000)))
                             .arg(bytesText(static_cast<int64_t>(table->info().bytes))));
        m_facts->setToolTip(tr("%1 bytes").arg(countText(static_cast<int64_t>(table->info().bytes))));
    } else {
        m_facts->setText(loading ? tr("Reading…") : QString());
        m_facts->setToolTip({});
    }
    m_remove->setVisible(m_part != DataPart::Train);
    updateSettings();
}

void FileLine::updateSettings()
{
    const auto& job = m_state.job();
    const auto table = session().table();
    const auto* info = table ? &table->info() : nullptr;
    const bool delimited = !info || info->format == FileFormat::Delimited;
    const bool json = info && (info->format == FileFormat::Json || info->format == FileFormat::JsonLines);
    fill(m_encoding.box, info ? textOf(encodings(), info->encoding) : QString(), encodings(), job.encoding);
    fill(m_format.box, info ? textOf(formats(), formatName(*info)) : QString(), formats(), job.fileFormat);
    const auto quote = info && info->quote != '\0' ? std::string(1, info->quote) : std::string("none");
    fill(m_delimiter.box,
        info && delimited ? textOf(delimiters(), delimiterValue(info->delimiter)) : QString(), delimiters(),
        job.delimiter);
    fill(m_quote.box, info && delimited ? textOf(quotes(), quote) : QString(), quotes(), job.quote);
    fill(m_header.box, info && delimited ? textOf(headers(), info->header ? "true" : "false") : QString(),
        headers(), job.header);
    for (const auto& setting : {m_delimiter, m_quote, m_header})
        setting.box->setEnabled(delimited && !json);
}

void FileLine::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void FileLine::retranslate()
{
    m_open->setText(tr("&Open…"));
    describe(m_open, tr("Open a data file"), tr("Open a data file for this part (Ctrl+O)"));
    m_remove->setText(tr("Remove"));
    describe(m_remove, tr("Remove this file from the job"),
        tr("Take this file out of the job; it stays on the disk"));
    m_progress->setAccessibleName(tr("Progress of reading the file"));
    const auto name = [](const Setting& setting, const QString& caption, const QString& toolTip) {
        setting.caption->setText(caption);
        QString plain = caption;
        describe(setting.box, plain.remove(QLatin1Char('&')), toolTip);
    };
    name(m_encoding, tr("&Encoding"), tr("How the bytes of the file stand for characters"));
    name(m_format, tr("For&mat"), tr("How rows and columns are written in the file"));
    name(m_delimiter, tr("&Delimiter"), tr("The character between two fields"));
    name(m_quote, tr("&Quotes"), tr("The character around fields that hold the delimiter"));
    name(m_header, tr("He&ader"), tr("Whether the first row holds the names of the columns"));
    update();
}

} // namespace studio
