// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/desktop.h"
#include "ui/session/studio_state.h"

#include <QMainWindow>

class QAction;
class QMenu;
class QStackedWidget;

namespace studio {

class DataPage;
class Language;
class ModelPage;
class Page;
class Rail;
class StatusLine;
class Theme;
class TrainPage;

/// The window: rail, pages, menu, status line. Closing asks while a run goes on.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(StudioState& state, Theme& theme, Language& language, QWidget* parent = nullptr);
    ~MainWindow() override;
    void openPage(PageId page);
    [[nodiscard]] PageId currentPage() const;
    [[nodiscard]] Page* page(PageId id) const;

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void makePages();
    void makeMenus();
    void retranslate();
    void updateActions();
    void updateMarks();
    void fillRecentFiles();
    [[nodiscard]] DataPart partInFront() const; ///< that a file is opened for
    void askBeforeClosing();
    void closeAfterRun();
    void followRun(TrainingSession::State now);
    void notifyEnd(const QString& title, const QString& text);

    StudioState& m_state;
    Theme& m_theme;
    Language& m_language;
    Rail* m_rail;
    QStackedWidget* m_stack;
    StatusLine* m_status;
    QList<Page*> m_pages; ///< by PageId
    ModelPage* m_model;
    DataPage* m_data;
    TrainPage* m_train;
    QMenu *m_fileMenu, *m_recentMenu, *m_viewMenu, *m_runMenu, *m_helpMenu, *m_themeMenu, *m_languageMenu;
    QAction *m_openModel, *m_openData, *m_quit, *m_about, *m_aboutQt;
    QAction *m_start, *m_pause, *m_stop, *m_evaluate, *m_save;
    QList<QAction*> m_pageActions, m_themeActions, m_languageActions;
    Desktop m_desktop;
    bool m_closeWhenStopped = false;
};

} // namespace studio
