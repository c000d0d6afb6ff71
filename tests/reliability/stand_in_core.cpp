// SPDX-License-Identifier: MIT
// Stands for the parts of the core that compute, without LibTorch: runs that report, wait and answer as real
// ones do.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/train/control_state.h"

#include <thread>

namespace studio {

struct Predictor::State {
    std::shared_ptr<const Tokenizer> tokenizer;
    std::vector<std::string> labels = {"bad", "good"}, warnings;
    int calls = 0; ///< not guarded: only one thread may ask
};

Predictor::Predictor(const std::filesystem::path& folder, const PredictorOptions&)
    : m_state(std::make_unique<State>())
{
    m_state->tokenizer = Tokenizer::load(folder);
}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
const std::vector<std::string>& Predictor::warnings() const
{
    return m_state->warnings;
}
const std::vector<std::string>& Predictor::labels() const
{
    return m_state->labels;
}
ProblemType Predictor::problemType() const
{
    return ProblemType::SingleLabel;
}
int32_t Predictor::maxLength() const
{
    return 32;
}
const Tokenizer& Predictor::tokenizer() const
{
    return *m_state->tokenizer;
}
std::vector<Prediction> Predictor::predict(std::span<const TextInput> inputs)
{
    ++m_state->calls;
    std::vector<Prediction> answers;
    for (const auto& input : inputs) {
        const auto length = static_cast<float>(input.text.size());
        answers.push_back({{0, length}, {1 / (1 + length), length / (1 + length)}, {1}});
    }
    return answers;
}

TrainResult train(const TrainingArguments& arguments, TrainControl& control,
    const std::function<void(const TrainEvent&)>& onEvent)
{
    auto& state = control.state();
    state.begin();
    const std::filesystem::path folder(arguments.outputDir);
    createFolders(folder);
    writeFileAtomically(folder / "run.json", jsonLine({{"arguments", toJson(arguments)}}));
    LineLog log(folder / "metrics.jsonl", arguments.resumeFromCheckpoint ? UINT64_MAX : 0);
    const auto report = [&](const TrainEvent& event) {
        log.append(jsonLine(toJson(event)));
        onEvent(event);
    };
    if (arguments.resumeFromCheckpoint)
        report(ResumeEvent{.step = 1});
    report(StartEvent{.totalSteps = arguments.maxSteps, .stepsPerEpoch = 10, .labels = {"bad", "good"}});
    int64_t step = 0;
    bool stopped = false;
    while (step < arguments.maxSteps && !stopped) {
        for (bool paused = true; paused && !stopped;) {
            for (const auto& request : state.takePredictions())
                request.answer({.step = step,
                    .labels = {"bad", "good"},
                    .problemType = ProblemType::SingleLabel,
                    .predictions = std::vector<Prediction>(request.inputs.size()),
                    .problem = {}});
            if (state.takeEvaluate())
                report(EvaluateEvent{.step = step, .metrics = {}, .best = true});
            if (state.takeSave())
                report(CheckpointEvent{.step = step, .path = "checkpoint"});
            stopped = state.stop.stop_requested();
            {
                const std::lock_guard lock(state.mutex);
                paused = state.paused;
            }
            if (paused) {
                onEvent(StateEvent{.state = "paused"});
                state.wait(20);
            }
        }
        onEvent(StateEvent{.state = "resumed"});
        report(StepEvent{.step = ++step, .loss = 1.0 / static_cast<double>(step)});
        std::this_thread::sleep_for(std::chrono::microseconds(300));
        if (arguments.seed == 13 && step == 5) {
            state.end();
            throw Error(ErrorKind::DiskFull, "No room.");
        }
    }
    EndEvent end{
        .outcome = stopped ? "stopped" : "completed", .step = step, .outputDir = arguments.outputDir};
    report(end);
    state.end();
    return {stopped ? TrainOutcome::Stopped : TrainOutcome::Completed, end};
}

} // namespace studio
