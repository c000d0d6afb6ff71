// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QString>

class QDBusVariant;

namespace studio {

enum class ThemeMode { System, Light, Dark };
[[nodiscard]] QString themeModeName(ThemeMode mode); ///< "system", "light", "dark"
[[nodiscard]] ThemeMode themeModeFromName(const QString& name);

/// Applies style, palette, font and style sheet to the application; follows the desktop's light or dark
/// preference in System mode (the portal's color-scheme, else the palette found at start).
class Theme : public QObject {
    Q_OBJECT
public:
    explicit Theme(QObject* parent = nullptr);
    void setMode(ThemeMode mode);
    [[nodiscard]] ThemeMode mode() const { return m_mode; }
    [[nodiscard]] bool isDark() const { return m_dark; }

private Q_SLOTS:
    void portalSettingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void askPortal();
    void apply();

    ThemeMode m_mode = ThemeMode::System;
    bool m_systemDark = false;
    bool m_dark = false;
    bool m_applied = false;
    bool m_listening = false;
};

} // namespace studio
