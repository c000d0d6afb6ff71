// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"

#include <memory>

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace studio {

/// The whole window over settings and a workspace of its own.
struct WindowBench {
    QTemporaryDir folder;
    std::unique_ptr<Settings> settings;
    Theme theme;
    Language language;
    std::unique_ptr<StudioState> state;
    std::unique_ptr<MainWindow> window;

    WindowBench()
    {
        settings = std::make_unique<Settings>(folder.filePath(QStringLiteral("studio.ini")));
        settings->setValue(Setting::Workspace, folder.filePath(QStringLiteral("workspace")));
        settings->setValue(Setting::Language, QStringLiteral("en"));
        settings->setValue(Setting::ThemeMode, QStringLiteral("light"));
    }
    void open()
    {
        theme.setMode(themeModeFromName(settings->text(Setting::ThemeMode)));
        language.setLanguage(settings->text(Setting::Language));
        state = std::make_unique<StudioState>(*settings);
        window = std::make_unique<MainWindow>(*state, theme, language);
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get(), 30000));
    }
    void close()
    {
        window->close();
        window.reset();
        state.reset();
    }
    [[nodiscard]] std::filesystem::path path(const std::string& name) const
    {
        return std::filesystem::path(folder.path().toStdString()) / name;
    }
    template <typename Widget>
    Widget* find(const char* name) const
    {
        auto* found = window->findChild<Widget*>(QString::fromLatin1(name));
        if (!found)
            qFatal("no widget is called %s", name);
        return found;
    }
};

/// Every warning fails a test, but what the platforms say about themselves.
inline void failOnWindowWarnings()
{
    QTest::failOnWarning(QRegularExpression(
        QStringLiteral("^(?!This plugin does not support|.*XDG_RUNTIME_DIR|.*propagateSizeHints).*")));
}

} // namespace studio
