// SPDX-License-Identifier: MIT
#pragma once

#include "ui/pages/runs/runs_model.h"
#include "ui/shell/page.h"

class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace studio {

class ResumeDelegate;
class RunComparison;

/// All runs: search, rename, note, overlay and compare; results, Try it, resume, start again, export, delete.
class RunsPage : public Page {
    Q_OBJECT
public:
    explicit RunsPage(StudioState& state, QWidget* parent = nullptr);
    void activated() override;

protected:
    void retranslate() override;
    void hideEvent(QHideEvent* event) override; ///< keeps the note

private:
    void build();
    void connectAll();
    void fill();
    void showMatches();
    void fitState();
    void showProgress();
    void selectionChanged();
    void updateButtons();
    void showDetails();
    void saveNote();
    void showOtherWindow();
    void resume(const RunSummary& run);
    void startAgain();
    void exportRun();
    void deleteRuns();
    void moveToTrash(const std::vector<std::filesystem::path>& folders);
    void forget(const std::filesystem::path& folder); ///< a run that was deleted
    void deleteForGood(const std::vector<std::filesystem::path>& folders);
    [[nodiscard]] std::vector<RunSummary> selected() const;

    RunsModel* m_model;
    RunsFilterModel* m_shown;
    JobSlot m_load, m_delete;
    std::filesystem::path m_noteOf; ///< run that the note belongs to
    QTimer m_noteTimer; ///< the note is saved at a pause in typing

    QTableView* m_table;
    int m_stateWidth = 0; ///< the widest that the column has needed
    ResumeDelegate* m_resumeInRow;
    QLineEdit* m_search;
    QPushButton *m_results, *m_try, *m_resume, *m_again, *m_folder, *m_export, *m_remove;
    Card *m_listCard, *m_detailCard;
    QLabel *m_detail, *m_noteLabel, *m_exportDone, *m_otherWindow, *m_noMatch;
    QPlainTextEdit* m_note;
    RunComparison* m_comparison;
};

} // namespace studio
