// SPDX-License-Identifier: MIT
#include "ui/widgets/format.h"

#include "core/base/concat.h"

#include <cmath>

#include <QCoreApplication>

namespace studio {

namespace {

struct Format {
    Q_DECLARE_TR_FUNCTIONS(studio::Format)
};

const QString none = QStringLiteral("–");

} // namespace

QString countText(int64_t value)
{
    return QLocale().toString(static_cast<qlonglong>(value));
}

QString significantText(std::optional<double> value, int digits)
{
    if (!value || !std::isfinite(*value))
        return none;
    if (*value == 0)
        return QLocale().toString(0);
    const auto magnitude = static_cast<int>(std::floor(std::log10(std::abs(*value))));
    if (magnitude < -3 || magnitude > 6)
        return QLocale()
            .toString(*value, 'e', digits - 1)
            .replace(QLatin1Char('E'), QLatin1Char('e'))
            .replace(QLatin1String("e-0"), QLatin1String("e-"))
            .replace(QLatin1String("e+0"), QLatin1String("e+"));
    return QLocale().toString(*value, 'f', qMax(0, digits - 1 - magnitude));
}

QString percentText(std::optional<double> share, int decimals)
{
    if (!share || !std::isfinite(*share))
        return none;
    //: a share as per cent, for example 91.2 %
    return Format::tr("%1 %").arg(QLocale().toString(*share * 100, 'f', decimals));
}

QString bytesText(int64_t bytes)
{
    return QLocale().formattedDataSize(bytes, bytes < 1'000'000'000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString durationText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return none;
    const auto whole = static_cast<qint64>(seconds + 0.5);
    const auto two = [](qint64 value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    if (whole < 3600)
        return QStringLiteral("%1:%2").arg(whole / 60).arg(two(whole % 60));
    return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(two(whole / 60 % 60), two(whole % 60));
}

QString roughDurationText(double seconds)
{
    if (seconds < 90)
        return Format::tr(
            "about %n seconds", nullptr, qMax(1, static_cast<int>(std::lround(seconds / 5) * 5)));
    if (seconds < 90 * 60)
        return Format::tr("about %n minutes", nullptr, static_cast<int>(std::lround(seconds / 60)));
    return Format::tr("about %1 hours").arg(QLocale().toString(seconds / 3600, 'f', 1));
}

QString exactText(std::optional<double> value)
{
    return value && std::isfinite(*value) ? QString::fromStdString(numberText(*value)) : none;
}

QString rowsText(const std::vector<int64_t>& rows)
{
    constexpr size_t most = 20;
    QStringList numbers;
    for (size_t i = 0; i < rows.size() && i < most; ++i)
        numbers.append(countText(rows[i]));
    if (rows.size() > most)
        numbers.append(QStringLiteral("…"));
    return numbers.join(QStringLiteral(", "));
}

QString parametersText(int64_t count)
{
    if (count < 1'000'000)
        return countText(count);
    const bool billions = count >= 1'000'000'000;
    const auto value = static_cast<double>(count) / (billions ? 1e9 : 1e6);
    const auto text = QLocale().toString(value, 'f', value < 100 ? 1 : 0);
    //: number of parameters in billions / in millions
    return billions ? Format::tr("%1 B").arg(text) : Format::tr("%1 M").arg(text);
}

QString toolTipText(const QString& text)
{
    // As plain text its lines would not wrap, and what looks like HTML would be read as such.
    return text.isEmpty()
        ? QString()
        : QStringLiteral("<p style='white-space: pre-wrap'>%1</p>").arg(text.left(2000).toHtmlEscaped());
}

} // namespace studio
