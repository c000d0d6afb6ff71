// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/metrics.h"

#include <optional>

#include <QWidget>

namespace studio {

/// Headline numbers of validation and test side by side; the exact value is the tooltip.
class MetricCards : public QWidget {
    Q_OBJECT
public:
    explicit MetricCards(QWidget* parent = nullptr);
    void setReports(std::optional<MetricReport> validation, std::optional<MetricReport> test);
    void retranslate();

private:
    struct Figure;
    void rebuild();
    std::optional<MetricReport> m_validation, m_test;
};

} // namespace studio
