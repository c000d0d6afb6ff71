// SPDX-License-Identifier: MIT
#include "app/training_report.h"

#include "app/text_layout.h"
#include "core/base/concat.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace studio::app {
namespace {

constexpr size_t largestShownMatrix = 20; ///< labels

std::string stateTitle(const std::string& state)
{
    static const std::pair<std::string, std::string> titles[] = {{"tokenizing", "Tokenising"},
        {"reading", "Reading"}, {"evaluating", "Evaluating"}, {"saving", "Saving"}};
    for (const auto& [name, title] : titles) {
        if (name == state)
            return title;
    }
    auto title = state;
    if (!title.empty() && title[0] >= 'a' && title[0] <= 'z')
        title[0] = static_cast<char>(title[0] - 'a' + 'A');
    return title;
}

using NamedValue = std::pair<std::string, std::optional<double>>;

std::vector<NamedValue> namedValues(const MetricReport& report)
{
    if (report.problemType == ProblemType::Regression)
        return {{"loss", report.loss}, {"mean squared error", report.mse},
            {"mean absolute error", report.mae}, {"R²", report.r2}, {"Pearson", report.pearson},
            {"Spearman", report.spearman}};
    const bool single = report.problemType != ProblemType::MultiLabel;
    std::vector<NamedValue> values = {{"loss", report.loss}};
    if (report.nll && report.nll != report.loss)
        values.push_back({"negative log-likelihood", report.nll});
    values.push_back({single ? "accuracy" : "accuracy (all labels right)", report.accuracy});
    values.push_back({"precision (macro)", report.precision});
    values.push_back({"recall (macro)", report.recall});
    values.push_back({"F1 (macro)", report.f1});
    values.push_back({"F1 (weighted)", report.f1Weighted});
    values.push_back({"F1 (micro)", report.f1Micro});
    if (report.f1Binary)
        values.push_back(
            {concat("F1 (of '", report.labels.size() > 1 ? report.labels[1] : "1", "')"), report.f1Binary});
    if (single)
        values.push_back({"Matthews correlation", report.mcc});
    values.push_back({"area under ROC", report.auc});
    return values;
}

std::string valueText(const std::optional<double>& value)
{
    return value ? fixedText(*value, 4) : "undefined";
}

std::string classTable(const MetricReport& report)
{
    std::vector<std::vector<std::string>> rows = {{"class", "precision", "recall", "F1", "rows"}};
    for (const auto& entry : report.perClass)
        rows.push_back({elided(entry.label, 40), fixedText(entry.precision, 4), fixedText(entry.recall, 4),
            fixedText(entry.f1, 4), countText(entry.support)});
    return tableText(rows);
}

std::string confusionTable(const MetricReport& report)
{
    std::vector<std::vector<std::string>> rows;
    if (report.problemType == ProblemType::MultiLabel) {
        rows.push_back({"label", "true negatives", "false positives", "false negatives", "true positives"});
    } else {
        rows.push_back({"true \\ predicted"});
        for (const auto& label : report.labels)
            rows.front().push_back(elided(label, 16));
    }
    for (size_t i = 0; i < report.confusionMatrix.size(); ++i) {
        std::vector<std::string> row
            = {i < report.labels.size() ? elided(report.labels[i], 40) : numberText(i)};
        for (const auto count : report.confusionMatrix[i])
            row.push_back(countText(count));
        rows.push_back(std::move(row));
    }
    return tableText(rows);
}

} // namespace

std::string metricsLine(const MetricReport& report)
{
    std::string out = "loss " + valueText(report.loss);
    const auto add = [&out](std::string_view name, const std::optional<double>& value) {
        if (value)
            out += concat(" · ", name, " ", fixedText(*value, 4));
    };
    add("accuracy", report.accuracy);
    add("F1", report.f1);
    add("Pearson", report.pearson);
    add("Spearman", report.spearman);
    return out;
}

std::string metricsText(const MetricReport& report)
{
    std::vector<std::vector<std::string>> rows = {{"measure", "value"}};
    for (const auto& [name, value] : namedValues(report))
        rows.push_back({name, valueText(value)});
    rows.push_back({"rows", countText(report.samples)});
    auto out = tableText(rows);
    if (!report.perClass.empty())
        out += "\n" + classTable(report);
    if (!report.confusionMatrix.empty() && report.confusionMatrix.size() <= largestShownMatrix)
        out += "\n" + confusionTable(report);
    return out;
}

void TrainingReport::show(const TrainEvent& event)
{
    if (const auto* evaluation = std::get_if<EvaluateEvent>(&event)) {
        const bool test = evaluation->part == "test";
        (test ? m_test : m_validation) = evaluation->metrics;
        (test ? m_hasTest : m_hasValidation) = true;
    }
    // The progress of tokenising and evaluating would drown the objects.
    if (m_console.json && !std::holds_alternative<StateEvent>(event))
        m_console.object(toJson(event));
    std::visit([this](const auto& one) { text(one); }, event);
}

const MetricReport* TrainingReport::last(const std::string& part) const
{
    if (part == "test")
        return m_hasTest ? &m_test : nullptr;
    return m_hasValidation ? &m_validation : nullptr;
}

void TrainingReport::text(const StartEvent& event)
{
    m_totalSteps = event.totalSteps;
    if (m_console.json)
        return;
    std::string parts = counted(event.trainRows, "row", "rows") + " to train on";
    if (event.validationRows > 0)
        parts += concat(", ", countText(event.validationRows), " for validation");
    if (event.testRows > 0)
        parts += concat(", ", countText(event.testRows), " for test");
    m_console.print(concat(parts, ".\n", counted(event.parameterCount, "parameter", "parameters"), ", ",
        countText(event.trainableCount), " of them trained; ", counted(event.totalSteps, "step", "steps"),
        " in ", numberText(event.epochs), event.epochs == 1 ? " epoch" : " epochs", ".\nDevice ",
        event.device, ", ", event.precisionReason.empty() ? event.precision : event.precisionReason, "\n"));
}

void TrainingReport::text(const StepEvent& event)
{
    std::string details = concat("epoch ", fixedText(event.epoch, 2));
    if (event.loss)
        details += " · loss " + fixedText(*event.loss, 4);
    details += concat(" · ", fixedText(event.samplesPerSecond, 1), " samples/s");
    m_console.progress({"Training", "steps", event.step, m_totalSteps, details});
}

void TrainingReport::text(const EvaluateEvent& event)
{
    if (m_console.json)
        return;
    m_console.print(concat(event.part == "test" ? "Test" : "Validation", " after step ",
        countText(event.step), " (epoch ", fixedText(event.epoch, 2), "): ", metricsLine(event.metrics),
        event.best ? " · best so far" : "", "\n"));
}

void TrainingReport::text(const CheckpointEvent& event)
{
    if (!m_console.json)
        m_console.print(concat("Checkpoint saved: ", event.path, "\n"));
}

void TrainingReport::text(const WarningEvent& event)
{
    m_console.warn(event.message);
}

void TrainingReport::text(const ResumeEvent& event)
{
    if (!m_console.json)
        m_console.print(concat("Continuing after step ", countText(event.step), ".\n"));
}

void TrainingReport::text(const SkipEvent& event)
{
    m_console.warn(
        concat("Step ", countText(event.step), " was skipped: its ", event.reason, " is no finite number (",
            event.rows.size() == 1 ? "row " : "rows ", listText(event.rows), " of the training file)."));
}

void TrainingReport::text(const ChangeEvent& event)
{
    m_totalSteps = event.totalSteps;
    m_console.note(concat("After step ", countText(event.step), ": ", event.name, " is ",
        jsonLine(event.after), " now and was ", jsonLine(event.before), "."));
}

void TrainingReport::text(const StateEvent& event)
{
    if (event.total > 0)
        m_console.progress({stateTitle(event.state), "rows", event.done, event.total, {}});
    else if (event.state == "resumed")
        m_console.note("The run goes on.");
}

void TrainingReport::text(const ProfileEvent& event)
{
    m_console.endProgress();
    if (m_console.json)
        return;
    std::vector<std::vector<std::string>> rows = {{"phase", "times", "seconds", "share"}};
    for (const auto& phase : event.phases) {
        const auto share = event.seconds > 0 ? phase.seconds / event.seconds : 0;
        rows.push_back({phase.name, countText(phase.count), fixedText(phase.seconds, 3),
            fixedText(share * 100, 1) + " %"});
    }
    m_console.print(concat("\nWhere ", fixedText(event.seconds, 1), " s went:\n", tableText(rows),
        "Trace for chrome://tracing or Perfetto: ", event.traceFile, "\n\n"));
}

void TrainingReport::text(const EndEvent& event)
{
    m_console.endProgress();
    if (m_console.json)
        return;
    if (event.outcome == "completed") {
        if (!event.message.empty())
            m_console.print(event.message + "\n");
        std::string best;
        if (event.bestMetric && event.bestStep)
            best = concat(" Best value ", fixedText(*event.bestMetric, 4), " after step ",
                countText(*event.bestStep), ".");
        m_console.print(concat(
            "Done after ", countText(event.step), " steps.", best, "\nModel: ", event.outputDir, "\n"));
    }
}

} // namespace studio::app
