// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace studio {

/// Values of arguments from JSON or, for flags, from text: one function a kind. All throw Error{Settings}
/// with a sentence that names the argument, the value found and what is allowed.

/// `learning_rate` for "--learning-rate", "learning-rate", "learning_rate".
[[nodiscard]] std::string canonicalName(std::string_view name);
/// null, or the text of a flag that takes a value back: "", "none", "null".
[[nodiscard]] bool isUnset(const Json& value);
/// Rejects "nan" and "inf", text after the number, and values outside the range.
[[nodiscard]] double numberValue(const std::string& name, const Json& value, std::optional<double> minimum,
    std::optional<double> maximum, bool minimumExclusive);
[[nodiscard]] int64_t integerValue(
    const std::string& name, const Json& value, std::optional<double> minimum, std::optional<double> maximum);
/// true, false, or the texts true/false, yes/no, on/off, 1/0.
[[nodiscard]] bool booleanValue(const std::string& name, const Json& value);
[[nodiscard]] std::string textValue(const std::string& name, const Json& value);
[[nodiscard]] std::string choiceValue(const std::string& name, const Json& value,
    const std::vector<std::string>& choices,
    const std::vector<std::pair<std::string, std::string>>& synonyms);
/// A JSON list of texts, one text "a,b", or the text of a JSON list.
[[nodiscard]] std::vector<std::string> textListValue(const std::string& name, const Json& value);
/// "", a number of layers (also as a JSON number), "embeddings" or "encoder".
[[nodiscard]] std::string freezeValue(const std::string& name, const Json& value);

} // namespace studio
