// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace studio {

/// Which colour of the theme an icon takes; it follows a change of theme by itself.
enum class IconTint { Text, Muted, Accent, OnAccent, Good, Warning, Bad };

/// A drawn icon ("play", "model", …: resources/icons), tinted by the theme when painted; kept in a cache.
[[nodiscard]] QIcon themedIcon(const QString& name, IconTint tint = IconTint::Text);
/// The same as a pixmap in a fixed colour.
[[nodiscard]] QPixmap tintedPixmap(const QString& name, int size, const QColor& color, qreal scale = 1);
/// The program's own icon, in its colours.
[[nodiscard]] QIcon applicationIcon();

} // namespace studio
