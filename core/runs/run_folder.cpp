// SPDX-License-Identifier: MIT
#include "core/runs/run_folder.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runs/metric_log.h"
#include "core/runs/run_lock.h"

#include <string_view>

namespace studio {

namespace fs = std::filesystem;

void takeEvaluation(RunSummary& summary, const EvaluateEvent& event)
{
    if (event.best) {
        const auto json = toJson(event.metrics);
        const auto found = json.find(summary.metricName);
        summary.bestStep = event.step;
        summary.bestMetric
            = found != json.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
    }
    summary.accuracy = event.metrics.accuracy;
    summary.f1 = event.metrics.f1;
    summary.loss = event.metrics.loss;
}

namespace {

Json readRunFile(const fs::path& folder)
{
    const auto file = folder / "run.json";
    if (!fs::exists(file))
        throw Error(
            ErrorKind::File, concat("'", pathText(folder), "' is no run folder: it has no run.json."));
    auto json = readJsonFile(file, true);
    if (!json.is_object() || !json.contains("arguments"))
        throw Error(ErrorKind::File,
            concat("'", pathText(file), "' has no 'arguments'; it is not the file of a run."));
    return json;
}

std::string textOf(const Json& json, const char* key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Calls `use(line)` for each whole line of `text`; returns the bytes that they take.
template <typename Use>
size_t forEachLine(std::string_view text, const Use& use)
{
    size_t start = 0;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', start)) {
        if (end > start)
            use(text.substr(start, end - start));
        start = end + 1;
    }
    return start;
}

/// Follows the events of a run to what a table shows of it.
class SummaryReader {
public:
    explicit SummaryReader(RunSummary& summary)
        : m_summary(summary)
    {
    }
    void operator()(const TrainEvent& event)
    {
        std::visit([this](const auto& value) { take(value); }, event);
        m_time = std::visit([](const auto& value) { return value.time; }, event);
    }
    [[nodiscard]] double seconds() const { return m_before + m_time; }
    [[nodiscard]] const std::optional<EndEvent>& end() const { return m_end; }

private:
    void take(const StartEvent& event) { m_summary.totalSteps = event.totalSteps; }
    void take(const StepEvent& event)
    {
        m_summary.step = event.step;
        m_end.reset();
    }
    void take(const EvaluateEvent& event)
    {
        if (event.part != "validation" || (m_hasBest && !event.best))
            return;
        m_hasBest = m_hasBest || event.best;
        takeEvaluation(m_summary, event);
    }
    void take(const ResumeEvent& event)
    {
        m_before += m_time;
        m_time = 0;
        m_summary.step = event.step;
        m_end.reset();
    }
    void take(const EndEvent& event)
    {
        m_summary.step = event.step;
        m_end = event;
    }
    void take(const CheckpointEvent&) { }
    void take(const WarningEvent&) { }
    void take(const SkipEvent&) { }
    void take(const ChangeEvent& event) { m_summary.totalSteps = event.totalSteps; }
    void take(const StateEvent&) { }
    void take(const ProfileEvent&) { }

    RunSummary& m_summary;
    double m_before = 0, m_time = 0;
    bool m_hasBest = false;
    std::optional<EndEvent> m_end;
};

RunState stateOf(const fs::path& folder, const std::optional<EndEvent>& end)
{
    if (runLockHolder(folder))
        return RunState::Running;
    if (!end)
        return RunState::Interrupted;
    if (end->outcome == "completed")
        return RunState::Completed;
    return end->outcome == "stopped" ? RunState::Stopped : RunState::Failed;
}

std::vector<std::string> labelsOf(const Json& value)
{
    if (value.is_string())
        return {value.get<std::string>()};
    return value.is_array() ? value.get<std::vector<std::string>>() : std::vector<std::string>();
}

Json labelJson(const std::vector<std::string>& labels, bool several)
{
    if (several)
        return labels;
    return labels.empty() ? Json(nullptr) : Json(labels.front());
}

} // namespace

std::string runStateName(RunState state)
{
    switch (state) {
    case RunState::Running:
        return "running";
    case RunState::Completed:
        return "completed";
    case RunState::Stopped:
        return "stopped";
    case RunState::Failed:
        return "failed";
    case RunState::Interrupted:
        break;
    }
    return "interrupted";
}

RunSummary readRunSummary(const fs::path& folder)
{
    // Of the many step lines only the last before another kind of event matters.
    return readRunSummary(folder, readRunCurves(folder, 0));
}

RunSummary readRunSummary(const fs::path& folder, const std::vector<TrainEvent>& events)
{
    const auto run = readRunFile(folder);
    const auto arguments = argumentsFromJson(run.at("arguments"));
    RunSummary summary;
    summary.folder = folder;
    const auto notes = folder / "studio.json";
    const auto given = fs::exists(notes) ? readJsonFile(notes) : Json::object();
    summary.name = textOf(given, "name");
    summary.note = textOf(given, "note");
    if (summary.name.empty())
        summary.name = pathText((folder.has_filename() ? folder : folder.parent_path()).filename());
    summary.startedAt = textOf(readRunRecord(folder), "started_at");
    summary.model = arguments.modelNameOrPath;
    summary.trainFile = arguments.trainFile;
    summary.metricName = bestMetricKey(arguments);
    summary.learningRate = arguments.learningRate;
    summary.epochs = arguments.numTrainEpochs;
    summary.batchSize = arguments.perDeviceTrainBatchSize;
    summary.seed = arguments.seed;
    SummaryReader reader(summary);
    for (const auto& event : events)
        reader(event);
    summary.seconds = reader.seconds();
    summary.state = stateOf(folder, reader.end());
    return summary;
}

TrainingArguments readRunArguments(const fs::path& folder)
{
    return argumentsFromJson(readRunFile(folder).at("arguments"));
}

Json readRunRecord(const fs::path& folder)
{
    auto run = readRunFile(folder);
    const auto found = run.find("recorded");
    return found != run.end() && found->is_object() ? *found : Json::object();
}

uint64_t readRunEvents(const fs::path& folder, uint64_t offset, std::vector<TrainEvent>& events)
{
    const auto file = folder / "metrics.jsonl";
    if (!fs::exists(file) || fs::file_size(file) == 0) {
        if (offset > 0)
            events.clear();
        return 0;
    }
    const MappedFile mapped(file);
    if (offset > mapped.size()) { // a resume has cut the file back
        events.clear();
        offset = 0;
    }
    return offset + forEachLine(mapped.text().substr(offset), [&](std::string_view line) {
        events.push_back(trainEventFromJson(parseJson(line, pathText(file))));
    });
}

void writeRunNotes(const fs::path& folder, const std::string& name, const std::string& note)
{
    writeFileAtomically(folder / "studio.json", jsonLine({{"name", name}, {"note", note}}) + '\n');
}

Json toJson(const PredictionRow& row, const std::vector<std::string>& labels)
{
    Json json = {{"part", row.part}, {"row", row.row}, {"text", row.text}};
    if (row.textPair)
        json["text_pair"] = *row.textPair;
    if (row.target) {
        json["label"] = *row.target;
        json["prediction"] = row.scores.empty() ? Json(nullptr) : Json(row.scores.front());
    } else {
        json["label"] = labelJson(row.labels, row.severalLabels);
        json["prediction"] = labelJson(row.predictions, row.severalLabels);
    }
    auto scores = Json::object();
    for (size_t i = 0; i < row.scores.size() && i < labels.size(); ++i)
        scores[labels[i]] = row.scores[i];
    json["scores"] = std::move(scores);
    json["loss"] = row.loss ? Json(*row.loss) : Json(nullptr);
    return json;
}

std::vector<PredictionRow> readPredictions(const fs::path& folder)
{
    const auto file = folder / "eval_predictions.jsonl";
    if (!fs::exists(file))
        throw Error(ErrorKind::File, concat("'", pathText(folder), "' has no eval_predictions.jsonl yet."));
    std::vector<PredictionRow> rows;
    if (fs::file_size(file) == 0)
        return rows;
    const MappedFile mapped(file);
    try {
        forEachLine(mapped.text(), [&](std::string_view line) {
            const auto json = parseJson(line, pathText(file));
            PredictionRow row;
            row.part = json.at("part").get<std::string>();
            row.row = json.at("row").get<int64_t>();
            row.text = json.at("text").get<std::string>();
            if (const auto pair = json.find("text_pair"); pair != json.end())
                row.textPair = pair->get<std::string>();
            const auto& label = json.at("label");
            if (label.is_number())
                row.target = label.get<double>();
            row.severalLabels = label.is_array();
            row.labels = labelsOf(label);
            row.predictions = labelsOf(json.at("prediction"));
            for (const auto& [name, score] : json.at("scores").items())
                row.scores.push_back(score.is_number() ? score.get<float>() : 0.0F);
            if (json.at("loss").is_number())
                row.loss = json.at("loss").get<double>();
            rows.push_back(std::move(row));
        });
    } catch (const Json::exception&) {
        throw Error(ErrorKind::Data, concat("'", pathText(file), "' holds a line that is no prediction."));
    }
    return rows;
}

} // namespace studio
