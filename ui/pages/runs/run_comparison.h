// SPDX-License-Identifier: MIT
#pragma once

#include "core/runs/run_folder.h"

#include <vector>

#include <QAbstractTableModel>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QTableView;

namespace studio {

class MetricChart;
class StepAxis;

/// What is drawn and compared of one run. Loaded by another thread.
struct RunCurves {
    RunSummary summary;
    Json arguments; ///< as TrainingArguments writes them
    std::vector<TrainEvent> events;
};
[[nodiscard]] RunCurves loadRunCurves(const std::filesystem::path& folder);

/// Settings of the chosen runs side by side: a row an argument, a column a run; differences are bold.
class SettingsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;
    void setRuns(const std::vector<RunCurves>& runs, bool differencesOnly);
    void retranslate();
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Line {
        const ArgumentInfo* argument;
        std::vector<Json> values;
        bool differs = false;
    };
    std::vector<Line> m_lines;
    std::vector<QString> m_names;
};

/// Curves of the chosen runs overlaid, and their settings compared.
class RunComparison : public QWidget {
    Q_OBJECT
public:
    explicit RunComparison(QWidget* parent = nullptr);
    void setRuns(std::vector<RunCurves> runs);
    void retranslate();
    [[nodiscard]] MetricChart* chart() const { return m_chart; }

private:
    void resizeEvent(QResizeEvent* event) override;
    void chooseMetric();
    void drawCurves();
    void fitColumns();
    void showSettings();

    std::vector<RunCurves> m_runs;
    StepAxis* m_axis;
    MetricChart* m_chart;
    QComboBox* m_metric; ///< what no run has a value of cannot be chosen
    int m_wanted = 0; ///< the metric that was asked for last, shown again as soon as there are values
    QCheckBox* m_differences;
    SettingsModel* m_settings;
    QTableView* m_table;
};

} // namespace studio
