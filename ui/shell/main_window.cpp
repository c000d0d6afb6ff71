// SPDX-License-Identifier: MIT
#include "ui/shell/main_window.h"

#include "ui/pages/data/data_page.h"
#include "ui/pages/model/model_page.h"
#include "ui/pages/results/results_page.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/pages/settings/settings_page.h"
#include "ui/pages/train/train_page.h"
#include "ui/pages/tryit/tryit_page.h"
#include "ui/shell/about_dialog.h"
#include "ui/shell/language.h"
#include "ui/shell/rail.h"
#include "ui/shell/status_line.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/tab_order.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QMenuBar>
#include <QScreen>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace studio {

MainWindow::MainWindow(StudioState& state, Theme& theme, Language& language, QWidget* parent)
    : QMainWindow(parent)
    , m_state(state)
    , m_theme(theme)
    , m_language(language)
    , m_rail(new Rail(this))
    , m_stack(new QStackedWidget(this))
    , m_status(new StatusLine(state, this))
{
    setWindowIcon(applicationIcon());
    setMinimumSize(1024, 640);
    makePages();
    makeMenus();
    auto* right = new QWidget(this);
    auto* middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_rail);
    middle->addWidget(m_stack, 1);
    auto* layout = new QVBoxLayout(right);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(middle, 1);
    layout->addWidget(m_status);
    setCentralWidget(right);

    connect(m_rail, &Rail::pageChosen, this, &MainWindow::openPage);
    connect(m_status, &StatusLine::clicked, this, [this] { openPage(PageId::Train); });
    connect(&state, &StudioState::pageRequested, this, &MainWindow::openPage);
    connect(&state.training(), &TrainingSession::stateChanged, this, &MainWindow::followRun);
    connect(&state.training(), &TrainingSession::finished, this, [this](const TrainResult& result) {
        const auto name
            = QString::fromStdString(std::filesystem::path(result.end.outputDir).filename().string());
        if (result.outcome == TrainOutcome::Completed)
            notifyEnd(tr("Training is complete"), name);
    });
    connect(&state.training(), &TrainingSession::failed, this,
        [this](ErrorKind kind) { notifyEnd(tr("Training failed"), errorHeadline(kind)); });
    connect(&state.settings(), &Settings::changed, this, [this](Setting setting) {
        if (setting == Setting::ThemeMode)
            m_theme.setMode(themeModeFromName(m_state.settings().text(setting)));
        else if (setting == Setting::Language)
            m_language.setLanguage(m_state.settings().text(setting));
        updateActions();
    });
    retranslate();
    updateActions();
    updateMarks();

    dialogs::setLastFolder(state.settings().text(Setting::LastFolder));
    const auto geometry = state.settings().value(Setting::Geometry).toByteArray();
    if (geometry.isEmpty() || !restoreGeometry(geometry)) {
        const auto room = QGuiApplication::primaryScreen()->availableSize();
        resize(qMin(1440, room.width()), qMin(900, room.height()));
    }
    auto first = PageId::Train;
    for (const auto* one : std::as_const(m_pages)) {
        if (pageKey(one->id()) == state.settings().text(Setting::CurrentPage))
            first = one->id();
    }
    openPage(first);
}

MainWindow::~MainWindow() = default;

void MainWindow::makePages()
{
    m_model = new ModelPage(m_state, m_stack);
    m_data = new DataPage(m_state, m_stack);
    m_train = new TrainPage(m_state, m_stack);
    m_pages = {m_model, m_data, m_train, new ResultsPage(m_state, m_stack), new TryItPage(m_state, m_stack),
        new RunsPage(m_state, m_stack), new SettingsPage(m_state, m_stack)};
    for (auto* one : std::as_const(m_pages)) {
        m_stack->addWidget(one);
        tabInLayoutOrder(one);
        connect(one, &Page::doneChanged, this, &MainWindow::updateMarks);
    }
}

void MainWindow::makeMenus()
{
    m_fileMenu = menuBar()->addMenu(QString());
    m_openModel = m_fileMenu->addAction(themedIcon(QStringLiteral("folder")), {}, this, [this] {
        openPage(PageId::Model);
        m_model->askForFolder();
    });
    m_openData = m_fileMenu->addAction(
        themedIcon(QStringLiteral("file")), {}, this, [this] { m_data->askForFile(partInFront()); });
    m_openModel->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+O")));
    m_openData->setShortcut(QKeySequence::Open);
    m_recentMenu = m_fileMenu->addMenu(QString());
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentFiles);
    m_fileMenu->addSeparator();
    m_quit = m_fileMenu->addAction({}, this, &QWidget::close);
    m_quit->setShortcut(QKeySequence(QStringLiteral("Ctrl+Q")));

    m_viewMenu = menuBar()->addMenu(QString());
    for (auto* one : std::as_const(m_pages)) {
        const auto id = one->id();
        auto* action = m_viewMenu->addAction({}, this, [this, id] { openPage(id); });
        const auto number = static_cast<int>(id) + 1;
        action->setShortcut(id == PageId::Settings ? QKeySequence(QStringLiteral("Ctrl+,"))
                                                   : QKeySequence(QStringLiteral("Ctrl+%1").arg(number)));
        m_pageActions.append(action);
    }
    m_viewMenu->addSeparator();
    const auto addChoices
        = [this](QMenu* menu, Setting setting, const QStringList& values, QList<QAction*>& actions) {
              auto* group = new QActionGroup(menu);
              for (const auto& value : values) {
                  auto* action = menu->addAction(
                      {}, this, [this, setting, value] { m_state.settings().setValue(setting, value); });
                  action->setCheckable(true);
                  action->setData(value);
                  group->addAction(action);
                  actions.append(action);
              }
          };
    m_themeMenu = m_viewMenu->addMenu(themedIcon(QStringLiteral("theme")), {});
    addChoices(m_themeMenu, Setting::ThemeMode,
        {QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark")}, m_themeActions);
    m_languageMenu = m_viewMenu->addMenu(themedIcon(QStringLiteral("language")), {});
    addChoices(m_languageMenu, Setting::Language,
        {QStringLiteral("system"), QStringLiteral("en"), QStringLiteral("zh_CN")}, m_languageActions);

    m_runMenu = menuBar()->addMenu(QString());
    auto& training = m_state.training();
    m_start = m_runMenu->addAction(themedIcon(QStringLiteral("play")), {}, m_train, &TrainPage::start);
    m_pause = m_runMenu->addAction(themedIcon(QStringLiteral("pause")), {}, this, [&training] {
        training.state() == TrainingSession::State::Paused ? training.resume() : training.pause();
    });
    m_stop = m_runMenu->addAction(themedIcon(QStringLiteral("stop")), {}, &training, &TrainingSession::stop);
    m_evaluate = m_runMenu->addAction(
        themedIcon(QStringLiteral("evaluate")), {}, &training, &TrainingSession::evaluateNow);
    m_save
        = m_runMenu->addAction(themedIcon(QStringLiteral("save")), {}, &training, &TrainingSession::saveNow);
    m_start->setShortcut(QKeySequence(QStringLiteral("F5")));
    m_pause->setShortcut(QKeySequence(QStringLiteral("F6")));
    m_stop->setShortcut(QKeySequence(QStringLiteral("Shift+F5")));
    m_evaluate->setShortcut(QKeySequence(QStringLiteral("F7")));
    m_save->setShortcut(QKeySequence(QStringLiteral("Ctrl+S")));

    m_helpMenu = menuBar()->addMenu(QString());
    m_about = m_helpMenu->addAction(
        themedIcon(QStringLiteral("info")), {}, this, [this] { showAboutDialog(this); });
    m_aboutQt = m_helpMenu->addAction({}, qApp, &QApplication::aboutQt);
}

void MainWindow::fillRecentFiles()
{
    m_recentMenu->clear();
    for (const auto& file : m_state.settings().list(Setting::RecentFiles))
        m_recentMenu->addAction(file, this, [this, file] { m_data->openFile(file, partInFront()); });
    if (m_recentMenu->isEmpty())
        m_recentMenu->addAction(tr("No file has been opened yet"))->setEnabled(false);
}

DataPart MainWindow::partInFront() const
{
    return currentPage() == PageId::Data ? m_data->part() : DataPart::Train;
}

void MainWindow::openPage(PageId page)
{
    auto* wanted = m_pages.at(static_cast<int>(page));
    // Only the page that is seen decides how small the window may be.
    for (auto* one : std::as_const(m_pages))
        one->setSizePolicy(one == wanted ? QSizePolicy::Preferred : QSizePolicy::Ignored,
            one == wanted ? QSizePolicy::Preferred : QSizePolicy::Ignored);
    m_stack->setCurrentWidget(wanted);
    m_rail->setCurrent(page);
    m_state.settings().setValue(Setting::CurrentPage, pageKey(page));
    wanted->activated();
}

PageId MainWindow::currentPage() const
{
    return static_cast<PageId>(m_stack->currentIndex());
}

Page* MainWindow::page(PageId id) const
{
    return m_pages.at(static_cast<int>(id));
}

void MainWindow::updateMarks()
{
    const bool running = m_state.training().isRunning();
    for (const auto* one : std::as_const(m_pages)) {
        const bool busy = running && one->id() == PageId::Train;
        m_rail->button(one->id())->setMark(busy ? RailButton::Mark::Busy
                : one->isDone()                 ? RailButton::Mark::Done
                                                : RailButton::Mark::None);
    }
}

void MainWindow::updateActions()
{
    const auto now = m_state.training().state();
    const bool running = now == TrainingSession::State::Running || now == TrainingSession::State::Paused;
    m_start->setEnabled(now == TrainingSession::State::Idle);
    m_pause->setEnabled(running);
    m_pause->setText(now == TrainingSession::State::Paused ? tr("&Resume training") : tr("&Pause training"));
    m_stop->setEnabled(running || now == TrainingSession::State::Preparing);
    m_evaluate->setEnabled(running);
    m_save->setEnabled(running);
    for (auto* action : std::as_const(m_themeActions))
        action->setChecked(action->data().toString() == m_state.settings().text(Setting::ThemeMode));
    for (auto* action : std::as_const(m_languageActions))
        action->setChecked(action->data().toString() == m_state.settings().text(Setting::Language));
}

void MainWindow::followRun(TrainingSession::State now)
{
    const bool busy = now != TrainingSession::State::Idle && now != TrainingSession::State::Paused;
    m_desktop.keepAwake(busy && m_state.settings().flag(Setting::KeepAwake), tr("A model is being trained."));
    updateActions();
    updateMarks();
    if (m_closeWhenStopped && now == TrainingSession::State::Idle)
        closeAfterRun();
}

/// A run that could not be saved keeps the window open.
void MainWindow::closeAfterRun()
{
    m_closeWhenStopped = false;
    const auto* run = m_state.training().run();
    if (run->start && (!run->end || run->end->outcome == "failed"))
        openPage(PageId::Train); // where the reason stands
    else
        close();
}

void MainWindow::notifyEnd(const QString& title, const QString& text)
{
    if (!isActiveWindow() && m_state.settings().flag(Setting::NotifyAtEnd))
        m_desktop.notify(title, text);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_state.training().isRunning() && m_state.settings().flag(Setting::ConfirmClose)) {
        event->ignore();
        askBeforeClosing();
        return;
    }
    m_state.settings().setValue(Setting::Geometry, saveGeometry());
    m_state.settings().setValue(Setting::LastFolder, dialogs::lastFolder());
    if (m_state.training().isRunning()) {
        // Without a question: end by saving a checkpoint, and close once that is done.
        event->ignore();
        m_closeWhenStopped = true;
        m_state.training().stop();
        return;
    }
    event->accept();
}

void MainWindow::askBeforeClosing()
{
    using dialogs::ButtonRole;
    dialogs::ask(this, tr("Training is going on"), tr("A run is still training. What should happen to it?"),
        {tr("A stopped run is saved as a checkpoint and can be resumed later on the Runs page.")},
        {{tr("&Stop and save"), ButtonRole::Accept},
            {tr("&Keep training in the background"), ButtonRole::Accept}, {tr("Cancel"), ButtonRole::Cancel}},
        [this](int chosen) {
            if (chosen == 0) {
                if (!m_state.training().isRunning()) {
                    closeAfterRun();
                    return;
                }
                m_closeWhenStopped = true;
                m_state.training().stop();
            } else if (chosen == 1) {
                showMinimized();
            }
        });
}

void MainWindow::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QMainWindow::changeEvent(event);
}

void MainWindow::retranslate()
{
    setWindowTitle(QStringLiteral("FineTune Studio"));
    m_fileMenu->setTitle(tr("&File"));
    m_openModel->setText(tr("Add &model folder…"));
    m_openData->setText(tr("&Open data file…"));
    m_recentMenu->setTitle(tr("&Recent files"));
    m_quit->setText(tr("&Quit"));
    m_viewMenu->setTitle(tr("&View"));
    for (int page = 0; page < m_pageActions.size(); ++page)
        m_pageActions[page]->setText(pageName(static_cast<PageId>(page)));
    m_themeMenu->setTitle(tr("&Theme"));
    m_themeActions[0]->setText(tr("Like the &system"));
    m_themeActions[1]->setText(tr("&Light"));
    m_themeActions[2]->setText(tr("&Dark"));
    m_languageMenu->setTitle(tr("&Language"));
    m_languageActions[0]->setText(tr("Like the &system"));
    // Each language by its own name, whatever the window speaks.
    m_languageActions[1]->setText(QStringLiteral("English"));
    m_languageActions[2]->setText(QStringLiteral("简体中文"));
    m_runMenu->setTitle(tr("&Run"));
    m_start->setText(tr("&Start training"));
    m_stop->setText(tr("S&top and save"));
    m_evaluate->setText(tr("&Evaluate now"));
    m_save->setText(tr("Save &checkpoint now"));
    m_helpMenu->setTitle(tr("&Help"));
    m_about->setText(tr("&About FineTune Studio"));
    m_aboutQt->setText(tr("About &Qt"));
    updateActions();
}

} // namespace studio
