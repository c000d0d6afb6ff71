// SPDX-License-Identifier: MIT
#pragma once

#include "core/models/checkpoint_info.h"
#include "core/train/arguments.h"
#include "ui/session/data_session.h"
#include "ui/session/inference_session.h"
#include "ui/session/known_model.h"
#include "ui/session/run_store.h"
#include "ui/session/settings.h"
#include "ui/session/training_session.h"

#include <functional>
#include <optional>

#include <QList>
#include <QObject>
#include <QTimer>

namespace studio {

enum class PageId { Model, Data, Train, Results, TryIt, Runs, Settings };
[[nodiscard]] QString pageKey(PageId page); ///< "model", … for settings and object names

/// What the person has chosen, kept across restarts, and the sessions that work on it. Pages get one
/// reference to this and share nothing else. GUI thread.
class StudioState : public QObject {
    Q_OBJECT
public:
    explicit StudioState(Settings& settings, QObject* parent = nullptr);
    ~StudioState() override;

    [[nodiscard]] Settings& settings() const { return m_settings; }
    [[nodiscard]] TrainingSession& training() { return m_training; }
    [[nodiscard]] InferenceSession& inference() { return m_inference; }
    [[nodiscard]] RunStore& runs() { return m_runs; }
    [[nodiscard]] DataSession& data(DataPart part = DataPart::Train);

    /// The job as Start would take it: model, files, columns, cleaning, split and every training argument.
    [[nodiscard]] const TrainingArguments& job() const { return m_job; }
    /// The one way to change it: `change` edits a copy; jobChanged() follows when something differs.
    void editJob(const std::function<void(TrainingArguments&)>& change);
    void setJob(const TrainingArguments& job);
    void chooseDemo(); ///< starter model and bundled data
    void chooseDemoData(bool chinese); ///< bundled data, afresh; the model stays when one is chosen
    void chooseModel(const QString& folder);
    /// For one part. Another training file starts its reader settings, columns, task and cleaning afresh.
    void openDataFile(const QString& file, DataPart part = DataPart::Train);

    /// "quick", "balanced", "thorough": kept in step with the size of the data; "custom": as set by hand.
    [[nodiscard]] QString preset() const { return m_settings.text(Setting::Preset); }
    void setPreset(const QString& preset);
    /// `job` with the chosen preset's values; unchanged where that is "custom" or the data is not known.
    [[nodiscard]] TrainingArguments withPreset(const TrainingArguments& job) const;
    /// As they are before a hand changes them: the chosen preset's; in "custom" those of the balanced one.
    [[nodiscard]] TrainingArguments untouchedSettings() const;
    [[nodiscard]] int64_t trainRowCount() const; ///< rows left for training; 0 while unknown
    /// The label that all training rows share, where a classifier needs several.
    [[nodiscard]] std::optional<QString> onlyLabel() const;
    [[nodiscard]] bool hasEmptyPart() const; ///< too few training rows for the shares that are held out

    /// Of job().modelNameOrPath; nullopt while it is being looked at, and on error.
    [[nodiscard]] const std::optional<CheckpointInfo>& modelInfo() const { return m_modelInfo; }
    [[nodiscard]] const std::optional<CaughtError>& modelError() const { return m_modelError; }
    [[nodiscard]] bool isInspectingModel() const { return m_inspect.isRunning(); }
    void inspectModelAgain();
    [[nodiscard]] const QList<KnownModel>& knownModels() const { return m_knownModels; }
    void addModelFolder(const QString& folder);
    void removeModelFolder(const QString& folder); ///< from the list alone
    void rescanModels();

    /// Starts a run of job() in a new folder of the workspace (output_dir is set). Errors: startFailed().
    void startTraining();
    /// An interrupted or stopped run, from its newest checkpoint.
    void resumeRun(const std::filesystem::path& folder, bool allowChangedData = false);
    /// The run that is going on or has just ended begins again at the checkpoint of `step` (without one: from
    /// its start) with another learning rate.
    void goBack(std::optional<int64_t> step, double learningRate);

    /// The run that Results shows; empty: none yet.
    [[nodiscard]] const std::filesystem::path& shownRun() const { return m_shownRun; }
    void showRun(const std::filesystem::path& folder); ///< and opens Results
    void forgetShownRun(); ///< it is gone, or of another workspace
    void tryModel(const QString& folder); ///< opens Try it with this model
    void openPage(PageId page) { Q_EMIT pageRequested(page); }

Q_SIGNALS:
    void jobChanged();
    void modelInfoChanged(); ///< looked at, failed, or begun to be looked at
    void knownModelsChanged();
    void shownRunChanged();
    void tryModelRequested(const QString& folder);
    void pageRequested(studio::PageId page);
    void startFailed(studio::ErrorKind kind, const QString& detail);

private:
    void applyJob(const TrainingArguments& job);
    void launch(const TrainingArguments& arguments);
    void inspectModel();
    void trainingEnded();
    void applyChosenPreset();
    /// As a run of `job` takes it: from the job, else the model, else the data, which must be there.
    [[nodiscard]] ProblemType problemType(const TrainingArguments& job) const;

    Settings& m_settings;
    TrainingArguments m_job;
    std::optional<CheckpointInfo> m_modelInfo;
    std::optional<CaughtError> m_modelError;
    QList<KnownModel> m_knownModels;
    std::filesystem::path m_shownRun;
    std::optional<TrainingArguments> m_next; ///< the run to start when this one has ended
    JobSlot m_inspect, m_scan, m_prepare;
    QTimer m_saveJob; ///< writes the job a moment after the last change
    DataSession m_trainData, m_validationData, m_testData;
    RunStore m_runs;
    InferenceSession m_inference;
    TrainingSession m_training;
};

} // namespace studio
