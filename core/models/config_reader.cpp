// SPDX-License-Identifier: MIT
#include "core/models/config_reader.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/nn/activation.h"

#include <cmath>

namespace studio {

ConfigReader::ConfigReader(const Json& config, std::string file, std::set<std::string> separateTensors)
    : m_config(config)
    , m_file(std::move(file))
    , m_separate(std::move(separateTensors))
{
    if (!config.is_object())
        throw Error(ErrorKind::Checkpoint, concat(m_file, " is not a JSON object."));
}

const Json* ConfigReader::find(std::string_view key) const
{
    const auto found = m_config.find(key);
    return found == m_config.end() ? nullptr : &*found;
}

void ConfigReader::fail(std::string_view key, std::string_view expected) const
{
    const auto* value = find(key);
    if (!value)
        throw Error(ErrorKind::Checkpoint,
            concat(m_file, ": the key '", key, "' is absent, expected ", expected, "."));
    throw Error(ErrorKind::Checkpoint,
        concat(m_file, ": '", key, "' is ", elided(jsonLine(*value), 60), ", expected ", expected, "."));
}

int64_t ConfigReader::integer(
    std::string_view key, int64_t minimum, int64_t maximum, std::optional<int64_t> fallback) const
{
    const auto* value = find(key);
    if (!value && fallback)
        return *fallback;
    const auto expected = concat("a whole number from ", minimum, " to ", maximum);
    if (!value || !value->is_number_integer())
        fail(key, expected);
    if (value->is_number_unsigned() && value->get<uint64_t>() > uint64_t(maximum))
        fail(key, expected);
    const auto number = value->get<int64_t>();
    if (number < minimum || number > maximum)
        fail(key, expected);
    return number;
}

double ConfigReader::number(
    std::string_view key, double minimum, double maximum, std::optional<double> fallback) const
{
    const auto* value = find(key);
    if (!value && fallback)
        return *fallback;
    const auto expected = concat("a number from ", minimum, " to ", maximum);
    if (!value || !value->is_number())
        fail(key, expected);
    const auto number = value->get<double>();
    if (!(number >= minimum && number <= maximum))
        fail(key, expected);
    return number;
}

double ConfigReader::numberOrNull(std::string_view key, double minimum, double maximum, double fallback) const
{
    const auto* value = find(key);
    return !value || value->is_null() ? fallback : number(key, minimum, maximum);
}

std::string ConfigReader::text(std::string_view key, std::optional<std::string> fallback) const
{
    const auto* value = find(key);
    if (!value && fallback)
        return *fallback;
    if (!value || !value->is_string())
        fail(key, "a string");
    return value->get<std::string>();
}

bool ConfigReader::boolean(std::string_view key, bool fallback) const
{
    const auto* value = find(key);
    if (!value)
        return fallback;
    if (!value->is_boolean())
        fail(key, "true or false");
    return value->get<bool>();
}

std::string_view statedWord(const ConfigReader& reader, std::string_view own, std::string_view common)
{
    return reader.json().contains(common) ? common : own;
}

std::optional<int64_t> optionalInteger(const ConfigReader& reader, std::string_view key, int64_t minimum,
    int64_t maximum, std::optional<int64_t> absent)
{
    const auto value = reader.json().find(key);
    if (value == reader.json().end())
        return absent;
    return value->is_null() ? std::nullopt : std::optional(reader.integer(key, minimum, maximum));
}

std::optional<int64_t> readPaddingId(
    const ConfigReader& reader, int64_t vocabularySize, std::optional<int64_t> absent)
{
    const auto id = optionalInteger(reader, "pad_token_id", -vocabularySize, vocabularySize - 1, absent);
    if (id && *id >= vocabularySize)
        reader.fail("pad_token_id",
            concat("null or an id of the ", vocabularySize, " entries (without the key it is ", *id, ")"));
    return id;
}

int64_t paddingRowOf(std::optional<int64_t> paddingId, int64_t vocabularySize)
{
    if (!paddingId)
        return -1;
    return *paddingId < 0 ? *paddingId + vocabularySize : *paddingId;
}

Activation readActivation(const ConfigReader& reader, std::string_view key, Activation fallback)
{
    if (!reader.json().contains(key))
        return fallback;
    const auto activation = findActivation(reader.text(key));
    if (!activation) {
        std::string names;
        for (const auto& name : activationNames())
            names += concat(names.empty() ? "" : ", ", name);
        reader.fail(key, concat("one of ", names));
    }
    return *activation;
}

} // namespace studio
