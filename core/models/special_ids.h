// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/text/tokenizer.h"

#include <string>

namespace studio {

/// A sentence where config.json names another padding token than the tokeniser: its id is that of an ordinary
/// token there, so that one of the two belongs to another model. Empty: nothing speaks against them.
[[nodiscard]] std::string specialIdMismatch(const Tokenizer& tokenizer, const Json& config);

} // namespace studio
