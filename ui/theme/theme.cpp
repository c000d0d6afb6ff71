// SPDX-License-Identifier: MIT
#include "ui/theme/theme.h"

#include "ui/theme/colors.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFile>
#include <QFont>
#include <QPixmapCache>
#include <QStyleFactory>

namespace studio {

namespace {

const auto portalService = QStringLiteral("org.freedesktop.portal.Desktop");
const auto portalPath = QStringLiteral("/org/freedesktop/portal/desktop");
const auto portalInterface = QStringLiteral("org.freedesktop.portal.Settings");
const auto appearanceGroup = QStringLiteral("org.freedesktop.appearance");
const auto schemeKey = QStringLiteral("color-scheme");

QString styleSheet(const ThemeColors& colors)
{
    QFile file(QStringLiteral(":/theme/studio.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    auto text = QString::fromUtf8(file.readAll());
    const std::pair<const char*, QColor> names[] = {
        {"@window", colors.window},
        {"@surface", colors.surface},
        {"@border", colors.border},
        {"@text", colors.text},
        {"@muted", colors.muted},
        {"@onAccent", colors.onAccent},
        {"@accentSoft", blended(colors.accent, colors.surface, colors.dark ? 0.22 : 0.10)},
        {"@accentHover", blended(colors.accent, colors.dark ? Qt::white : Qt::black, 0.88)},
        {"@accent", colors.accent},
        {"@good", colors.good},
        {"@warningSoft", blended(colors.warning, colors.surface, 0.12)},
        {"@warning", colors.warning},
        {"@badSoft", blended(colors.bad, colors.surface, 0.10)},
        {"@bad", colors.bad},
        {"@hover", blended(colors.text, colors.surface, 0.06)},
        {"@pressed", blended(colors.text, colors.surface, 0.12)},
        {"@control", blended(colors.text, colors.border, colors.dark ? 0.16 : 0.12)},
        {"@disabled", blended(colors.muted, colors.surface, 0.65)},
    };
    for (const auto& [name, color] : names)
        text.replace(QLatin1String(name), color.name());
    return text.replace(QLatin1String("@scheme"), QLatin1String(colors.dark ? "dark" : "light"));
}

} // namespace

QString themeModeName(ThemeMode mode)
{
    switch (mode) {
    case ThemeMode::Light:
        return QStringLiteral("light");
    case ThemeMode::Dark:
        return QStringLiteral("dark");
    case ThemeMode::System:
        break;
    }
    return QStringLiteral("system");
}

ThemeMode themeModeFromName(const QString& name)
{
    if (name == QLatin1String("light"))
        return ThemeMode::Light;
    return name == QLatin1String("dark") ? ThemeMode::Dark : ThemeMode::System;
}

Theme::Theme(QObject* parent)
    : QObject(parent)
    , m_systemDark(QApplication::palette().color(QPalette::Window).lightness() < 128)
{
}

void Theme::setMode(ThemeMode mode)
{
    m_mode = mode;
    if (mode == ThemeMode::System)
        askPortal();
    apply();
}

void Theme::askPortal()
{
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    if (!m_listening)
        m_listening
            = bus.connect(portalService, portalPath, portalInterface, QStringLiteral("SettingChanged"), this,
                SLOT(portalSettingChanged(QString, QString, QDBusVariant)));
    auto message
        = QDBusMessage::createMethodCall(portalService, portalPath, portalInterface, QStringLiteral("Read"));
    message << appearanceGroup << schemeKey;
    message.setAutoStartService(false);
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(message, 2000), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isError())
            return; // no portal: the palette found at start decides
        portalSettingChanged(appearanceGroup, schemeKey, reply.value());
    });
}

void Theme::portalSettingChanged(const QString& group, const QString& key, const QDBusVariant& value)
{
    if (group != appearanceGroup || key != schemeKey)
        return;
    auto content = value.variant();
    while (content.canConvert<QDBusVariant>()) // Read wraps the value twice
        content = content.value<QDBusVariant>().variant();
    m_systemDark = content.toUInt() == 1;
    apply();
}

void Theme::apply()
{
    const bool dark = m_mode == ThemeMode::Dark || (m_mode == ThemeMode::System && m_systemDark);
    if (m_applied && dark == m_dark)
        return;
    if (!m_applied) {
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        auto font = QApplication::font();
        font.setPointSizeF(10);
        QApplication::setFont(font);
    }
    m_applied = true;
    m_dark = dark;
    const auto& colors = dark ? darkColors() : lightColors();
    QApplication::setPalette(themePalette(colors));
    qApp->setStyleSheet(styleSheet(colors));
}

} // namespace studio
