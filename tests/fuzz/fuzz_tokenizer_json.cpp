// SPDX-License-Identifier: MIT
// tokenizer.json: whatever it says, texts are encoded and decoded or one sentence is said. What stands behind
// the first empty line is a text to encode.
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/text/tokenizer_loading.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    constexpr std::string_view separator = "\n\n";
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto end = input.find(separator);
    auto text = std::string("The caf\u00e9 \u4e2d\u6587  \U0001F600's <s>[MASK] 12,345\n");
    if (end != std::string_view::npos)
        text += studio::repairUtf8(input.substr(end + separator.size()));
    try {
        const auto tokenizer = studio::readTokenizerJson(std::string(input.substr(0, end)), "fuzzed");
        studio::EncodeOptions options;
        const std::string_view second = "a second text";
        for (const auto* pair : {static_cast<const std::string_view*>(nullptr), &second}) {
            options.maxLength.reset();
            const auto whole = tokenizer->encode(text, pair, options);
            if (tokenizer->encodeIds(text, pair, options).ids != whole.ids)
                __builtin_trap(); // the two ways must agree
            for (const bool skip : {false, true})
                (void)tokenizer->decode(whole.ids, skip);
            options.maxLength = 8;
            options.stride = 2;
            (void)tokenizer->encodeWindows(text, pair, options);
        }
    } catch (const studio::Error&) {
    }
    return 0;
}
