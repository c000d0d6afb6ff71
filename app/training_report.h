// SPDX-License-Identifier: MIT
#pragma once

#include "app/console.h"
#include "core/train/events.h"

#include <string>

namespace studio::app {

/// Shows the events of a run: objects under --json; else a bar, evaluations as lines, and the end.
class TrainingReport {
public:
    explicit TrainingReport(Console& console)
        : m_console(console)
    {
    }
    void show(const TrainEvent& event);
    /// The measures of the last evaluation of a part ("validation", "test"); nullptr when there was none.
    [[nodiscard]] const MetricReport* last(const std::string& part) const;

private:
    void text(const StartEvent& event);
    void text(const StepEvent& event);
    void text(const EvaluateEvent& event);
    void text(const CheckpointEvent& event);
    void text(const WarningEvent& event);
    void text(const ResumeEvent& event);
    void text(const SkipEvent& event);
    void text(const ChangeEvent& event);
    void text(const StateEvent& event);
    void text(const ProfileEvent& event);
    void text(const EndEvent& event);

    Console& m_console;
    int64_t m_totalSteps = 0;
    MetricReport m_validation, m_test;
    bool m_hasValidation = false, m_hasTest = false;
};

/// The measures of a report as a table for people: totals, per-class table, confusion matrix.
[[nodiscard]] std::string metricsText(const MetricReport& report);
/// The few that matter in one line: "loss 0.3102 · accuracy 0.8853 · F1 0.8851".
[[nodiscard]] std::string metricsLine(const MetricReport& report);

} // namespace studio::app
