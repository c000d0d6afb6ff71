// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"
#include "ui/shell/language.h"

#include <filesystem>
#include <memory>

#include <QApplication>
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QMimeData>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

namespace studio {

/// A window's state over settings and a workspace of its own, with small data files to open.
class PageFixture {
public:
    PageFixture()
        : m_settings(m_folder.filePath(QStringLiteral("studio.ini")))
    {
        m_language.setLanguage(QStringLiteral("en")); // its plural forms
        m_settings.setValue(Setting::Workspace, m_folder.filePath(QStringLiteral("workspace")));
        std::filesystem::create_directories(runFolder(""));
    }
    /// Made when it is first asked for: runs that are written before are in its list.
    [[nodiscard]] StudioState& state()
    {
        if (!m_state)
            m_state = std::make_unique<StudioState>(m_settings);
        return *m_state;
    }
    [[nodiscard]] Settings& settings() { return m_settings; }
    [[nodiscard]] Language& language() { return m_language; }
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] std::filesystem::path file(const std::string& name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    [[nodiscard]] std::filesystem::path runFolder(const std::string& name) const
    {
        return file("workspace") / "runs" / name;
    }
    /// Writes a file and gives its path.
    QString write(const QString& name, const QByteArray& bytes)
    {
        QFile written(path(name));
        if (!written.open(QIODevice::WriteOnly) || written.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(written.fileName()));
        return written.fileName();
    }
    /// The state as the next start of the program finds it.
    void restart() { m_state.reset(); }

private:
    Language m_language;
    QTemporaryDir m_folder;
    Settings m_settings;
    std::unique_ptr<StudioState> m_state;
};

template <typename Widget>
Widget* child(const QObject& parent, const char* name)
{
    auto* found = parent.findChild<Widget*>(QString::fromLatin1(name));
    if (!found)
        qFatal("no widget is called %s", name);
    return found;
}

/// Lets go of files over a widget.
inline void drop(QWidget* target, const QStringList& files)
{
    QMimeData mime;
    QList<QUrl> urls;
    for (const auto& file : files)
        urls.append(QUrl::fromLocalFile(file));
    mime.setUrls(urls);
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(target, &enter);
    QDropEvent event({10, 10}, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(target, &event);
}

/// Every warning fails a test but the one that the offscreen platform gives for each window.
inline void failOnWarnings()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints)")));
}

/// Makes the choice that a person makes in a combo box.
inline void choose(QComboBox* box, const QString& data)
{
    const int index = box->findData(data);
    if (index < 0)
        qFatal("%s has no entry for %s", qPrintable(box->objectName()), qPrintable(data));
    box->setCurrentIndex(index);
    Q_EMIT box->activated(index);
}

} // namespace studio
