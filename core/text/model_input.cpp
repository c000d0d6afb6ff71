// SPDX-License-Identifier: MIT
#include "core/text/model_input.h"

#include "core/base/error.h"

namespace studio {

TokenIds modelInput(const Tokenizer& tokenizer, std::string_view first, const std::string_view* second,
    const EncodeOptions& options)
{
    auto tokens = tokenizer.encodeIds(first, second, options);
    if (!tokens.ids.empty())
        return tokens;
    const auto filler = tokenizer.padId() ? tokenizer.padId() : tokenizer.unknownId();
    if (!filler)
        throw Error(ErrorKind::Data,
            "A text gives no token, and the tokeniser has no padding or unknown token that could stand for "
            "it; leave empty texts out.");
    tokens.ids = {*filler};
    tokens.typeIds = {0};
    return tokens;
}

} // namespace studio
