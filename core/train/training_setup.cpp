// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/io/safetensors.h"
#include "core/models/checkpoint_info.h"
#include "core/models/inference_setup.h"
#include "core/models/scores.h"
#include "core/models/special_ids.h"
#include "core/train/cuda_library.h"
#include "core/train/training_run.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/headeronly/version.h>

namespace studio {

namespace fs = std::filesystem;

namespace {

std::string utcNow()
{
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

void applySwitches(const TrainingArguments& arguments, const at::Device& device)
{
    auto& context = at::globalContext();
    allowTf32(arguments.tf32 && device.is_cuda());
    // Not "warn only", with which attention would go on adding in any order. A CPU needs no such switch.
    context.setDeterministicAlgorithms(arguments.deterministic && device.is_cuda(), /*warn_only=*/false);
    context.setDeterministicFillUninitializedMemory(false);
}

std::string shaOf(const Json& file)
{
    return file.at("sha256").get<std::string>();
}

/// The rows must be those that the run began with, unless changed ones are allowed: then sentences about
/// them.
std::vector<std::string> compareFiles(const Json& now, const Json& before, bool allowChanged)
{
    std::vector<std::string> warnings;
    for (const auto& old : before) {
        const auto part = old.at("part").get<std::string>();
        const auto same
            = std::ranges::find_if(now, [&](const Json& file) { return file.at("part") == part; });
        if (same == now.end())
            throw Error(ErrorKind::Data,
                concat("The run began with the ", part, " file '", old.at("path").get<std::string>(),
                    "', which is not given now; give it to resume the run."));
        if (shaOf(*same) == shaOf(old))
            continue;
        const auto found
            = concat("The ", part, " file '", same->at("path").get<std::string>(), "' ", changedDataPhrase,
                " (SHA-256 ", shaOf(*same).substr(0, 12), "… instead of ", shaOf(old).substr(0, 12), "…); ");
        if (!allowChanged)
            throw Error(ErrorKind::Data,
                concat(found,
                    "restore it to resume the run, add --allow_changed_data to go on with it as it is "
                    "now, or begin a new run."));
        warnings.push_back(concat(
            found, "the run goes on with it, and the result will differ from that of an uninterrupted run."));
    }
    if (now.size() != before.size())
        throw Error(ErrorKind::Data, "The run began with fewer data files; give the same ones to resume it.");
    return warnings;
}

/// What "auto" chose when the run began stays where it can be had; elsewhere "auto" chooses again.
void keepUsableChoice(ComputeChoice& compute, const TrainingArguments& asked)
{
    try {
        (void)chooseCompute(compute.device, compute.precision);
    } catch (const Error&) {
        compute.device = asked.device;
        try {
            (void)chooseCompute(compute.device, compute.precision);
        } catch (const Error&) {
            compute.precision = asked.precision;
        }
    }
}

/// The labels of the checkpoint stay; changed rows must not bring another one.
void keepLabels(JobData& data, std::vector<std::string> labels)
{
    data.choice = {std::move(labels), {}, true, {}};
    if (data.problemType == ProblemType::Regression)
        return;
    const auto& trained = data.train.dataset->labelNames();
    data.choice.ids = trainedLabelIds(trained, data.choice.labels);
    for (auto* part : {&data.train, &data.validation, &data.test}) {
        if (!part->dataset)
            continue;
        const auto& names = part->dataset->labelNames();
        part->modelIds = labelIds(names, data.choice.labels);
        const auto through = labelIds(names, trained);
        for (size_t i = 0; i < names.size(); ++i) {
            if (through[i] >= 0)
                part->modelIds[i] = data.choice.ids[static_cast<size_t>(through[i])];
        }
        for (size_t i = 0; i < names.size(); ++i) {
            if (part->modelIds[i] < 0 && part->dataset->labelCounts()[i] > 0)
                throw Error(ErrorKind::Data,
                    concat("'", pathText(part->dataset->table().info().file), "' has the label '", names[i],
                        "' now, which the run does not know; begin a new run."));
        }
    }
}

} // namespace

void TrainingRun::checkResume(const ResumePoint& resume)
{
    try {
        const auto before = argumentsFromJson(resume.state.at("arguments"));
        for (auto& sentence : compareForResume(m_arguments, before))
            m_warnings.push_back(std::move(sentence));
        const auto threads = resume.state.at("threads").get<int64_t>();
        if (m_arguments.threads == 0)
            m_threads = threads;
        else if (m_arguments.threads != threads)
            m_warnings.push_back(concat("The run computed with ", threads, " threads and goes on with ",
                m_arguments.threads, "; the result will differ a little from that of an uninterrupted run."));
        if (m_arguments.precision == "auto")
            m_compute.precision = resume.state.at("precision").get<std::string>();
        if (m_arguments.device == "auto")
            m_compute.device = resume.state.at("device").get<std::string>();
        keepUsableChoice(m_compute, m_arguments);
        m_progress = runProgressFromJson(resume.state.at("progress"));
        if (bestMetricKey(before) != bestMetricKey(m_arguments)
            || bestMetricGreater(before) != bestMetricGreater(m_arguments)) {
            forgetBest();
            m_warnings.emplace_back(
                "The best model is chosen anew, by the new metric, among the evaluations to come.");
        }
        readChanges(resume, before);
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::Checkpoint,
            concat("'", pathText(resume.folder / "resume.json"), "' cannot be used: ", error.what(), "."));
    }
}

Json TrainingRun::computingWith()
{
    return {{"program", "finetune-studio " STUDIO_VERSION " with LibTorch " TORCH_VERSION},
        {"processor", processorName()}};
}

/// Says what makes the resumed run differ from an uninterrupted one, beside its settings.
void TrainingRun::compareMachines(const Json& before)
{
    const auto device = before.at("device").get<std::string>();
    const auto precision = before.at("precision").get<std::string>();
    if (m_arguments.precision == "auto" && precision != m_compute.precision)
        m_warnings.push_back(concat("The run computed in ", precision, ", which ", m_compute.device,
            " cannot, and goes on in ", m_compute.precision, '.'));
    const auto kind = [](const std::string& name) { return name.substr(0, name.find(':')); };
    if (kind(device) != kind(m_compute.device)) {
        m_warnings.push_back(concat("The run computed on ", device, " and goes on on ", m_compute.device,
            "; the result will differ a little from that of an uninterrupted run."));
        return;
    }
    if (kind(device) != "cpu" && !m_arguments.deterministic)
        m_warnings.emplace_back("On a GPU a resumed run equals an uninterrupted one only within rounding.");
    const auto now = computingWith();
    const auto then = before.value("computed_with", now); // absent in older checkpoints
    for (const auto& [what, value] : now.items()) {
        const auto old = then.value(what, value);
        if (old != value && (what != "processor" || kind(device) == "cpu"))
            m_warnings.push_back(concat("The run began with ", old.get<std::string>(), " and goes on with ",
                value.get<std::string>(),
                "; the result may differ a little from that of an uninterrupted run."));
    }
}

void TrainingRun::prepare(const FolderPlan& plan)
{
    const auto memoryAtFirst = m_control.readMemory().availableBytes; // before anything is loaded
    const fs::path modelFolder = plan.resume ? plan.resume->folder : fs::path(m_arguments.modelNameOrPath);
    const auto config = readCheckpointConfig(modelFolder).json;
    if (!plan.warning.empty())
        m_warnings.push_back(plan.warning);
    // What "auto" chose when the run began stays; the arguments stay as they were asked for.
    m_compute = {.device = m_arguments.device, .precision = m_arguments.precision, .reason = {}};
    if (plan.resume)
        checkResume(*plan.resume);
    loadCuda(); // also where this run stays on the CPU: a later one may not
    m_compute = chooseCompute(m_compute.device, m_compute.precision);
    if (plan.resume)
        compareMachines(plan.resume->state);
    m_device = at::Device(m_compute.device);
    if (!m_device.is_cpu()) {
        startGpuPeak(m_device);
        m_profile.setSynchronize([device = m_device] {
            const c10::impl::VirtualGuardImpl guard(device.type());
            guard.synchronizeDevice(device.has_index() ? device.index() : guard.getDevice().index());
        });
    }
    m_computeType = computeTypeOf(m_compute.precision);
    if (m_threads == 0)
        m_threads = m_arguments.threads > 0 ? m_arguments.threads : physicalCores();
    at::set_num_threads(static_cast<int>(m_threads));
    applySwitches(m_arguments, m_device);

    const TaskControl reading{m_control.stop.get_token(),
        [this](const Progress& progress) { state("reading", progress.done, progress.total); }};
    const auto knownLabels = classLabels(modelFolder);
    auto asRead = m_arguments;
    asRead.evalStrategy = m_started.evalStrategy; // rows were held out, or not, when the run began
    m_profile.timed("read", [&] { m_data = readJobData(asRead, config, knownLabels, reading); });
    if (m_arguments.evalStrategy != "no" && m_started.evalStrategy == "no" && m_data.validation.size() == 0)
        throw Error(ErrorKind::Settings,
            "No rows were held out for validation when the run began, so it cannot evaluate; leave "
            "eval_strategy out, or begin a new run.");
    if (plan.resume) {
        auto changed
            = compareFiles(m_data.files, plan.resume->state.at("files"), m_arguments.allowChangedData);
        m_warnings.insert(m_warnings.end(), changed.begin(), changed.end());
        keepLabels(m_data, knownLabels);
    }
    m_warnings.insert(m_warnings.end(), m_data.warnings.begin(), m_data.warnings.end());
    m_profile.timed("load", [&] {
        m_tokenizer = Tokenizer::load(modelFolder);
        loadModel(modelFolder, config);
    });
    m_profile.timed("tokenise", [&] { beginTokenizing(); });
    if (const auto sentence = newlyKnownCuts(); !sentence.empty())
        m_warnings.push_back(sentence);
    if (const auto share = unknownShareOf(m_data.train, *m_tokenizer); share >= 0.05)
        m_warnings.push_back(concat("The model's vocabulary does not know ", std::round(share * 1000) / 10,
            " % of the characters of the training texts; a model for their language will do better."));
    compareMemory(memoryAtFirst, modelFolder);
    if (plan.resume)
        applyPastChanges();
    else if (plan.anew)
        readChangesToCome();
    createOptimizer(plan.resume);
    openFolder(plan);
}

/// A small data set is tokenised before step 1; a large one beside the first steps, unless their batches
/// depend on the lengths of all rows.
void TrainingRun::beginTokenizing()
{
    startTokenizing(m_data, m_tokenizer, m_maxLength, &m_profile);
    const bool needsLengths = m_arguments.groupByLength || m_arguments.maxTokensPerBatch > 0;
    const TaskControl control{m_control.stop.get_token(),
        [this](const Progress& progress) { state("tokenizing", progress.done, progress.total); }};
    for (const auto* part : {&m_data.train, &m_data.validation, &m_data.test}) {
        const bool train = part == &m_data.train;
        awaitTokens(*part, train && needsLengths ? untilTheEnd : m_control.tokenizingPatience, control);
    }
}

/// Once the training texts are tokenised: how many were cut. Empty before, without any, and when told
/// already.
std::string TrainingRun::newlyKnownCuts()
{
    if (m_cutsKnown || !m_data.train.tokens->readyWithin(std::chrono::milliseconds(0)))
        return {};
    m_cutsKnown = true;
    const auto cut = m_data.train.tokens->whole().truncatedCount();
    return cut > 0 ? concat(cut, " texts are longer than ", m_maxLength, " tokens and are cut.") : "";
}

/// Says before step 1 where memory is probably too small.
void TrainingRun::compareMemory(int64_t availableBytes, const fs::path& modelFolder)
{
    const auto length = std::max<int64_t>(1, std::llround(meanLengthOf(m_data.train)));
    const auto needed = estimateTrainingMemory(
        inspectCheckpoint(modelFolder), memoryQuestion(m_arguments, length, m_compute.precision));
    if (m_device.is_cuda()) {
        if (const auto free = availableGpuMemory(m_device); needed > free)
            m_warnings.push_back(concat("The run needs about ", needed / 1'000'000, " MB of the memory of ",
                m_compute.device, ", and only ", free / 1'000'000,
                " MB are free there. Batches that do not fit are split, which costs time; choose smaller "
                "batches, gradient_checkpointing, shorter inputs or a smaller model, or end other programs "
                "on this GPU."));
        return;
    }
    if (needed > availableBytes)
        m_warnings.push_back(concat("The run needs about ", needed / 1'000'000, " MB of memory, and only ",
            availableBytes / 1'000'000,
            " MB are available; choose smaller batches, gradient_checkpointing, shorter inputs or a "
            "smaller "
            "model, or close other programs. Before memory runs out, a checkpoint is saved."));
}

void TrainingRun::loadModel(const fs::path& folder, const Json&)
{
    HeadRequest request{.labels = m_data.choice.labels,
        .problemType = m_data.problemType,
        .keepHead = m_data.choice.keepHead,
        .seed = static_cast<uint64_t>(m_arguments.seed),
        .dropout = m_arguments.dropout,
        .paddingId = m_tokenizer->padId()};
    m_loaded = loadClassifier(folder, request, m_device);
    requireVocabularyFits(*m_tokenizer, m_loaded.model->vocabularySize(), folder);
    for (const auto& mismatch : {specialIdMismatch(*m_tokenizer, m_loaded.config),
             endTokenMismatch(*m_tokenizer, m_loaded.model->requiredToken())}) {
        if (!mismatch.empty())
            throw Error(ErrorKind::Checkpoint, concat(pathText(folder), ": ", mismatch));
    }
    m_warnings.insert(m_warnings.end(), m_loaded.warnings.begin(), m_loaded.warnings.end());
    if (!m_loaded.headCreated && !m_data.choice.warning.empty())
        m_warnings.push_back(m_data.choice.warning);
    m_maxLength = chooseMaxLength(m_arguments, longestInput(*m_tokenizer, m_loaded.model->maxPositions()),
        m_tokenizer->specialTokenCount(m_data.train.dataset->hasPairs()));
}

void TrainingRun::freezeAndReinitialize()
{
    auto& model = *m_loaded.model;
    const auto layers = model.layerCount();
    const auto requireLayers = [&](const char* name, int64_t count) {
        if (count > layers)
            throw Error(ErrorKind::Settings,
                concat(name, " is ", count, ", but the model has only ", layers, " layers."));
    };
    std::vector<std::string> frozen;
    if (!m_arguments.freezeLayers.empty())
        frozen = model.embeddingsPrefixes();
    if (m_arguments.freezeLayers != "embeddings" && m_arguments.freezeLayers != "encoder"
        && !m_arguments.freezeLayers.empty()) {
        int64_t count = 0;
        findArgument("freeze_layers")
            ->set(m_arguments, Json(m_arguments.freezeLayers)); // a number: checked there
        for (const char digit : m_arguments.freezeLayers)
            count = count * 10 + (digit - '0');
        requireLayers("freeze_layers", count);
        for (int64_t layer = 0; layer < count; ++layer)
            frozen.push_back(model.layerPrefix(layer));
    }
    requireLayers("reinit_layers", m_arguments.reinitLayers);
    if (m_progress.step == 0 && m_lastSaved < 0) {
        for (auto layer = layers - m_arguments.reinitLayers; layer < layers; ++layer)
            model.initialize(model.layerPrefix(layer), static_cast<uint64_t>(m_arguments.seed));
    }
    for (const auto& [name, tensor] : model.parameters()) {
        const bool fixed = !m_head.contains(name)
            && (m_arguments.freezeLayers == "encoder"
                || std::ranges::any_of(frozen,
                    [&, &parameter = name](const auto& prefix) { return parameter.starts_with(prefix); }));
        tensor.requires_grad_(!fixed);
    }
}

void TrainingRun::createOptimizer(const std::optional<ResumePoint>& resume)
{
    if (m_arguments.labelSmoothingFactor > 0 && m_data.problemType != ProblemType::SingleLabel)
        throw Error(ErrorKind::Settings,
            concat("label_smoothing_factor is ", m_arguments.labelSmoothingFactor, ", but the task is ",
                problemTypeName(m_data.problemType), "; smoothing is for single_label_classification."));
    MetricReport example;
    example.problemType = m_data.problemType;
    example.labels = m_data.choice.labels;
    const auto key = bestMetricKey(m_arguments);
    if (!toJson(example).contains(key)
        || (key == "eval_nll" && m_data.problemType == ProblemType::Regression))
        throw Error(ErrorKind::Settings,
            concat("metric_for_best_model is '", m_arguments.metricForBestModel,
                "', which a task of the kind ", problemTypeName(m_data.problemType),
                " does not have; choose another, such as eval_loss."));
    if (m_arguments.lrSchedulerType == "constant" && m_arguments.warmupSteps > 0)
        m_warnings.emplace_back(
            "lr_scheduler_type constant has no warm-up; use constant_with_warmup for one.");

    m_lastSaved = resume ? m_progress.step : -1;
    if (resume) {
        for (const auto& name : resume->state.at("head"))
            m_head.insert(name.get<std::string>());
    } else {
        for (const auto& [name, tensor] : m_loaded.model->parameters()) {
            if (m_loaded.model->isHead(name))
                m_head.insert(name);
        }
    }
    freezeAndReinitialize();
    std::vector<int64_t> counts(m_data.choice.labels.size(), 0);
    if (m_data.problemType == ProblemType::SingleLabel) {
        for (int64_t row = 0; row < m_data.train.size(); ++row)
            ++counts[static_cast<size_t>(m_data.train.label(row))];
    }
    m_loss.emplace(Loss::Options{.problemType = m_data.problemType,
                       .labelSmoothing = m_arguments.labelSmoothingFactor,
                       .classWeights = chooseClassWeights(
                           m_arguments.classWeights, m_data.problemType, m_data.choice.labels, counts)},
        m_device);
    m_optimizer.emplace(m_arguments, m_loaded.model->parameters(),
        [this](const std::string& name) { return m_head.contains(name); });
    m_scaler = GradientScaler(m_computeType == c10::ScalarType::Half);
    if (resume) {
        const SafetensorsFile file(resume->folder / "optimizer.safetensors");
        m_optimizer->restore([&](const std::string& name) { return file.tensor(name); });
        m_scaler.restore(m_progress.lossScale, m_progress.finiteSteps);
    }
    std::vector<int32_t> lengths;
    if (m_arguments.groupByLength || m_arguments.maxTokensPerBatch > 0) {
        for (int64_t row = 0; row < m_data.train.size(); ++row)
            lengths.push_back(m_data.train.length(row));
    }
    m_plan = BatchPlan(m_arguments, m_data.train.size(), std::move(lengths));
    m_totalSteps = m_plan.totalSteps(m_arguments);
}

void TrainingRun::openFolder(const FolderPlan& plan)
{
    createFolders(m_output);
    m_lock = std::make_unique<RunLock>(m_output);
    requireAsPlanned(m_output, plan);
    removeTemporaries(m_output);
    if (plan.replace)
        removeRunFiles(m_output);
    const auto logFile = m_output / "metrics.jsonl";
    if (!plan.resume) {
        writeRunFile(); // first: from here on the folder is a run, which can be resumed
        copyTokenizerFiles(m_arguments.modelNameOrPath, m_output);
        m_log = std::make_unique<LineLog>(logFile, 0);
        m_clock.restart();
        report(startEvent());
    } else {
        const auto home = plan.resume->folder.parent_path();
        const auto kept = plan.resume->state.at("metrics_bytes").get<uint64_t>();
        std::error_code ignored;
        if (!fs::equivalent(home, m_output, ignored)) { // a checkpoint of another folder: take over its past
            const auto past = home / "metrics.jsonl";
            if (fs::exists(past))
                writeFileAtomically(logFile, readFile(past).substr(0, kept));
        } else {
            removeAfter(m_output, m_progress.step);
            pruneCheckpoints(m_output, m_arguments.saveTotalLimit, m_progress.bestStep);
        }
        if (!fs::exists(m_output / "run.json"))
            writeRunFile();
        copyTokenizerFiles(plan.resume->folder, m_output);
        if (m_progress.bestStep && !fs::exists(bestFolder(m_output, *m_progress.bestStep))) {
            const auto step = *m_progress.bestStep;
            const fs::path places[]
                = {bestFolder(home, step), checkpointFolder(home, step), checkpointFolder(m_output, step)};
            const auto* found = std::ranges::find_if(
                places, [](const fs::path& place) { return fs::exists(place / "model.safetensors"); });
            if (found == std::end(places)) {
                m_warnings.push_back(concat("The weights of the best evaluation (step ", step,
                    ") are gone; the best model is chosen among the evaluations to come."));
                forgetBest();
            } else {
                AtomicFolder best(bestFolder(m_output, step));
                linkOrCopy(*found / "model.safetensors", best.path() / "model.safetensors");
                linkOrCopy(*found / "config.json", best.path() / "config.json");
                best.commit();
            }
        }
        const auto present = fs::exists(logFile) ? fs::file_size(logFile) : 0;
        m_log = std::make_unique<LineLog>(logFile, std::min<uint64_t>(kept, present));
        m_clock.restart();
        m_onEvent(startEvent()); // metrics.jsonl has it already
        report(ResumeEvent{.step = m_progress.step});
    }
    for (const auto& sentence : m_warnings)
        warn(sentence);
    recordAskedChanges();
    m_clock.restartRates();
}

void TrainingRun::writeRunFile() const
{
    auto arguments = m_started;
    arguments.resumeFromCheckpoint.reset();
    arguments.overwriteOutputDir = arguments.allowChangedData = false;
    Json recorded = {{"started_at", utcNow()}, {"program", "finetune-studio " STUDIO_VERSION},
        {"libtorch", TORCH_VERSION}, {"device", m_compute.device}, {"precision", m_compute.precision},
        {"threads", m_threads}, {"problem_type", problemTypeName(m_data.problemType)},
        {"labels", m_data.choice.labels}, {"head_created", m_loaded.headCreated}, {"max_length", m_maxLength},
        {"total_steps", m_totalSteps}, {"files", m_data.files}, {"split", m_data.split}};
    recordChanges(recorded);
    writeFileAtomically(
        m_output / "run.json", Json{{"arguments", toJson(arguments)}, {"recorded", recorded}}.dump(2) + '\n');
}

StartEvent TrainingRun::startEvent() const
{
    int64_t parameters = 0;
    for (const auto& [name, tensor] : m_loaded.model->parameters())
        parameters += tensor.numel();
    return {.totalSteps = m_totalSteps,
        .stepsPerEpoch = m_plan.stepsIn(0),
        .trainRows = m_data.train.size(),
        .validationRows = m_data.validation.size(),
        .testRows = m_data.test.size(),
        .parameterCount = parameters,
        .trainableCount = m_optimizer->parameterCount(),
        .epochs = m_arguments.maxTokensPerBatch > 0
            ? m_plan.epochAfter(m_totalSteps)
            : static_cast<double>(m_totalSteps) / static_cast<double>(m_plan.stepsIn(0)),
        .device = m_compute.device,
        .precision = m_compute.precision,
        .precisionReason = m_compute.reason,
        .outputDir = m_arguments.outputDir,
        .problemType = problemTypeName(m_data.problemType),
        .threads = m_threads,
        .labels = m_data.choice.labels};
}

} // namespace studio
