// SPDX-License-Identifier: MIT
// config.json of every family: whatever it says, a model is made (without memory for its numbers) or one
// sentence is said.
#include "core/base/error.h"
#include "core/models/registry.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    constexpr int64_t mostLayers = 8; // more of the same takes time and finds nothing
    try {
        auto config = studio::parseJson({reinterpret_cast<const char*>(data), size}, "fuzzed");
        for (const auto* key : {"num_hidden_layers", "num_layers", "n_layer", "n_layers", "encoder_layers",
                 "decoder_layers", "num_decoder_layers", "num_hidden_groups"}) {
            if (config.is_object() && config.contains(key) && config[key].is_number_integer()
                && (config[key].is_number_unsigned() ? config[key].get<uint64_t>() > uint64_t(mostLayers)
                                                     : config[key].get<int64_t>() > mostLayers))
                config[key] = mostLayers;
        }
        const studio::ConfigReader reader(config, "fuzzed");
        const auto& family = studio::findFamily(reader);
        (void)studio::readLabels(reader);
        (void)studio::readProblemType(reader);
        if (family.createSequenceToSequence)
            (void)studio::createLanguageShapes(family, reader);
        if (family.create)
            (void)studio::createShapes(family, reader, 2);
    } catch (const studio::Error&) {
    }
    return 0;
}
