// SPDX-License-Identifier: MIT
#include "core/train/argument_values.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/unicode.h"
#include "core/train/arguments.h"

#include <algorithm>
#include <cmath>

namespace studio {

namespace {

/// The value as a message shows it.
std::string shown(const Json& value)
{
    if (value.is_string())
        return concat('\'', elided(value.get_ref<const std::string&>(), 60), '\'');
    if (value.is_number_float())
        return numberText(value.get<double>());
    return elided(jsonLine(value), 60);
}

[[noreturn]] void fail(const std::string& name, const Json& value, std::string_view expected)
{
    throw Error(ErrorKind::Settings, concat(name, " is ", shown(value), "; it must be ", expected, "."));
}

std::string rangeText(
    std::string_view what, std::optional<double> minimum, std::optional<double> maximum, bool exclusive)
{
    if (minimum && maximum)
        return concat(
            what, exclusive ? " above " : " from ", *minimum, exclusive ? " and at most " : " to ", *maximum);
    if (minimum)
        return concat(what, exclusive ? " above " : " of at least ", *minimum);
    return maximum ? concat(what, " of at most ", *maximum) : std::string(what);
}

bool inside(double number, std::optional<double> minimum, std::optional<double> maximum, bool exclusive)
{
    if (!std::isfinite(number))
        return false;
    if (minimum && (exclusive ? number <= *minimum : number < *minimum))
        return false;
    return !maximum || number <= *maximum;
}

} // namespace

std::string canonicalName(std::string_view name)
{
    while (name.starts_with('-'))
        name.remove_prefix(1);
    std::string canonical(name);
    std::replace(canonical.begin(), canonical.end(), '-', '_');
    return canonical;
}

bool isUnset(const Json& value)
{
    return value.is_null() || value == "" || value == "none" || value == "null";
}

double numberValue(const std::string& name, const Json& value, std::optional<double> minimum,
    std::optional<double> maximum, bool minimumExclusive)
{
    std::optional<double> number;
    if (value.is_number())
        number = value.get<double>();
    else if (value.is_string())
        number = parseNumber<double>(value.get_ref<const std::string&>());
    if (!number || !inside(*number, minimum, maximum, minimumExclusive))
        fail(name, value, rangeText("a number", minimum, maximum, minimumExclusive));
    return *number;
}

int64_t integerValue(
    const std::string& name, const Json& value, std::optional<double> minimum, std::optional<double> maximum)
{
    std::optional<int64_t> number;
    if (value.is_number_unsigned()) {
        if (value.get<uint64_t>() <= static_cast<uint64_t>(INT64_MAX))
            number = value.get<int64_t>();
    } else if (value.is_number_integer()) {
        number = value.get<int64_t>();
    } else if (value.is_number_float()) {
        const double real = value.get<double>();
        if (std::abs(real) < 1e15 && std::floor(real) == real)
            number = static_cast<int64_t>(real);
    } else if (value.is_string()) {
        number = parseNumber<int64_t>(value.get_ref<const std::string&>());
    }
    if (!number || !inside(static_cast<double>(*number), minimum, maximum, false))
        fail(name, value, rangeText("a whole number", minimum, maximum, false));
    return *number;
}

bool booleanValue(const std::string& name, const Json& value)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_string()) {
        auto text = value.get<std::string>();
        std::transform(text.begin(), text.end(), text.begin(),
            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (text == "true" || text == "yes" || text == "on" || text == "1")
            return true;
        if (text == "false" || text == "no" || text == "off" || text == "0")
            return false;
    }
    fail(name, value, "true or false");
}

std::string textValue(const std::string& name, const Json& value)
{
    if (!value.is_string())
        fail(name, value, "a text");
    return value.get<std::string>();
}

std::string choiceValue(const std::string& name, const Json& value, const std::vector<std::string>& choices,
    const std::vector<std::pair<std::string, std::string>>& synonyms)
{
    std::string listed;
    for (size_t i = 0; i < choices.size(); ++i)
        listed += concat(i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ", choices[i]);
    if (value.is_boolean() && std::ranges::find(choices, "true") != choices.end())
        return value.get<bool>() ? "true" : "false";
    if (!value.is_string())
        fail(name, value, listed);
    auto text = value.get<std::string>();
    for (const auto& [synonym, meaning] : synonyms) {
        if (text == synonym)
            text = meaning;
    }
    if (std::ranges::find(choices, text) == choices.end())
        fail(name, value, listed);
    return text;
}

std::vector<std::string> textListValue(const std::string& name, const Json& value)
{
    std::vector<std::string> entries;
    if (value.is_array()) {
        for (const auto& entry : value)
            entries.push_back(textValue(name, entry));
        return entries;
    }
    if (!value.is_string())
        fail(name, value, "a list of texts");
    const auto& text = value.get_ref<const std::string&>();
    if (text.starts_with('['))
        return textListValue(name, parseJson(text, name, true));
    for (size_t start = 0; start <= text.size() && !text.empty();) {
        const auto end = std::min(text.find(',', start), text.size());
        if (end > start)
            entries.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return entries;
}

std::string freezeValue(const std::string& name, const Json& value)
{
    constexpr std::string_view expected = "a number of layers from 0 to 1000, embeddings or encoder";
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (text.empty() || text == "embeddings" || text == "encoder")
            return text;
        const auto count = parseNumber<int64_t>(text);
        if (!count || *count < 0 || *count > 1000)
            fail(name, value, expected);
        return numberText(*count);
    }
    if (!value.is_number_integer() || value < 0 || value > 1000)
        fail(name, value, expected);
    return numberText(value.get<int64_t>());
}

} // namespace studio
