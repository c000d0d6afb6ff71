// SPDX-License-Identifier: MIT
// Answers each line of standard input, for tests/reference/random_tokenizers.py: what `tokenize` cannot say
// too.
//
//     encode_lines FOLDER < lines
//
// {"texts":[FIRST] or [FIRST,SECOND],"special":bool,"max_length":N or null,"strategy":"LongestFirst",
// "side":"Right" or null,"stride":N} → {"windows":[…],"ids":[…]}: the windows of encodeWindows(), and the ids
// of encodeIds(). {"decode":[ids],"skip":bool} → {"text":…}. A refusal → {"error":…}.
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/text/tokenizer.h"

#include <iostream>
#include <string>

namespace studio {
namespace {

TruncationStrategy strategyOf(const std::string& name)
{
    return name == "OnlyFirst" ? TruncationStrategy::OnlyFirst
        : name == "OnlySecond" ? TruncationStrategy::OnlySecond
                               : TruncationStrategy::LongestFirst;
}

Json answer(const Tokenizer& tokenizer, const Json& request)
{
    if (request.contains("decode"))
        return {{"text",
            tokenizer.decode(
                request.at("decode").get<std::vector<int32_t>>(), request.at("skip").get<bool>())}};
    EncodeOptions options;
    options.addSpecialTokens = request.at("special").get<bool>();
    options.truncation = TruncationStrategy::DoNotTruncate;
    if (!request.at("max_length").is_null()) {
        options.maxLength = request.at("max_length").get<int32_t>();
        options.truncation = strategyOf(request.at("strategy").get<std::string>());
        options.stride = request.at("stride").get<int32_t>();
    }
    if (!request.at("side").is_null())
        options.truncationSide = request.at("side") == "Left" ? TruncationSide::Left : TruncationSide::Right;
    const auto texts = request.at("texts").get<std::vector<std::string>>();
    const std::string_view second = texts.size() > 1 ? std::string_view(texts[1]) : std::string_view();
    const auto* secondText = texts.size() > 1 ? &second : nullptr;

    Json result = {{"windows", Json::array()}};
    for (const auto& encoding : tokenizer.encodeWindows(texts.at(0), secondText, options)) {
        auto offsets = Json::array();
        for (const auto& span : encoding.offsets)
            offsets.push_back({span.start, span.end});
        result["windows"].push_back({{"ids", encoding.ids}, {"type_ids", encoding.typeIds},
            {"tokens", encoding.tokens}, {"offsets", std::move(offsets)},
            {"special_tokens_mask", encoding.specialTokensMask}, {"sequence_ids", encoding.sequenceIds}});
    }
    options.stride = 0;
    const auto ids = tokenizer.encodeIds(texts.at(0), secondText, options);
    result["ids"] = ids.ids;
    result["type_ids"] = ids.typeIds;
    return result;
}

} // namespace
} // namespace studio

int main(int argc, char** argv)
{
    using namespace studio;
    if (argc != 2) {
        std::cerr << "usage: encode_lines FOLDER < lines\n";
        return 2;
    }
    try {
        const auto tokenizer = Tokenizer::load(argv[1]);
        for (std::string line; std::getline(std::cin, line);) {
            Json result;
            try {
                result = answer(*tokenizer, Json::parse(line));
            } catch (const Error& error) {
                result = {{"error", error.what()}};
            }
            std::cout << jsonLine(result) << '\n';
        }
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
