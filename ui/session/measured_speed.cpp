// SPDX-License-Identifier: MIT
#include "ui/session/measured_speed.h"

#include <algorithm>
#include <cmath>

namespace studio {

namespace {

constexpr int mostClasses = 40;

/// Begins the entry of a class: "cpu 12 ", with its speed behind.
QString classOf(const std::string& device, double operationsPerToken)
{
    const auto size = std::lround(std::log2(std::max(operationsPerToken, 1.0)) / 2);
    return QStringLiteral("%1 %2 ").arg(QString::fromStdString(device)).arg(size);
}

} // namespace

double measuredSpeed(const Settings& settings, const std::string& device, double operationsPerToken)
{
    const auto wanted = classOf(device, operationsPerToken);
    for (const auto& entry : settings.list(Setting::MeasuredSpeeds)) {
        if (entry.startsWith(wanted))
            return std::max(0.0, entry.mid(wanted.size()).toDouble());
    }
    return 0;
}

void rememberSpeed(Settings& settings, const std::string& device, double operationsPerToken, double speed)
{
    const auto wanted = classOf(device, operationsPerToken);
    auto entries = settings.list(Setting::MeasuredSpeeds);
    entries.removeIf([&](const QString& entry) { return entry.startsWith(wanted); });
    entries.prepend(wanted + QString::number(speed, 'g', 6));
    settings.setValue(Setting::MeasuredSpeeds, entries.mid(0, mostClasses));
}

} // namespace studio
