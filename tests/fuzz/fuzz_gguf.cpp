// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/io/gguf_model.h"

#include <nlohmann/json.hpp>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    constexpr uint64_t most = 1 << 18; // numbers of one tensor that are unpacked here
    const auto ignoringErrors = [](const auto& work) {
        try {
            work();
        } catch (const studio::Error&) {
        }
    };
    ignoringErrors([&] {
        const auto content = studio::readGguf(std::as_bytes(std::span(data, size)), "fuzzed");
        ignoringErrors([&] {
            const auto model = studio::readGgufModel(content, "fuzzed");
            for (const auto& [name, source] : model.sources) {
                const auto count = studio::elementCount(model.entries.at(name).shape).value();
                if (count <= most) {
                    std::vector<float> values(count);
                    studio::readGgufTensor(content, source, values.data());
                }
            }
        });
        ignoringErrors([&] {
            // what is made must be JSON
            (void)nlohmann::json::parse(studio::ggufTokenizerJson(content, "fuzzed"));
            (void)nlohmann::json::parse(studio::ggufTokenizerConfig(content, "fuzzed"));
        });
    });
    return 0;
}
