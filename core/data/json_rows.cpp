// SPDX-License-Identifier: MIT
#include "core/data/json_rows.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <cstring>
#include <simdjson.h>
#include <vector>

namespace studio {
namespace {

/// The row with the zero bytes behind it that simdjson wants.
simdjson::padded_string_view padded(std::string_view row)
{
    thread_local std::string buffer;
    buffer.assign(row);
    buffer.resize(row.size() + simdjson::SIMDJSON_PADDING, '\0');
    return simdjson::padded_string_view(buffer.data(), row.size(), buffer.size());
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\n\r");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\n\r") - first + 1);
}

/// End of the string whose opening quote stands at `position`; npos without a closing one.
size_t skipString(std::string_view text, size_t position)
{
    for (size_t from = position + 1;;) {
        const void* hit
            = from < text.size() ? std::memchr(text.data() + from, '"', text.size() - from) : nullptr;
        if (!hit)
            return std::string_view::npos;
        const auto quote = size_t(static_cast<const char*>(hit) - text.data());
        size_t backslashes = 0;
        while (quote - backslashes > from && text[quote - backslashes - 1] == '\\')
            ++backslashes;
        if (backslashes % 2 == 0)
            return quote + 1;
        from = quote + 1;
    }
}

/// End of the number that begins at `position`, by JSON's grammar; `position` where none does.
size_t skipNumber(std::string_view text, size_t position)
{
    const auto digits
        = [&](size_t from) { return std::min(text.size(), text.find_first_not_of("0123456789", from)); };
    const auto whole = position + (text.substr(position, 1) == "-" ? 1 : 0);
    auto end = text.substr(whole, 1) == "0" ? whole + 1 : digits(whole);
    if (end == whole)
        return position;
    if (text.substr(end, 1) == ".") {
        const auto fraction = digits(end + 1);
        if (fraction == end + 1)
            return position;
        end = fraction;
    }
    if (text.substr(end, 1) == "e" || text.substr(end, 1) == "E") {
        const auto sign = end + 1 < text.size() && (text[end + 1] == '+' || text[end + 1] == '-');
        const auto exponent = end + (sign ? 2 : 1);
        end = digits(exponent);
        if (end == exponent)
            return position;
    }
    return end;
}

/// The row with a 0 for each of its numbers: their size is no fault, as their text is what a cell gets.
std::string withoutNumbers(std::string_view row)
{
    std::string out;
    out.reserve(row.size());
    for (size_t position = 0; position < row.size();) {
        const char c = row[position];
        if (c == '"') {
            const auto end = std::min(row.size(), skipString(row, position));
            out += row.substr(position, end - position);
            position = end;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            const auto end = skipNumber(row, position);
            // What is no number stays, to the end of the word, as the fault that it is.
            const auto word = std::min(row.size(), row.find_first_of(",]} \t\r\n", position));
            out += end == word ? std::string_view("0") : row.substr(position, word - position);
            position = std::max(word, position + 1);
        } else {
            out += c;
            ++position;
        }
    }
    return out;
}

bool isRowsName(std::string_view key)
{
    static constexpr std::string_view names[]
        = {"data", "rows", "examples", "records", "items", "train", "instances"};
    return std::find(std::begin(names), std::end(names), key) != std::end(names);
}

void readValue(simdjson::ondemand::value value, std::string_view key, const JsonCellFunction& onCell)
{
    using Type = simdjson::ondemand::json_type;
    switch (Type(value.type())) {
    case Type::string:
        onCell(key, std::string_view(value.get_string()));
        break;
    case Type::null:
        if (bool(value.is_null()))
            onCell(key, {});
        break;
    case Type::object: {
        auto object = value.get_object().value();
        onCell(key, trimmed(std::string_view(object.raw_json())));
        break;
    }
    case Type::array: {
        auto array = value.get_array().value();
        onCell(key, trimmed(std::string_view(array.raw_json())));
        break;
    }
    default:
        onCell(key, trimmed(value.raw_json_token()));
        break;
    }
}

} // namespace

size_t skipJsonSpace(std::string_view text, size_t position)
{
    while (position < text.size()
        && (text[position] == ' ' || text[position] == '\t' || text[position] == '\n'
            || text[position] == '\r'))
        ++position;
    return position;
}

size_t skipJsonValue(std::string_view text, size_t position)
{
    int64_t depth = 0;
    while (position < text.size()) {
        switch (text[position]) {
        case '"':
            position = skipString(text, position);
            if (position == std::string_view::npos || depth == 0)
                return position;
            break;
        case '{':
        case '[':
            ++depth;
            ++position;
            break;
        case '}':
        case ']':
            if (depth == 0)
                return position; // of the container around
            ++position;
            if (--depth == 0)
                return position;
            break;
        case ',':
            if (depth == 0)
                return position;
            ++position;
            break;
        default:
            ++position;
        }
    }
    return depth == 0 ? position : std::string_view::npos;
}

size_t findJsonRows(std::string_view text, std::string_view name)
{
    auto position = skipJsonSpace(text, 0);
    const char first = position < text.size() ? text[position] : '\0';
    if (first == '[')
        return position + 1;
    if (first != '{')
        throw Error(ErrorKind::Data,
            concat(name, ": not JSON: it begins with '", elided(text.substr(position, 20), 8),
                "' where '[' or '{' is expected; choose another format."));
    std::vector<std::pair<std::string, size_t>> arrays;
    position = skipJsonSpace(text, position + 1);
    while (position < text.size() && text[position] == '"') {
        const auto keyEnd = skipString(text, position);
        if (keyEnd == std::string_view::npos)
            break;
        const std::string key(text.substr(position + 1, keyEnd - position - 2));
        position = skipJsonSpace(text, keyEnd);
        if (position >= text.size() || text[position] != ':')
            break;
        position = skipJsonSpace(text, position + 1);
        if (position < text.size() && text[position] == '[')
            arrays.emplace_back(key, position + 1);
        const auto end = skipJsonValue(text, position);
        if (end == std::string_view::npos)
            break;
        position = skipJsonSpace(text, end);
        if (position < text.size() && text[position] == ',')
            position = skipJsonSpace(text, position + 1);
    }
    if (arrays.size() > 1) {
        std::string keys;
        for (const auto& [key, start] : arrays) {
            if (isRowsName(key))
                return start;
            keys += (keys.empty() ? "'" : ", '") + key + "'";
        }
        throw Error(ErrorKind::Data,
            concat(name, ": the JSON object holds ", arrays.size(), " arrays (", elided(keys, 120),
                "); one array of rows is needed: keep one, or name it 'data'."));
    }
    if (arrays.empty())
        throw Error(ErrorKind::Data,
            concat(name,
                ": the JSON object holds no array of rows; expected [{…}, {…}] or {\"data\": [{…}, {…}]}."));
    return arrays.front().second;
}

std::optional<std::string> jsonFault(std::string_view row)
{
    thread_local simdjson::dom::parser parser;
    const auto text = padded(row);
    simdjson::dom::element element;
    const auto fault = parser.parse(text.data(), text.length(), false).get(element);
    if (!fault)
        return std::nullopt;
    // A number too large for 64 bits, perhaps, which is none of JSON's faults.
    const auto plain = withoutNumbers(row);
    const auto again = padded(plain);
    if (!parser.parse(again.data(), again.length(), false).get(element))
        return std::nullopt;
    return std::string(simdjson::error_message(fault));
}

void readJsonRow(std::string_view row, const JsonCellFunction& onCell)
{
    thread_local simdjson::ondemand::parser parser;
    row = trimmed(row);
    const auto text = padded(row);
    try {
        if (row.starts_with('{') || row.starts_with('[')) {
            simdjson::ondemand::document document = parser.iterate(text);
            if (row.front() == '{') {
                for (auto field : document.get_object()) {
                    const std::string key(std::string_view(field.unescaped_key()));
                    readValue(field.value(), key, onCell);
                }
            } else {
                int64_t number = 0;
                for (auto value : document.get_array())
                    readValue(value.value(), concat("column_", ++number), onCell);
            }
        } else if (row.starts_with('"')) {
            // A value alone cannot be iterated: as the one element of an array it can.
            const std::string wrapped = concat("[", row, "]");
            simdjson::ondemand::document document = parser.iterate(padded(wrapped));
            for (auto value : document.get_array())
                readValue(value.value(), "text", onCell);
        } else {
            onCell("text", row == "null" ? std::string_view() : row);
        }
    } catch (const simdjson::simdjson_error&) {
        // A faulty row was reported when the file was opened; its remaining cells are empty.
    }
}

} // namespace studio
