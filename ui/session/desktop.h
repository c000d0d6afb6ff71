// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <QDBusUnixFileDescriptor>
#include <QObject>
#include <QString>

namespace studio {

/// Services of the desktop over D-Bus: a notification, and keeping the machine awake. Quietly absent where
/// nothing answers; never blocks.
class Desktop : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    ~Desktop() override;
    void notify(const QString& title, const QString& text);
    /// Holds (or lets go) an inhibitor against sleep: logind's, else the session's screen saver service.
    void keepAwake(bool awake, const QString& reason);
    [[nodiscard]] bool isKeptAwake() const { return m_awake; }

private:
    void askScreenSaver(const QString& reason);

    bool m_awake = false; ///< wanted
    QDBusUnixFileDescriptor m_lock; ///< logind: open while held
    std::optional<uint> m_cookie; ///< screen saver service
};

} // namespace studio
