// SPDX-License-Identifier: MIT
#include "ui/session/desktop.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QVariantMap>

namespace studio {

namespace {

const auto applicationName = QStringLiteral("FineTune Studio");

QDBusMessage screenSaverCall(const QString& method)
{
    return QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.ScreenSaver"),
        QStringLiteral("/org/freedesktop/ScreenSaver"), QStringLiteral("org.freedesktop.ScreenSaver"),
        method);
}

} // namespace

Desktop::~Desktop()
{
    keepAwake(false, {});
}

void Desktop::notify(const QString& title, const QString& text)
{
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    auto message = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.Notifications"),
        QStringLiteral("/org/freedesktop/Notifications"), QStringLiteral("org.freedesktop.Notifications"),
        QStringLiteral("Notify"));
    message << applicationName << 0U << QStringLiteral("finetune-studio") << title << text << QStringList()
            << QVariantMap() << -1;
    bus.asyncCall(message, 3000);
}

void Desktop::keepAwake(bool awake, const QString& reason)
{
    if (awake == m_awake)
        return;
    m_awake = awake;
    if (!awake) {
        m_lock = {}; // closing the descriptor releases logind's lock
        if (m_cookie) {
            auto release = screenSaverCall(QStringLiteral("UnInhibit"));
            release << *m_cookie;
            QDBusConnection::sessionBus().asyncCall(release, 3000);
            m_cookie.reset();
        }
        return;
    }
    auto bus = QDBusConnection::systemBus();
    if (!bus.isConnected()) {
        askScreenSaver(reason);
        return;
    }
    auto message = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.login1"),
        QStringLiteral("/org/freedesktop/login1"), QStringLiteral("org.freedesktop.login1.Manager"),
        QStringLiteral("Inhibit"));
    message << QStringLiteral("sleep:idle") << applicationName << reason << QStringLiteral("block");
    message.setInteractiveAuthorizationAllowed(false);
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(message, 3000), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, reason] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *watcher;
        if (!m_awake)
            return;
        if (reply.isError())
            askScreenSaver(reason);
        else
            m_lock = reply.value();
    });
}

void Desktop::askScreenSaver(const QString& reason)
{
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    auto message = screenSaverCall(QStringLiteral("Inhibit"));
    message << applicationName << reason;
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(message, 3000), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<uint> reply = *watcher;
        if (!reply.isError() && m_awake)
            m_cookie = reply.value();
    });
}

} // namespace studio
