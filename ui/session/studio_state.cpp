// SPDX-License-Identifier: MIT
#include "ui/session/studio_state.h"

#include "core/base/file.h"
#include "core/base/resource_paths.h"
#include "core/train/label_choice.h"
#include "ui/session/data_options.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <QDir>

namespace studio {

namespace {

QString pathString(const std::filesystem::path& path)
{
    return QString::fromStdString(pathText(path));
}

QString folderName(const QString& folder)
{
    return QDir(folder).dirName();
}

/// What the first start offers: a real model and real data, so that Start is the only click needed.
TrainingArguments demoJob(bool chinese)
{
    TrainingArguments job;
    const auto demo = demoFolder();
    const std::string language = chinese ? "zh" : "en";
    job.modelNameOrPath = pathText(starterModelFolder());
    job.trainFile = pathText(demo / ("reviews_" + language + "_train.csv"));
    job.testFile = pathText(demo / ("reviews_" + language + "_test.csv"));
    return job;
}

std::optional<TrainingArguments> storedJob(const Settings& settings)
{
    const auto text = settings.text(Setting::Job);
    if (text.isEmpty())
        return std::nullopt;
    try {
        return argumentsFromJson(parseJson(text.toStdString(), "the stored job", true));
    } catch (const Error&) {
        return std::nullopt; // written by another version: begin with the demo
    }
}

std::string stem(const std::string& path)
{
    const std::filesystem::path whole(path);
    return pathText(whole.has_filename() ? whole.stem() : whole.parent_path().filename());
}

/// Another training file starts afresh: how it is read, its columns, task and cleaning were the old one's.
void changeTrainFile(TrainingArguments& job, const std::string& path)
{
    if (job.trainFile == path)
        return;
    job.trainFile = path;
    // The other files belong to the old training file.
    job.validationFile.clear();
    job.testFile.clear();
    job.fileFormat = job.encoding = job.delimiter = job.quote = job.header = "auto";
    setColumnMapping(job, {});
    job.problemType = "auto";
    job.clean.clear();
}

} // namespace

QString pageKey(PageId page)
{
    switch (page) {
    case PageId::Model:
        return QStringLiteral("model");
    case PageId::Data:
        return QStringLiteral("data");
    case PageId::Train:
        return QStringLiteral("train");
    case PageId::Results:
        return QStringLiteral("results");
    case PageId::TryIt:
        return QStringLiteral("try");
    case PageId::Runs:
        return QStringLiteral("runs");
    case PageId::Settings:
        return QStringLiteral("settings");
    }
    return {};
}

StudioState::StudioState(Settings& settings, QObject* parent)
    : QObject(parent)
    , m_settings(settings)
    , m_trainData(DataPart::Train)
    , m_validationData(DataPart::Validation)
    , m_testData(DataPart::Test)
    , m_runs(settings.workspaceFolder())
{
    m_saveJob.setSingleShot(true);
    m_saveJob.setInterval(300);
    connect(&m_saveJob, &QTimer::timeout, this,
        [this] { m_settings.setValue(Setting::Job, QString::fromStdString(jsonLine(toJson(m_job)))); });
    connect(&m_inspect, &JobSlot::failed, this, [this](ErrorKind kind, const QString& detail) {
        m_modelError = CaughtError{kind, detail};
        Q_EMIT modelInfoChanged();
    });
    connect(&m_trainData, &DataSession::datasetChanged, this, &StudioState::applyChosenPreset);
    connect(&m_prepare, &JobSlot::failed, this, &StudioState::startFailed);
    connect(&m_runs, &RunStore::runsChanged, this, &StudioState::rescanModels);
    connect(&m_training, &TrainingSession::finished, this, &StudioState::trainingEnded);
    connect(&m_training, &TrainingSession::failed, this, &StudioState::trainingEnded);
    connect(&m_settings, &Settings::changed, this, [this](Setting setting) {
        if (setting == Setting::Workspace) {
            forgetShownRun();
            m_runs.setWorkspace(m_settings.workspaceFolder());
        } else if (setting == Setting::ModelFolders || setting == Setting::ExtraModelRoots)
            rescanModels();
        else if (setting == Setting::DefaultDevice || setting == Setting::DefaultThreads)
            editJob([this](TrainingArguments& job) {
                job.device = m_settings.text(Setting::DefaultDevice).toStdString();
                job.threads = m_settings.value(Setting::DefaultThreads).toInt();
            });
    });
    if (auto job = storedJob(settings)) {
        applyJob(*job);
    } else {
        chooseDemo();
    }
    m_runs.refresh();
}

StudioState::~StudioState()
{
    if (m_saveJob.isActive())
        m_settings.setValue(Setting::Job, QString::fromStdString(jsonLine(toJson(m_job))));
}

DataSession& StudioState::data(DataPart part)
{
    switch (part) {
    case DataPart::Validation:
        return m_validationData;
    case DataPart::Test:
        return m_testData;
    case DataPart::Train:
        break;
    }
    return m_trainData;
}

void StudioState::editJob(const std::function<void(TrainingArguments&)>& change)
{
    auto job = m_job;
    change(job);
    setJob(job);
}

void StudioState::setJob(const TrainingArguments& job)
{
    if (job == m_job)
        return;
    applyJob(job);
    m_saveJob.start();
}

void StudioState::applyJob(const TrainingArguments& job)
{
    const bool otherModel = job.modelNameOrPath != m_job.modelNameOrPath;
    m_job = job;
    for (auto* data : {&m_trainData, &m_validationData, &m_testData})
        data->setArguments(job);
    if (otherModel)
        inspectModel();
    Q_EMIT jobChanged();
}

int64_t StudioState::trainRowCount() const
{
    const auto dataset = m_trainData.dataset();
    if (!dataset)
        return 0;
    const auto rows = dataset->size();
    const auto part = [rows](double share) { return std::llround(static_cast<double>(rows) * share); };
    const bool holdsOut = m_job.validationFile.empty() && m_job.evalStrategy != "no";
    auto left = rows - (holdsOut ? part(m_job.validationSplit) : 0)
        - (m_job.testFile.empty() ? part(m_job.testSplit) : 0);
    if (m_job.maxTrainSamples > 0)
        left = std::min<int64_t>(left, m_job.maxTrainSamples);
    return std::max<int64_t>(0, left);
}

std::optional<QString> StudioState::onlyLabel() const
{
    const auto dataset = m_trainData.dataset();
    if (!dataset || !dataset->isLabelled() || problemType(m_job) != ProblemType::SingleLabel)
        return std::nullopt;
    const auto& counts = dataset->labelCounts();
    const auto isThere = [](int64_t rows) { return rows > 0; };
    if (std::ranges::count_if(counts, isThere) != 1)
        return std::nullopt;
    const auto found = std::ranges::find_if(counts, isThere) - counts.begin();
    return QString::fromStdString(dataset->labelNames()[static_cast<size_t>(found)]);
}

bool StudioState::hasEmptyPart() const
{
    const auto dataset = m_trainData.dataset();
    if (!dataset)
        return false;
    const auto rows = dataset->size();
    const bool holdsOut = m_job.validationFile.empty() && m_job.evalStrategy != "no";
    int64_t taken = 0;
    for (const auto share :
        {holdsOut ? m_job.validationSplit : 0.0, m_job.testFile.empty() ? m_job.testSplit : 0.0}) {
        const auto part = std::llround(share * static_cast<double>(rows));
        if (share > 0 && part == 0)
            return true;
        taken += part;
    }
    return taken >= rows;
}

ProblemType StudioState::problemType(const TrainingArguments& job) const
{
    auto asked = parseProblemType(job.problemType);
    if (asked == ProblemType::Auto && m_modelInfo && !m_modelInfo->problemType.empty())
        asked = parseProblemType(m_modelInfo->problemType);
    return trainedProblemType(
        asked, *m_trainData.dataset(), m_modelInfo ? m_modelInfo->labels.size() : size_t{0});
}

TrainingArguments StudioState::withPreset(const TrainingArguments& job) const
{
    const auto rows = trainRowCount();
    if (preset() == QLatin1String("custom") || rows <= 0)
        return job;
    return applyPreset(job, preset().toStdString(), rows, problemType(job));
}

TrainingArguments StudioState::untouchedSettings() const
{
    const bool other = preset() == QLatin1String("quick") || preset() == QLatin1String("thorough");
    const auto name = other ? preset() : QStringLiteral("balanced");
    const bool known = m_trainData.dataset() != nullptr;
    auto settings = applyPreset({}, name.toStdString(), std::max<int64_t>(1, trainRowCount()),
        known ? problemType(m_job) : ProblemType::SingleLabel);
    if (!known)
        settings.metricForBestModel = m_job.metricForBestModel; // the data decide it
    return settings;
}

void StudioState::setPreset(const QString& preset)
{
    m_settings.setValue(Setting::Preset, preset);
    applyChosenPreset();
    Q_EMIT jobChanged();
}

void StudioState::applyChosenPreset()
{
    setJob(withPreset(m_job));
}

void StudioState::chooseDemo()
{
    editJob([](TrainingArguments& job) { job.modelNameOrPath.clear(); });
    chooseDemoData(false);
}

void StudioState::chooseDemoData(bool chinese)
{
    try {
        auto demo = demoJob(chinese);
        editJob([&](TrainingArguments& job) {
            if (job.modelNameOrPath.empty())
                job.modelNameOrPath = demo.modelNameOrPath;
            job.trainFile.clear(); // another file, even where the demo is the training file already
            changeTrainFile(job, demo.trainFile);
            job.testFile = demo.testFile;
        });
    } catch (const Error&) {
        // Without the bundled files the pages show their empty states, which say what to choose.
    }
}

void StudioState::chooseModel(const QString& folder)
{
    editJob([&](TrainingArguments& job) { job.modelNameOrPath = folder.toStdString(); });
}

void StudioState::openDataFile(const QString& file, DataPart part)
{
    editJob([&](TrainingArguments& job) {
        const auto path = QDir::cleanPath(file).toStdString();
        if (part == DataPart::Validation)
            job.validationFile = path;
        else if (part == DataPart::Test)
            job.testFile = path;
        else
            changeTrainFile(job, path);
    });
    m_settings.remember(Setting::RecentFiles, QDir::cleanPath(file));
}

void StudioState::inspectModelAgain()
{
    inspectModel();
}

void StudioState::inspectModel()
{
    m_modelInfo.reset();
    m_modelError.reset();
    const std::filesystem::path folder(m_job.modelNameOrPath);
    if (folder.empty()) {
        m_inspect.cancel();
    } else {
        m_inspect.start([folder](const TaskControl&) { return inspectCheckpoint(folder); },
            [this](CheckpointInfo info) {
                m_modelInfo = std::move(info);
                applyChosenPreset();
                Q_EMIT modelInfoChanged();
            });
    }
    Q_EMIT modelInfoChanged();
}

void StudioState::addModelFolder(const QString& folder)
{
    m_settings.remember(Setting::ModelFolders, QDir::cleanPath(folder), 200);
}

void StudioState::removeModelFolder(const QString& folder)
{
    auto folders = m_settings.list(Setting::ModelFolders);
    folders.removeAll(folder);
    m_settings.setValue(Setting::ModelFolders, folders);
}

void StudioState::rescanModels()
{
    const auto added = m_settings.list(Setting::ModelFolders);
    const auto roots = m_settings.list(Setting::ExtraModelRoots);
    std::vector<std::pair<std::string, std::filesystem::path>> finished;
    for (const auto& run : m_runs.runs()) {
        if (run.state == RunState::Completed || run.state == RunState::Stopped)
            finished.emplace_back(run.name, run.folder);
    }
    m_scan.start(
        [added, roots, finished](const TaskControl& control) {
            QList<KnownModel> models;
            std::set<QString> seen;
            const auto add = [&](KnownModel::Origin origin, const QString& name, const QString& folder) {
                if (seen.insert(folder).second)
                    models.append({origin, name, folder});
            };
            try {
                add(KnownModel::Origin::Starter, QStringLiteral("all-MiniLM-L6-v2"),
                    pathString(starterModelFolder()));
            } catch (const Error&) {
                // No starter model here: the list begins with the folders that were added.
            }
            for (const auto& folder : added)
                add(KnownModel::Origin::Added, folderName(folder), folder);
            for (const auto& root : roots) {
                control.throwIfStopped();
                for (const auto& folder : findCheckpoints(std::filesystem::path(root.toStdString())))
                    add(KnownModel::Origin::Found, folderName(pathString(folder)), pathString(folder));
            }
            for (const auto& cached : findHuggingFaceCache())
                add(KnownModel::Origin::HuggingFaceCache, QString::fromStdString(cached.name),
                    pathString(cached.folder));
            for (const auto& [name, folder] : finished) {
                if (std::filesystem::exists(folder / "config.json"))
                    add(KnownModel::Origin::Run, QString::fromStdString(name), pathString(folder));
            }
            return models;
        },
        [this](QList<KnownModel> models) {
            m_knownModels = std::move(models);
            Q_EMIT knownModelsChanged();
        });
}

void StudioState::startTraining()
{
    if (m_training.isRunning())
        return;
    const auto job = m_job;
    m_runs.requestNewFolder(
        stem(job.modelNameOrPath + "/"), stem(job.trainFile),
        [this, job](const auto& folder) {
            auto arguments = job;
            arguments.outputDir = pathText(folder);
            launch(arguments);
        },
        [this](const CaughtError& error) {
            openPage(PageId::Train); // where the error is shown
            Q_EMIT startFailed(error.kind, error.detail);
        });
}

void StudioState::resumeRun(const std::filesystem::path& folder, bool allowChangedData)
{
    if (m_training.isRunning())
        return;
    m_prepare.start(
        [folder, allowChangedData](const TaskControl&) {
            auto arguments = readRunArguments(folder);
            arguments.allowChangedData = allowChangedData;
            arguments.outputDir = pathText(folder);
            arguments.resumeFromCheckpoint = "";
            return arguments;
        },
        [this](const TrainingArguments& arguments) { launch(arguments); });
}

void StudioState::goBack(std::optional<int64_t> step, double learningRate)
{
    auto arguments = m_training.run()->arguments;
    arguments.learningRate = learningRate;
    arguments.overwriteOutputDir = !step;
    arguments.resumeFromCheckpoint.reset();
    if (step)
        arguments.resumeFromCheckpoint
            = pathText(std::filesystem::path(arguments.outputDir) / ("checkpoint-" + std::to_string(*step)));
    if (!m_training.isRunning()) {
        launch(arguments);
        return;
    }
    m_next = arguments;
    m_training.discard();
}

void StudioState::launch(const TrainingArguments& arguments)
{
    if (m_training.isRunning())
        return;
    m_inference.forget(QString::fromStdString(arguments.outputDir));
    m_training.start(arguments);
    openPage(PageId::Train);
}

void StudioState::trainingEnded()
{
    const auto& run = *m_training.run();
    if (m_next) // once everybody has heard of the end
        QMetaObject::invokeMethod(
            this, [this, next = *std::exchange(m_next, std::nullopt)] { launch(next); },
            Qt::QueuedConnection);
    const std::filesystem::path folder(run.arguments.outputDir);
    if (!run.start)
        return; // failed before it began: there is nothing to list or to show
    m_inference.forget(pathString(folder));
    m_runs.add(folder);
    m_shownRun = folder;
    Q_EMIT shownRunChanged();
}

void StudioState::showRun(const std::filesystem::path& folder)
{
    m_shownRun = folder;
    Q_EMIT shownRunChanged();
    openPage(PageId::Results);
}

void StudioState::forgetShownRun()
{
    m_shownRun.clear();
    Q_EMIT shownRunChanged();
}

void StudioState::tryModel(const QString& folder)
{
    Q_EMIT tryModelRequested(folder);
    openPage(PageId::TryIt);
}

} // namespace studio
