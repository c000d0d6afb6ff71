// SPDX-License-Identifier: MIT
#include "app/window_main.h"

#include "core/base/crash_report.h"
#include "ui/session/studio_state.h"
#include "ui/shell/crash_dialog.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"

#include <clocale>

#include <QApplication>
#include <QThreadPool>
#include <QTimer>

namespace studio {

int runWindow(int argc, char** argv)
{
    QApplication application(argc, argv);
    std::setlocale(LC_NUMERIC, "C"); // QApplication took the user's; libraries below read numbers with it
    QApplication::setApplicationName(QStringLiteral("finetune-studio"));
    QApplication::setApplicationDisplayName(QStringLiteral("FineTune Studio"));
    QApplication::setApplicationVersion(QStringLiteral(STUDIO_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("finetune-studio"));
    const auto arguments = QApplication::arguments();
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        if (arguments[i].startsWith(QStringLiteral("--workspace=")))
            application.setProperty("workspace", arguments[i].section(QLatin1Char('='), 1));
        else if (arguments[i] == QStringLiteral("--workspace") && i + 1 < arguments.size())
            application.setProperty("workspace", arguments[++i]);
    }
    // Background work mostly waits for files; each slot has at most one job that still matters.
    QThreadPool::globalInstance()->setMaxThreadCount(8);

    Settings settings;
    const auto chooseCrashFolder = [&settings] { setCrashFolder(crashFolder(settings.workspaceFolder())); };
    chooseCrashFolder();
    QObject::connect(&settings, &Settings::changed, &application, [&](Setting setting) {
        if (setting == Setting::Workspace)
            chooseCrashFolder();
    });
    Theme theme;
    theme.setMode(themeModeFromName(settings.text(Setting::ThemeMode)));
    Language language;
    language.setLanguage(settings.text(Setting::Language));
    StudioState state(settings);
    MainWindow window(state, theme, language);
    window.show();
    QTimer::singleShot(0, &window, [&] { offerCrashReport(settings, &window); });
    return QApplication::exec();
}

} // namespace studio
