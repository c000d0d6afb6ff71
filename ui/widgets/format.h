// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <QLocale>
#include <QString>

namespace studio {

/// Numbers for people, by the locale of the window; "–" where there is none. Exact values belong in tooltips.
[[nodiscard]] QString countText(int64_t value); ///< 12,345
[[nodiscard]] QString significantText(std::optional<double> value, int digits = 3); ///< 0.0432, 1.23e-5
[[nodiscard]] QString percentText(std::optional<double> share, int decimals = 1); ///< 0.912 → 91.2 %
[[nodiscard]] QString bytesText(int64_t bytes); ///< 1.9 GB
[[nodiscard]] QString durationText(double seconds); ///< 1:12, 2:03:44
/// About how long, in words: "about 3 min".
[[nodiscard]] QString roughDurationText(double seconds);
[[nodiscard]] QString exactText(std::optional<double> value); ///< shortest text that reads back equal
[[nodiscard]] QString rowsText(const std::vector<int64_t>& rows); ///< 3, 17, 30 …: at most twenty of them
[[nodiscard]] QString parametersText(int64_t count); ///< 22.7 M
/// A person's text as a tooltip: its beginning as it stands, in lines that wrap.
[[nodiscard]] QString toolTipText(const QString& text);
/// Text from core: UTF-8.
[[nodiscard]] inline QString fromCore(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace studio
