// SPDX-License-Identifier: MIT
#pragma once

#include "ui/models/table_preview_model.h"
#include "ui/pages/data/cleaning_section.h"
#include "ui/pages/data/file_line.h"
#include "ui/pages/data/label_card.h"
#include "ui/pages/data/length_card.h"
#include "ui/pages/data/mapping_bar.h"
#include "ui/pages/data/problem_card.h"
#include "ui/pages/data/split_section.h"
#include "ui/shell/page.h"

#include <QPlainTextEdit>
#include <QSplitter>
#include <QTabBar>
#include <QTableView>

class QMenu;

namespace studio {

/// The data of the job: files, how they are read, what their columns mean, what is in them.
class DataPage : public Page {
    Q_OBJECT
public:
    explicit DataPage(StudioState& state, QWidget* parent = nullptr);
    ~DataPage() override;
    [[nodiscard]] bool isDone() const override;
    /// The part whose tab is in front; training while there is no file at all.
    [[nodiscard]] DataPart part() const;
    /// Asks for a file of this part; it comes with its tab to the front.
    void askForFile(DataPart part);
    void openFile(const QString& file, DataPart part);

protected:
    void retranslate() override;
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override; ///< of the table's viewport

private:
    QWidget* makeLeft();
    QWidget* makeRight();
    void makeActions();
    void openFiles(const QStringList& files);
    void setPart(DataPart part);
    void showPart();
    void showTable();
    void fitColumns();
    void updateTabs();
    void updateErrors();
    void updateDemo();
    void fillRecent();
    void showCell();
    void goToRow(DataPart file, qint64 row);

    QSplitter* m_splitter;
    QTabBar* m_tabs;
    QStackedWidget* m_partStack;
    QWidget* m_filePanel;
    EmptyState *m_noFile, *m_noData;
    FileLine* m_file;
    MappingBar* m_mapping;
    TablePreviewModel* m_model;
    QTableView* m_table;
    QPlainTextEdit* m_cell;
    LabelCard* m_labels;
    LengthCard* m_lengths;
    ProblemCard* m_problems;
    CleaningSection* m_cleaning;
    SplitSection* m_split;
    QToolButton *m_demo, *m_recent;
    QAction *m_demoEnglish, *m_demoChinese;
    JobSlot m_covers;
    bool m_coversChinese = false;
    bool m_columnsTouched = false; ///< their widths are the person's
    std::string m_coversFolder;
};

} // namespace studio
