// SPDX-License-Identifier: MIT
#include "tests/ui/tiny_run.h"

#include "tests/core/train/tiny_model.h"

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

} // namespace studio
