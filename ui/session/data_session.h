// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/dataset.h"
#include "core/train/arguments.h"
#include "ui/session/job_slot.h"

#include <memory>
#include <optional>

#include <QObject>

namespace studio {

/// The three data files of a job.
enum class DataPart { Train, Validation, Test };

/// Table and dataset of one data file of the job, opened and read in the background and kept in step with
/// the job's fields (file, format, encoding, mapping, cleaning, problem type).
class DataSession : public QObject {
    Q_OBJECT
public:
    explicit DataSession(DataPart part, QObject* parent = nullptr);

    [[nodiscard]] DataPart part() const { return m_part; }
    /// Follows the job; opens or reads again only what a changed field asks for.
    void setArguments(const TrainingArguments& arguments);
    [[nodiscard]] QString file() const;
    [[nodiscard]] std::shared_ptr<const Table> table() const { return m_table; }
    [[nodiscard]] std::shared_ptr<const Dataset> dataset() const { return m_dataset; } ///< null until read
    /// The mapping in use: the job's, else the suggestion.
    [[nodiscard]] const ColumnMapping& mapping() const { return m_mapping; }
    [[nodiscard]] bool isLoading() const { return m_open.isRunning() || m_read.isRunning(); }
    [[nodiscard]] const std::optional<CaughtError>& error() const { return m_error; } ///< of the last try

Q_SIGNALS:
    void tableChanged(); ///< another table, or none
    void datasetChanged(); ///< another dataset, or none
    void loadingChanged(bool loading);
    void progressed(qint64 done, qint64 total);
    void failed(studio::ErrorKind kind, const QString& detail);

private:
    void open();
    void read();
    void setError(ErrorKind kind, const QString& detail);

    DataPart m_part;
    TrainingArguments m_arguments;
    std::shared_ptr<const Table> m_table;
    std::shared_ptr<const Dataset> m_dataset;
    ColumnMapping m_suggestion, m_mapping;
    std::optional<CaughtError> m_error;
    JobSlot m_open, m_read;
};

} // namespace studio
