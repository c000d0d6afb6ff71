// SPDX-License-Identifier: MIT
#include "ui/theme/colors.h"

#include <QApplication>
#include <QWidget>

namespace studio {

const ThemeColors& lightColors()
{
    static const ThemeColors colors{0xF6F7F9, 0xFFFFFF, 0xE1E4E9, 0x1B1F24, 0x5B6470, 0x2563D9, 0xFFFFFF,
        0x1A7F4B, 0x8A5A00, 0xB4233F, 0x0072B2, 0xC24E00, 0x00805E, false};
    return colors;
}

const ThemeColors& darkColors()
{
    static const ThemeColors colors{0x15181D, 0x1D2127, 0x2C323B, 0xE6E9EE, 0x9AA4B2, 0x7AA8FF, 0x10141A,
        0x4CC38A, 0xE3B341, 0xFF7A8E, 0x56B4E9, 0xF0883E, 0x2FBF9A, true};
    return colors;
}

const ThemeColors& themeColors(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? darkColors() : lightColors();
}

const ThemeColors& themeColors(const QWidget*)
{
    // Not the widget's own palette: a style sheet with a transparent ground leaves black in it.
    return themeColors(QApplication::palette());
}

QPalette themePalette(const ThemeColors& colors)
{
    QPalette palette;
    palette.setColor(QPalette::Window, colors.window);
    palette.setColor(QPalette::WindowText, colors.text);
    palette.setColor(QPalette::Base, colors.surface);
    palette.setColor(QPalette::AlternateBase, blended(colors.window, colors.surface, 0.6));
    palette.setColor(QPalette::ToolTipBase, colors.surface);
    palette.setColor(QPalette::ToolTipText, colors.text);
    palette.setColor(QPalette::PlaceholderText, colors.muted);
    palette.setColor(QPalette::Text, colors.text);
    palette.setColor(QPalette::Button, colors.surface);
    palette.setColor(QPalette::ButtonText, colors.text);
    palette.setColor(QPalette::BrightText, colors.bad);
    palette.setColor(QPalette::Light, blended(colors.text, colors.surface, colors.dark ? 0.12 : 0.0));
    palette.setColor(QPalette::Midlight, colors.border);
    palette.setColor(QPalette::Mid, blended(colors.text, colors.border, 0.2));
    palette.setColor(QPalette::Dark, blended(colors.text, colors.border, 0.35));
    palette.setColor(
        QPalette::Shadow, colors.dark ? QColor(Qt::black) : blended(colors.text, colors.border, 0.5));
    palette.setColor(QPalette::Highlight, colors.accent);
    palette.setColor(QPalette::HighlightedText, colors.onAccent);
    palette.setColor(QPalette::Link, colors.accent);
    palette.setColor(QPalette::LinkVisited, colors.accent);
    const auto disabled = blended(colors.muted, colors.surface, 0.65);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, colors.border);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, disabled);
    return palette;
}

QColor blended(const QColor& over, const QColor& under, double opacity)
{
    const auto mix
        = [opacity](float a, float b) { return static_cast<float>(a * opacity + b * (1 - opacity)); };
    return QColor::fromRgbF(
        mix(over.redF(), under.redF()), mix(over.greenF(), under.greenF()), mix(over.blueF(), under.blueF()));
}

} // namespace studio
