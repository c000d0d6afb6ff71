// SPDX-License-Identifier: MIT
#include "core/train/events.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <cmath>

namespace studio {

namespace {

Json finite(double value)
{
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

template <typename Value>
Json orNull(const std::optional<Value>& value)
{
    if constexpr (std::is_same_v<Value, double>)
        return value ? finite(*value) : Json(nullptr);
    else
        return value ? Json(*value) : Json(nullptr);
}

Json named(std::string_view name, double time)
{
    return Json{{"event", name}, {"time", finite(time)}};
}

Json write(const StartEvent& event)
{
    auto json = named("start", event.time);
    json["total_steps"] = event.totalSteps;
    json["steps_per_epoch"] = event.stepsPerEpoch;
    json["epochs"] = finite(event.epochs);
    json["train_rows"] = event.trainRows;
    json["validation_rows"] = event.validationRows;
    json["test_rows"] = event.testRows;
    json["parameter_count"] = event.parameterCount;
    json["trainable_count"] = event.trainableCount;
    json["device"] = event.device;
    json["precision"] = event.precision;
    json["precision_reason"] = event.precisionReason;
    json["threads"] = event.threads;
    json["problem_type"] = event.problemType;
    json["labels"] = event.labels;
    json["output_dir"] = event.outputDir;
    return json;
}

Json write(const StepEvent& event)
{
    auto json = named("step", event.time);
    json["step"] = event.step;
    json["epoch"] = finite(event.epoch);
    json["loss"] = orNull(event.loss);
    json["learning_rate"] = finite(event.learningRate);
    json["grad_norm"] = orNull(event.gradNorm);
    json["samples_per_second"] = finite(event.samplesPerSecond);
    json["tokens_per_second"] = finite(event.tokensPerSecond);
    json["memory_bytes"] = event.memoryBytes;
    if (event.accuracy)
        json["accuracy"] = orNull(event.accuracy);
    return json;
}

std::string metricPrefix(const std::string& part)
{
    return part == "test" ? "test" : "eval";
}

Json write(const EvaluateEvent& event)
{
    auto json = named("evaluate", event.time);
    json["step"] = event.step;
    json["epoch"] = finite(event.epoch);
    json["part"] = event.part;
    const auto metrics = toJson(event.metrics, metricPrefix(event.part));
    for (const auto& [key, value] : metrics.items())
        json[key] = value;
    json["runtime"] = finite(event.runtime);
    json["best"] = event.best;
    return json;
}

Json write(const CheckpointEvent& event)
{
    auto json = named("checkpoint", event.time);
    json["step"] = event.step;
    json["path"] = event.path;
    return json;
}

Json write(const WarningEvent& event)
{
    auto json = named("warning", event.time);
    json["message"] = event.message;
    return json;
}

Json write(const ResumeEvent& event)
{
    auto json = named("resume", event.time);
    json["step"] = event.step;
    return json;
}

Json write(const SkipEvent& event)
{
    auto json = named("skip", event.time);
    json["step"] = event.step;
    json["reason"] = event.reason;
    json["rows"] = event.rows;
    json["count"] = event.count;
    return json;
}

Json write(const ChangeEvent& event)
{
    auto json = named("change", event.time);
    json["step"] = event.step;
    json["name"] = event.name;
    json["before"] = event.before;
    json["after"] = event.after;
    json["total_steps"] = event.totalSteps;
    return json;
}

Json write(const StateEvent& event)
{
    auto json = named("state", event.time);
    json["state"] = event.state;
    json["done"] = event.done;
    json["total"] = event.total;
    if (!event.reason.empty())
        json["reason"] = event.reason;
    if (event.goodStep)
        json["good_step"] = *event.goodStep;
    return json;
}

Json write(const ProfileEvent& event)
{
    auto json = named("profile", event.time);
    json["seconds"] = finite(event.seconds);
    json["phases"] = Json::array();
    for (const auto& phase : event.phases)
        json["phases"].push_back(
            {{"phase", phase.name}, {"count", phase.count}, {"seconds", finite(phase.seconds)},
                {"share", finite(event.seconds > 0 ? phase.seconds / event.seconds : 0)}});
    json["trace_file"] = event.traceFile;
    return json;
}

Json write(const EndEvent& event)
{
    auto json = named("end", event.time);
    json["outcome"] = event.outcome;
    json["step"] = event.step;
    json["best_step"] = orNull(event.bestStep);
    json["best_metric"] = orNull(event.bestMetric);
    json["output_dir"] = event.outputDir;
    if (!event.message.empty())
        json["message"] = event.message;
    return json;
}

/// Reads the fields of one event; a missing or mistyped one is Error{Data} naming event and field.
class Reader {
public:
    explicit Reader(const Json& json)
        : m_json(json)
    {
        if (!json.is_object())
            throw Error(ErrorKind::Data, "A line of the metric log is not a JSON object.");
        m_event = text("event");
    }
    [[nodiscard]] const std::string& event() const { return m_event; }
    [[nodiscard]] std::string text(const char* key) const
    {
        const auto& value = field(key);
        if (!value.is_string())
            fail(key, "a text");
        return value.get<std::string>();
    }
    [[nodiscard]] int64_t integer(const char* key) const
    {
        const auto& value = field(key);
        if (!value.is_number_integer())
            fail(key, "a whole number");
        return value.get<int64_t>();
    }
    [[nodiscard]] double number(const char* key) const
    {
        const auto& value = field(key);
        if (!value.is_number())
            fail(key, "a number");
        return value.get<double>();
    }
    /// Absent, null: nullopt.
    [[nodiscard]] std::optional<double> maybeNumber(const char* key) const
    {
        const auto found = m_json.find(key);
        if (found == m_json.end() || found->is_null())
            return std::nullopt;
        return number(key);
    }
    [[nodiscard]] std::optional<int64_t> maybeInteger(const char* key) const
    {
        const auto found = m_json.find(key);
        if (found == m_json.end() || found->is_null())
            return std::nullopt;
        return integer(key);
    }
    [[nodiscard]] std::string maybeText(const char* key) const
    {
        return m_json.contains(key) ? text(key) : std::string();
    }
    [[nodiscard]] bool flag(const char* key) const
    {
        const auto& value = field(key);
        if (!value.is_boolean())
            fail(key, "true or false");
        return value.get<bool>();
    }
    [[nodiscard]] std::vector<std::string> texts(const char* key) const
    {
        const auto& value = field(key);
        std::vector<std::string> entries;
        for (const auto& entry : value) {
            if (!entry.is_string())
                fail(key, "a list of texts");
            entries.push_back(entry.get<std::string>());
        }
        return entries;
    }

    [[nodiscard]] std::vector<int64_t> integers(const char* key) const
    {
        std::vector<int64_t> numbers;
        for (const auto& entry : field(key)) {
            if (!entry.is_number_integer())
                fail(key, "a list of whole numbers");
            numbers.push_back(entry.get<int64_t>());
        }
        return numbers;
    }
    [[nodiscard]] const Json& field(const char* key) const
    {
        const auto found = m_json.find(key);
        if (found == m_json.end())
            throw Error(ErrorKind::Data,
                concat("An event", m_event.empty() ? "" : " '", m_event, m_event.empty() ? "" : "'",
                    " of the metric log has no field '", key, "'."));
        return *found;
    }

private:
    [[noreturn]] void fail(const char* key, std::string_view expected) const
    {
        throw Error(ErrorKind::Data,
            concat("Field '", key, "' of event '", m_event, "' in the metric log is not ", expected, "."));
    }
    const Json& m_json;
    std::string m_event;
};

StartEvent readStart(const Reader& from)
{
    StartEvent event;
    event.totalSteps = from.integer("total_steps");
    event.stepsPerEpoch = from.integer("steps_per_epoch");
    event.epochs = from.number("epochs");
    event.trainRows = from.integer("train_rows");
    event.validationRows = from.integer("validation_rows");
    event.testRows = from.integer("test_rows");
    event.parameterCount = from.integer("parameter_count");
    event.trainableCount = from.integer("trainable_count");
    event.device = from.text("device");
    event.precision = from.text("precision");
    event.precisionReason = from.text("precision_reason");
    event.threads = from.integer("threads");
    event.problemType = from.text("problem_type");
    event.labels = from.texts("labels");
    event.outputDir = from.text("output_dir");
    return event;
}

StepEvent readStep(const Reader& from)
{
    StepEvent event;
    event.step = from.integer("step");
    event.epoch = from.number("epoch");
    event.loss = from.maybeNumber("loss");
    event.learningRate = from.number("learning_rate");
    event.gradNorm = from.maybeNumber("grad_norm");
    event.samplesPerSecond = from.maybeNumber("samples_per_second").value_or(0);
    event.tokensPerSecond = from.maybeNumber("tokens_per_second").value_or(0);
    event.memoryBytes = from.integer("memory_bytes");
    event.accuracy = from.maybeNumber("accuracy");
    return event;
}

EvaluateEvent readEvaluate(const Reader& from, const Json& json)
{
    EvaluateEvent event;
    event.step = from.integer("step");
    event.epoch = from.number("epoch");
    event.part = from.text("part");
    event.metrics = metricReportFromJson(json, metricPrefix(event.part));
    event.runtime = from.maybeNumber("runtime").value_or(0);
    event.best = from.flag("best");
    return event;
}

ProfileEvent readProfile(const Reader& from, const Json& json)
{
    ProfileEvent event;
    event.seconds = from.number("seconds");
    event.traceFile = from.text("trace_file");
    const auto phases = json.value("phases", Json());
    if (!phases.is_array())
        throw Error(ErrorKind::Data, "Field 'phases' of event 'profile' in the metric log is not a list.");
    for (const auto& phase : phases) {
        const auto name = phase.is_object() ? phase.value("phase", Json()) : Json();
        const auto count = phase.is_object() ? phase.value("count", Json()) : Json();
        const auto seconds = phase.is_object() ? phase.value("seconds", Json()) : Json();
        if (!name.is_string() || !count.is_number_integer() || !seconds.is_number())
            throw Error(
                ErrorKind::Data, "A phase of event 'profile' in the metric log has no name, count or time.");
        event.phases.push_back({name.get<std::string>(), count.get<int64_t>(), seconds.get<double>()});
    }
    return event;
}

EndEvent readEnd(const Reader& from)
{
    EndEvent event;
    event.outcome = from.text("outcome");
    event.step = from.integer("step");
    event.bestStep = from.maybeInteger("best_step");
    event.bestMetric = from.maybeNumber("best_metric");
    event.outputDir = from.text("output_dir");
    event.message = from.maybeText("message");
    return event;
}

TrainEvent readBody(const Reader& from, const Json& json)
{
    if (from.event() == "start")
        return readStart(from);
    if (from.event() == "step")
        return readStep(from);
    if (from.event() == "evaluate")
        return readEvaluate(from, json);
    if (from.event() == "checkpoint")
        return CheckpointEvent{.step = from.integer("step"), .path = from.text("path")};
    if (from.event() == "warning")
        return WarningEvent{.message = from.text("message")};
    if (from.event() == "resume")
        return ResumeEvent{.step = from.integer("step")};
    if (from.event() == "skip")
        return SkipEvent{.step = from.integer("step"),
            .reason = from.text("reason"),
            .rows = from.integers("rows"),
            .count = from.integer("count")};
    if (from.event() == "change")
        return ChangeEvent{.step = from.integer("step"),
            .name = from.text("name"),
            .before = from.field("before"),
            .after = from.field("after"),
            .totalSteps = from.integer("total_steps")};
    if (from.event() == "state")
        return StateEvent{.state = from.text("state"),
            .done = from.maybeInteger("done").value_or(0),
            .total = from.maybeInteger("total").value_or(0),
            .reason = from.maybeText("reason"),
            .goodStep = from.maybeInteger("good_step")};
    if (from.event() == "profile")
        return readProfile(from, json);
    if (from.event() == "end")
        return readEnd(from);
    throw Error(ErrorKind::Data, concat("Unknown event '", from.event(), "' in the metric log."));
}

} // namespace

std::string listText(const std::vector<int64_t>& numbers, size_t most)
{
    const auto shown = numbers.size() > most + 1 ? most : numbers.size();
    std::string text;
    for (size_t i = 0; i < shown; ++i)
        text += concat(i == 0 ? "" : i + 1 == numbers.size() ? " and " : ", ", numbers[i]);
    return shown == numbers.size() ? text : concat(text, " and ", numbers.size() - shown, " more");
}

Json toJson(const TrainEvent& event)
{
    return std::visit([](const auto& value) { return write(value); }, event);
}

TrainEvent trainEventFromJson(const Json& json)
{
    const Reader from(json);
    auto event = readBody(from, json);
    const double time = from.maybeNumber("time").value_or(0);
    std::visit([time](auto& value) { value.time = time; }, event);
    return event;
}

} // namespace studio
