// SPDX-License-Identifier: MIT
#include "ui/session/data_session.h"

#include "ui/session/data_options.h"

namespace studio {

namespace {

const std::string& fileOf(const TrainingArguments& arguments, DataPart part)
{
    switch (part) {
    case DataPart::Validation:
        return arguments.validationFile;
    case DataPart::Test:
        return arguments.testFile;
    case DataPart::Train:
        break;
    }
    return arguments.trainFile;
}

auto readerFields(const TrainingArguments& arguments)
{
    return std::tie(
        arguments.fileFormat, arguments.encoding, arguments.delimiter, arguments.quote, arguments.header);
}

auto datasetFields(const TrainingArguments& arguments)
{
    return std::tie(arguments.problemType, arguments.textColumn, arguments.textPairColumn,
        arguments.labelColumn, arguments.labelSeparator, arguments.clean);
}

} // namespace

DataSession::DataSession(DataPart part, QObject* parent)
    : QObject(parent)
    , m_part(part)
{
    for (auto* slot : {&m_open, &m_read}) {
        connect(slot, &JobSlot::failed, this, &DataSession::setError);
        connect(slot, &JobSlot::progressed, this, &DataSession::progressed);
        connect(slot, &JobSlot::runningChanged, this, [this] { Q_EMIT loadingChanged(isLoading()); });
    }
}

QString DataSession::file() const
{
    return QString::fromStdString(fileOf(m_arguments, m_part));
}

void DataSession::setArguments(const TrainingArguments& arguments)
{
    const bool reopen = fileOf(arguments, m_part) != fileOf(m_arguments, m_part)
        || readerFields(arguments) != readerFields(m_arguments);
    const bool reread = reopen || datasetFields(arguments) != datasetFields(m_arguments);
    m_arguments = arguments;
    if (reopen)
        open();
    else if (reread && m_table)
        read();
}

void DataSession::open()
{
    m_error.reset();
    m_read.cancel();
    m_dataset = nullptr;
    m_table = nullptr;
    Q_EMIT tableChanged();
    Q_EMIT datasetChanged();
    const auto file = fileOf(m_arguments, m_part);
    if (file.empty()) {
        m_open.cancel();
        return;
    }
    struct Opened {
        std::shared_ptr<const Table> table;
        ColumnMapping suggestion;
    };
    m_open.start(
        [file, arguments = m_arguments](const TaskControl& control) {
            Opened opened;
            opened.table = Table::open(std::filesystem::path(file), readerOptions(arguments), control);
            opened.suggestion = suggestMapping(*opened.table);
            return opened;
        },
        [this](Opened opened) {
            m_table = std::move(opened.table);
            m_suggestion = std::move(opened.suggestion);
            m_mapping = columnMapping(m_arguments, m_suggestion);
            Q_EMIT tableChanged();
            read();
        });
}

void DataSession::read()
{
    m_error.reset();
    m_dataset = nullptr;
    m_mapping = columnMapping(m_arguments, m_suggestion);
    Q_EMIT datasetChanged();
    m_read.start(
        [table = m_table, arguments = m_arguments, mapping = m_mapping](const TaskControl& control) {
            return Dataset::create(table, datasetOptions(arguments, mapping), control);
        },
        [this](std::shared_ptr<const Dataset> dataset) {
            m_dataset = std::move(dataset);
            Q_EMIT datasetChanged();
        });
}

void DataSession::setError(ErrorKind kind, const QString& detail)
{
    m_error = CaughtError{kind, detail};
    Q_EMIT failed(kind, detail);
}

} // namespace studio
