// SPDX-License-Identifier: MIT
#pragma once

#include "ui/pages/results/predictions_model.h"
#include "ui/pages/results/run_results.h"
#include "ui/shell/page.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QTableView;

namespace studio {

class BarList;
class ClassTableModel;
class ConfusionView;
class ElidedLabel;
class MetricCards;
class ScatterView;

/// The best model of a run, judged: headline metrics, confusion matrix (or predicted against true), per-class
/// table, and the rows behind them.
class ResultsPage : public Page {
    Q_OBJECT
public:
    explicit ResultsPage(StudioState& state, QWidget* parent = nullptr);
    [[nodiscard]] bool isDone() const override { return !m_results.isEmpty(); }
    [[nodiscard]] const RunResults& results() const { return m_results; }
    void activated() override; ///< shows the newest run if none was asked for

protected:
    void retranslate() override;

private:
    void build();
    void fillRuns();
    void load();
    void showResults();
    void showPart();
    void showMatrix();
    void showCounts();
    void applyFilter();
    void cellChosen(int row, int column);
    void chooseClass(const QModelIndex& index); ///< of the table of classes
    void scrollToCell(int row, int column);
    void showChoice();
    void exportRows();
    void updateEmptyState();
    [[nodiscard]] bool isShownRunOver() const;
    [[nodiscard]] const MetricReport* report() const; ///< of the chosen part

    RunResults m_results;
    JobSlot m_load, m_export;
    PredictionFilter m_filter;
    QStringList m_matrixNames; ///< of rows and columns of the matrix
    int m_chosenRow = -1, m_chosenColumn = -1; ///< as ConfusionView has them
    PredictionsModel* m_predictions;
    PredictionsFilterModel* m_shown;
    ClassTableModel* m_classes;

    QComboBox *m_runs, *m_part, *m_label;
    MetricCards* m_cards;
    Card *m_matrixCard, *m_classCard, *m_rowsCard;
    QStackedWidget* m_picture; ///< matrix or scatter
    ConfusionView* m_matrix;
    QScrollArea* m_matrixScroll;
    ScatterView* m_scatter;
    QToolButton* m_shares;
    QTableView *m_classTable, *m_rowTable;
    QLineEdit* m_search;
    QCheckBox* m_mistakes;
    QLabel *m_rowCount, *m_matrixHint;
    ElidedLabel* m_choice; ///< names the chosen cell
    QPushButton *m_clear, *m_exportButton;
};

} // namespace studio
