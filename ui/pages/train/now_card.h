// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"

#include <array>

#include <QElapsedTimer>
#include <QTimer>

namespace studio {

/// Figures of the run as it stands: step, epoch, elapsed, time left, pace, memory, rate, best value.
class NowCard : public Card {
    Q_OBJECT
public:
    explicit NowCard(StudioState& state, QWidget* parent = nullptr);
    void retranslate();

private:
    enum Row {
        Step,
        Epoch,
        Elapsed,
        Left,
        Samples,
        Tokens,
        Memory,
        Rate,
        Loss,
        Validation,
        Best,
        Skipped,
        RowCount
    };
    struct Figures {
        Figures() { texts.fill(QStringLiteral("–")); }
        std::array<QString, RowCount> texts, tips;
    };
    void show();
    void showElapsed();
    [[nodiscard]] Figures figures(const LiveRun& run) const;
    [[nodiscard]] QString activity(const LiveRun& run) const; ///< what it does beside training

    StudioState& m_state;
    QLabel* m_activity;
    QList<QLabel*> m_names, m_values;
    QTimer m_second;
    QElapsedTimer m_sinceEvent;
};

/// The metric that a run chooses its best model by, as text: "91.2 %" for shares, else the number.
[[nodiscard]] QString metricText(const std::string& metric, std::optional<double> value);
/// Value of a report under a metric's name ("eval_accuracy").
[[nodiscard]] std::optional<double> metricValue(const MetricReport& report, const std::string& metric);

} // namespace studio
