// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/text/tokenizer.h"

#include <cstdint>
#include <optional>
#include <string>

namespace studio {

/// A sentence where config.json names another padding token than the tokeniser: its id is that of an ordinary
/// token there, so that one of the two belongs to another model. Empty: nothing speaks against them.
[[nodiscard]] std::string specialIdMismatch(const Tokenizer& tokenizer, const Json& config);
/// A sentence where the tokeniser adds no token of this id to a text, though the classifier reads the state
/// at it. Empty: it does, or the classifier needs none.
[[nodiscard]] std::string endTokenMismatch(const Tokenizer& tokenizer, std::optional<int64_t> requiredToken);

} // namespace studio
