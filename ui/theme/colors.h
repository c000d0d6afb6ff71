// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QPalette>

class QWidget;

namespace studio {

/// The one palette of the program, by name (contrast of all text pairs ≥ 4.5 : 1).
struct ThemeColors {
    QColor window, surface, border, text, muted, accent, onAccent, good, warning, bad;
    QColor train, validation, third; ///< train is always the first series, validation always the second
    bool dark = false;
};

[[nodiscard]] const ThemeColors& lightColors();
[[nodiscard]] const ThemeColors& darkColors();
/// The table that a palette belongs to; for a widget, the one in use.
[[nodiscard]] const ThemeColors& themeColors(const QPalette& palette);
[[nodiscard]] const ThemeColors& themeColors(const QWidget* widget);
[[nodiscard]] QPalette themePalette(const ThemeColors& colors);
/// `over` laid on `under` with this opacity, as an opaque colour.
[[nodiscard]] QColor blended(const QColor& over, const QColor& under, double opacity);

} // namespace studio
