// SPDX-License-Identifier: MIT
#include "tests/ui/tiny_run.h"

#include "tests/core/train/tiny_model.h"

#include <random>

namespace studio {

TrainingArguments makeTinyJob(const std::filesystem::path& folder, int rows)
{
    writeTinyModel(folder / "model", {.labels = {"calm", "loud"}, .dropout = 0.1});
    std::string table = "text,label\n";
    for (int row = 0; row < rows; ++row) {
        const bool loud = row % 2 == 1;
        table += tinyWord(loud ? 3 : 7) + ' ' + tinyWord(row % tinyWords) + ' '
            + tinyWord((row * 7) % tinyWords) + (loud ? ",loud\n" : ",calm\n");
    }
    writeFileAtomically(folder / "train.csv", table);
    TrainingArguments job;
    job.modelNameOrPath = pathText(folder / "model");
    job.trainFile = pathText(folder / "train.csv");
    job.perDeviceTrainBatchSize = 8;
    job.learningRate = 1e-3;
    job.numTrainEpochs = 3;
    job.threads = 1;
    return job;
}

TrainingArguments makeRerankerJob(const std::filesystem::path& folder)
{
    auto job = makeTinyJob(folder);
    writeTinyModel(job.modelNameOrPath, {.labels = {"LABEL_0"}});
    std::string table = "text,label\n";
    for (int row = 0; row < 96; ++row)
        table += tinyWord(row % tinyWords) + ' ' + tinyWord(row % 7) + (row % 2 == 1 ? ",1\n" : ",0\n");
    writeFileAtomically(job.trainFile, table);
    return job;
}

TrainingArguments makeRandomJob(const std::filesystem::path& folder, uint32_t seed, bool learnable)
{
    static constexpr const char* labels[] = {"calm", "loud", "odd"};
    writeTinyModel(folder / "model", {.labels = {labels[0], labels[1], labels[2]}, .dropout = 0.1});
    std::mt19937 random(seed);
    const auto write = [&](const char* name, int rows) {
        std::string table = "text,label\n";
        for (int row = 0; row < rows; ++row) {
            const auto marker = static_cast<int>(random() % 3); // w00, w01 or w02, which occur nowhere else
            std::string text = tinyWord(marker);
            for (auto words = 2 + random() % 5; words > 0; --words)
                text += ' ' + tinyWord(3 + static_cast<int>(random() % (tinyWords - 3)));
            table += text + ',' + labels[learnable ? marker : static_cast<int>(random() % 3)] + '\n';
        }
        writeFileAtomically(folder / name, table);
        return pathText(folder / name);
    };
    TrainingArguments job;
    job.modelNameOrPath = pathText(folder / "model");
    job.trainFile = write("train.csv", 400);
    job.testFile = write("test.csv", 300);
    job.perDeviceTrainBatchSize = 16;
    job.learningRate = 2e-3;
    job.numTrainEpochs = 4;
    job.threads = 1;
    return job;
}

} // namespace studio
