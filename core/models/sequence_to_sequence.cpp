// SPDX-License-Identifier: MIT
#include "core/models/sequence_to_sequence.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/models/language_checkpoint.h"
#include "core/nn/torch_errors.h"

#include <algorithm>
#include <iterator>

namespace studio {

LoadedSequenceToSequenceModel loadSequenceToSequenceModel(
    const std::filesystem::path& folder, const at::Device& device)
{
    LoadedSequenceToSequenceModel loaded;
    auto [config, configName] = readCheckpointConfig(folder);
    loaded.config = std::move(config);
    const auto& family = findFamily(ConfigReader(loaded.config, configName));
    if (!family.createSequenceToSequence)
        throw Error(ErrorKind::Checkpoint,
            concat(pathText(folder), " holds a ", family.displayName,
                " model, which is no encoder–decoder and has no targets; give a model such as T5 or BART."));

    const CheckpointTensors tensors(folder);
    const ConfigReader reader(loaded.config, configName, separateTensors(family, tensors, true));
    const auto shapes = createLanguageShapes(family, reader);
    auto match = matchTensors(family, shapes->parameters(), tensors);
    std::erase_if(match.missing, [&](const auto& name) { return shapes->mayLack(name); });
    std::ranges::move(checkLanguageTensors(folder, family, match, "sequence-to-sequence model"),
        std::back_inserter(loaded.warnings));
    if (auto warning = ownCodeWarning(loaded.config, family); !warning.empty())
        loaded.warnings.push_back(std::move(warning));
    withTorchErrors("Loading the model", [&] {
        loaded.model = family.createSequenceToSequence(reader, device);
        fillParameters(loaded.model->parameters(), match, tensors);
    });
    return loaded;
}

} // namespace studio
