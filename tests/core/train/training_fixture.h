// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/runs/run_folder.h"
#include "core/train/trainer.h"
#include "tests/core/train/tiny_model.h"

#include <functional>
#include <random>

#include <QTemporaryDir>

namespace studio {

/// Rows whose label tells whether their words are odd (`noise` 0), or nothing (`noise` 1).
inline std::string makeRows(int count, double noise, unsigned seed)
{
    std::mt19937 random(seed);
    const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    std::string lines;
    for (int row = 0; row < count; ++row) {
        const int first = below(tinyWords);
        std::string text = tinyWord(first);
        for (int word = 1 + below(8); word > 0; --word)
            text += ' ' + tinyWord(2 * below(tinyWords / 2) + first % 2);
        const bool drawn = noise > 0 && below(1000) < noise * 1000;
        lines += jsonLine({{"text", text}, {"label", (drawn ? below(2) : first % 2) == 1 ? "yes" : "no"}})
            + '\n';
    }
    return lines;
}

struct Recorded {
    std::vector<TrainEvent> events;
    TrainResult result;
    template <typename Event>
    [[nodiscard]] std::vector<Event> all() const
    {
        std::vector<Event> found;
        for (const auto& event : events) {
            if (const auto* match = std::get_if<Event>(&event))
                found.push_back(*match);
        }
        return found;
    }
    [[nodiscard]] std::vector<double> losses() const
    {
        std::vector<double> losses;
        for (const auto& step : all<StepEvent>())
            losses.push_back(step.loss.value());
        return losses;
    }
};

using Watcher = std::function<void(const TrainEvent&, TrainControl&)>;

inline Recorded runTraining(const TrainingArguments& arguments, const Watcher& watch = {})
{
    Recorded recorded;
    TrainControl control;
    recorded.result = train(arguments, control, [&](const TrainEvent& event) {
        recorded.events.push_back(event);
        if (watch)
            watch(event, control);
    });
    return recorded;
}

inline Watcher stopAt(int64_t step)
{
    return [step](const TrainEvent& event, TrainControl& control) {
        if (const auto* done = std::get_if<StepEvent>(&event); done && done->step == step)
            control.requestStop();
    };
}

inline std::string sentence(const std::function<void()>& action, ErrorKind kind)
{
    try {
        action();
    } catch (const Error& error) {
        return error.kind() == kind ? error.what() : concat("wrong kind: ", error.what());
    }
    return {};
}

inline bool holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// Lines of metrics.jsonl without times and speeds, which no two runs share.
inline std::vector<std::string> comparableLog(const std::filesystem::path& folder, bool withResumes)
{
    std::vector<TrainEvent> events;
    readRunEvents(folder, 0, events);
    std::vector<std::string> lines;
    for (const auto& event : events) {
        if (!withResumes && std::holds_alternative<ResumeEvent>(event))
            continue;
        auto json = toJson(event);
        for (const auto* key : {"time", "samples_per_second", "tokens_per_second", "memory_bytes", "runtime",
                 "path", "output_dir"})
            json.erase(key);
        lines.push_back(jsonLine(json));
    }
    return lines;
}

/// A temporary folder with the tiny model, training and validation rows.
class TrainingHome {
public:
    TrainingHome()
    {
        writeTinyModel(path("model"), {.labels = {"no", "yes"}, .dropout = 0.1});
        writeFileAtomically(path("train.jsonl"), makeRows(60, 0.1, 1));
        writeFileAtomically(path("validation.jsonl"), makeRows(24, 0.1, 2));
    }
    [[nodiscard]] std::filesystem::path path(const char* name) const
    {
        return std::filesystem::path(m_home.path().toStdString()) / name;
    }
    [[nodiscard]] TrainingArguments base(const char* output) const
    {
        TrainingArguments arguments;
        arguments.modelNameOrPath = path("model");
        arguments.trainFile = path("train.jsonl");
        arguments.validationFile = path("validation.jsonl");
        arguments.outputDir = path(output);
        arguments.learningRate = 1e-3;
        arguments.threads = 1;
        arguments.device = "cpu";
        arguments.precision = "fp32";
        return arguments;
    }

private:
    QTemporaryDir m_home;
};

} // namespace studio
