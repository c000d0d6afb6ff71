// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include <QObject>
#include <QSettings>
#include <QString>
#include <QVariant>

namespace studio {

/// Every setting of the window. Name, type and default of each stand in one table (settings.cpp).
enum class Setting {
    Language, ///< "system", "en", "zh_CN"
    ThemeMode, ///< "system", "light", "dark"
    Workspace, ///< folder; empty: the platform's data folder
    DefaultDevice, ///< "auto", "cpu", "cuda:N"
    DefaultThreads, ///< 0: all physical cores
    ModelFolders, ///< QStringList: model folders added on the Model page
    ExtraModelRoots, ///< QStringList: folders searched for checkpoints
    RecentFiles, ///< QStringList: data files, newest first
    RecentModels, ///< QStringList: model folders, newest first
    ConfirmClose, ///< ask before closing while training
    ConfirmDelete, ///< ask before a run goes to the wastebasket
    NotifyAtEnd,
    KeepAwake,
    Geometry,
    CurrentPage, ///< name of the page
    Job, ///< the job as JSON text
    Preset,
    Smoothing, ///< of the loss curve, 0…0.99
    LogScale,
    TryHistory, ///< QStringList
    TryModel,
    TrySecondModel,
    ShowAdvanced,
    LastFolder, ///< where a file dialog was used last
    LastCrashReport, ///< name of the newest one that was offered
    MeasuredSpeeds, ///< QStringList: what runs have reached; see ui/session/measured_speed.h
};

/// Typed access to the stored settings; GUI thread.
class Settings : public QObject {
    Q_OBJECT
public:
    /// `file` empty: the user's configuration folder ($XDG_CONFIG_HOME/finetune-studio/studio.ini).
    explicit Settings(const QString& file = {}, QObject* parent = nullptr);

    [[nodiscard]] static QString key(Setting setting);
    [[nodiscard]] static QVariant defaultValue(Setting setting);
    [[nodiscard]] QVariant value(Setting setting) const;
    [[nodiscard]] QString text(Setting setting) const { return value(setting).toString(); }
    [[nodiscard]] bool flag(Setting setting) const { return value(setting).toBool(); }
    [[nodiscard]] QStringList list(Setting setting) const { return value(setting).toStringList(); }
    /// Stores at once; says changed() when the value differs. A wrong type is a fault of the program.
    void setValue(Setting setting, const QVariant& value);
    /// A page's own state (splitter sizes, header state, …), kept under "view/NAME".
    [[nodiscard]] QByteArray viewState(const QString& name) const;
    void setViewState(const QString& name, const QByteArray& state);
    /// Puts `entry` first in a list setting, at most `limit` entries, no doubles.
    void remember(Setting setting, const QString& entry, int limit = 10);
    /// Everything back to its default (the job and the geometry too).
    void reset();
    [[nodiscard]] std::filesystem::path workspaceFolder() const;

Q_SIGNALS:
    void changed(studio::Setting setting);

private:
    QSettings m_store;
};

} // namespace studio
