// SPDX-License-Identifier: MIT
#include "core/models/special_ids.h"

#include "core/base/concat.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <array>

namespace studio {

std::string specialIdMismatch(const Tokenizer& tokenizer, const Json& config)
{
    const auto stated = config.find("pad_token_id");
    const auto pad = tokenizer.padId();
    if (stated == config.end() || !stated->is_number_integer() || !pad)
        return {};
    const auto id = stated->get<int64_t>();
    if (id == *pad || id < 0 || id >= tokenizer.vocabularySize())
        return {};
    const std::array ids{static_cast<int32_t>(id)};
    const auto token = tokenizer.idToToken(ids.front());
    // Some models pad with another special token, and some configurations leave the first id as it was.
    const bool special = tokenizer.decode(ids, true).empty() || tokenizer.unknownId() == ids.front();
    if (special || token.empty())
        return {};
    return concat("config.json gives pad_token_id ", id, ", which is the token '", elided(token, 40),
        "' of the tokeniser, whose padding token '", elided(tokenizer.idToToken(*pad), 40), "' has the id ",
        *pad, "; take the tokeniser files that belong to this model, or correct config.json.");
}

std::string endTokenMismatch(const Tokenizer& tokenizer, std::optional<int64_t> requiredToken)
{
    if (!requiredToken)
        return {};
    const auto ids = tokenizer.encodeIds("a", nullptr).ids;
    if (std::ranges::find(ids, *requiredToken) != ids.end())
        return {};
    return concat("The tokeniser adds no token with id ", *requiredToken,
        " (eos_token_id) to a text, but the classifier reads the state at that token; take the "
        "tokeniser files that belong to this model.");
}

} // namespace studio
