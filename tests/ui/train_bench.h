// SPDX-License-Identifier: MIT
#pragma once

#include "tests/ui/page_fixture.h"
#include "tests/ui/tiny_run.h"
#include "ui/pages/train/train_page.h"

#include <QPushButton>
#include <QSignalSpy>

namespace studio {

/// Settings, state and Train page of one test over folders of their own.
struct TrainBench {
    QTemporaryDir folder;
    Language language;
    std::unique_ptr<Settings> settings;
    std::unique_ptr<StudioState> state;
    std::unique_ptr<TrainPage> page;

    explicit TrainBench(int rows = 96)
    {
        language.setLanguage(QStringLiteral("en"));
        settings = std::make_unique<Settings>(folder.filePath(QStringLiteral("studio.ini")));
        settings->setValue(Setting::Workspace, folder.filePath(QStringLiteral("workspace")));
        settings->setValue(Setting::Preset, QStringLiteral("custom"));
        state = std::make_unique<StudioState>(*settings);
        state->setJob(makeTinyJob(folder.path().toStdString(), rows));
        page = std::make_unique<TrainPage>(*state);
        page->resize(1200, 700);
        page->show();
    }
    template <typename Widget>
    Widget* find(const char* name) const
    {
        return child<Widget>(*page, name);
    }
    void waitUntilReady() const
    {
        QTRY_VERIFY_WITH_TIMEOUT(page->canStart() && state->data().dataset() && state->modelInfo(), 20000);
    }
    /// Of 200 epochs; returns when it has made some steps.
    void startLongRun() const
    {
        state->editJob([](TrainingArguments& job) { job.numTrainEpochs = 200; });
        waitUntilReady();
        QTest::mouseClick(find<QPushButton>("startButton"), Qt::LeftButton);
        auto& training = state->training();
        QTRY_VERIFY_WITH_TIMEOUT(training.run() && training.run()->step() > 5, 30000);
    }
    void trainToTheEnd() const
    {
        QSignalSpy finished(&state->training(), &TrainingSession::finished);
        QTest::mouseClick(find<QPushButton>("startButton"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 60000);
    }
};

} // namespace studio
