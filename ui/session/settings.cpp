// SPDX-License-Identifier: MIT
#include "ui/session/settings.h"

#include "core/base/file.h"

#include <QCoreApplication>
#include <QDir>
#include <QMetaType>
#include <QStandardPaths>

namespace studio {

namespace {

struct Row {
    Setting setting;
    const char* key;
    QMetaType::Type type;
    QVariant fallback;
};

const std::vector<Row>& table()
{
    using T = QMetaType::Type;
    static const std::vector<Row> rows{
        {Setting::Language, "window/language", T::QString, QStringLiteral("system")},
        {Setting::ThemeMode, "window/theme", T::QString, QStringLiteral("system")},
        {Setting::Workspace, "workspace/folder", T::QString, QString()},
        {Setting::DefaultDevice, "machine/device", T::QString, QStringLiteral("auto")},
        {Setting::DefaultThreads, "machine/threads", T::Int, 0},
        {Setting::ModelFolders, "models/folders", T::QStringList, QStringList()},
        {Setting::ExtraModelRoots, "models/roots", T::QStringList, QStringList()},
        {Setting::RecentFiles, "data/recent", T::QStringList, QStringList()},
        {Setting::RecentModels, "models/recent", T::QStringList, QStringList()},
        {Setting::ConfirmClose, "confirm/close", T::Bool, true},
        {Setting::ConfirmDelete, "confirm/delete", T::Bool, true},
        {Setting::NotifyAtEnd, "machine/notify", T::Bool, true},
        {Setting::KeepAwake, "machine/keep_awake", T::Bool, true},
        {Setting::Geometry, "window/geometry", T::QByteArray, QByteArray()},
        {Setting::CurrentPage, "window/page", T::QString, QStringLiteral("train")},
        {Setting::Job, "job/arguments", T::QString, QString()},
        {Setting::Preset, "job/preset", T::QString, QStringLiteral("balanced")},
        {Setting::Smoothing, "train/smoothing", T::Double, 0.9},
        {Setting::LogScale, "train/log_scale", T::Bool, false},
        {Setting::TryHistory, "try/history", T::QStringList, QStringList()},
        {Setting::TryModel, "try/model", T::QString, QString()},
        {Setting::TrySecondModel, "try/second_model", T::QString, QString()},
        {Setting::ShowAdvanced, "train/advanced", T::Bool, false},
        {Setting::LastFolder, "window/last_folder", T::QString, QString()},
        {Setting::LastCrashReport, "window/last_crash_report", T::QString, QString()},
        {Setting::MeasuredSpeeds, "machine/speeds", T::QStringList, QStringList()},
    };
    return rows;
}

const Row& rowOf(Setting setting)
{
    const auto& row = table().at(static_cast<size_t>(setting));
    Q_ASSERT(row.setting == setting);
    return row;
}

QString settingsFile(const QString& file)
{
    if (!file.isEmpty())
        return file;
    const auto folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return folder + QStringLiteral("/finetune-studio/studio.ini");
}

} // namespace

Settings::Settings(const QString& file, QObject* parent)
    : QObject(parent)
    , m_store(settingsFile(file), QSettings::IniFormat)
{
}

QString Settings::key(Setting setting)
{
    return QString::fromLatin1(rowOf(setting).key);
}

QVariant Settings::defaultValue(Setting setting)
{
    return rowOf(setting).fallback;
}

QVariant Settings::value(Setting setting) const
{
    const auto& row = rowOf(setting);
    auto value = m_store.value(key(setting), row.fallback);
    // What was edited by hand into something else falls back to the default.
    return value.convert(QMetaType(row.type)) ? value : row.fallback;
}

void Settings::setValue(Setting setting, const QVariant& newValue)
{
    const auto& row = rowOf(setting);
    auto typed = newValue;
    const bool fits = typed.convert(QMetaType(row.type));
    Q_ASSERT_X(fits, "Settings::setValue", row.key);
    if (!fits || value(setting) == typed)
        return;
    m_store.setValue(key(setting), typed);
    Q_EMIT changed(setting);
}

QByteArray Settings::viewState(const QString& name) const
{
    return m_store.value(QStringLiteral("view/") + name).toByteArray();
}

void Settings::setViewState(const QString& name, const QByteArray& state)
{
    m_store.setValue(QStringLiteral("view/") + name, state);
}

void Settings::remember(Setting setting, const QString& entry, int limit)
{
    auto entries = list(setting);
    entries.removeAll(entry);
    entries.prepend(entry);
    setValue(setting, entries.mid(0, limit));
}

void Settings::reset()
{
    m_store.clear();
    for (const auto& row : table())
        Q_EMIT changed(row.setting);
}

std::filesystem::path Settings::workspaceFolder() const
{
    // --workspace holds until the program ends and is not stored.
    const auto* program = QCoreApplication::instance();
    const auto given = program ? program->property("workspace").toString() : QString();
    const auto chosen = given.isEmpty() ? text(Setting::Workspace) : given;
    return chosen.isEmpty() ? dataHome()
                            : std::filesystem::path(QDir::toNativeSeparators(chosen).toStdString());
}

} // namespace studio
