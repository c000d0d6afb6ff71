// SPDX-License-Identifier: MIT
#pragma once

#include "core/runs/run_folder.h"

#include <vector>

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

namespace studio {

struct LiveRun;

[[nodiscard]] QString runStateText(RunState state);
/// Stopped, interrupted or failed: may go on from a checkpoint.
[[nodiscard]] bool isResumable(const RunSummary& run);
/// A metric's key for people: "eval_accuracy" → "accuracy".
[[nodiscard]] QString metricText(const RunSummary& run);

/// The table of runs. The name can be edited; UserRole holds the raw value that sorting uses.
class RunsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        Name,
        State,
        Accuracy,
        F1,
        Started,
        Model,
        Data,
        LearningRate,
        Batch,
        Epochs,
        Best,
        ColumnCount
    };
    /// bool: stopped, interrupted or failed, hence to be resumed.
    static constexpr int ResumableRole = Qt::UserRole + 1;
    using QAbstractTableModel::QAbstractTableModel;
    void setRuns(const std::vector<RunSummary>& runs);
    [[nodiscard]] const RunSummary& run(int row) const { return m_runs[static_cast<size_t>(row)]; }
    void setNote(int row, const std::string& note);
    /// What the run in this window has come to since its folder was read.
    void setProgress(const LiveRun& live);
    [[nodiscard]] int rowOf(const std::filesystem::path& folder) const; ///< -1: none
    void retranslate();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

Q_SIGNALS:
    void renamed(const std::filesystem::path& folder, const QString& name);

private:
    [[nodiscard]] QString displayText(const RunSummary& run, int column) const;
    [[nodiscard]] QVariant rawValue(const RunSummary& run, int column) const;
    std::vector<RunSummary> m_runs;
};

/// Search over name, note, model, data and state.
class RunsFilterModel : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit RunsFilterModel(RunsModel* source, QObject* parent = nullptr);
    void setSearch(const QString& text);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    RunsModel* m_runs;
    QString m_search;
};

} // namespace studio
