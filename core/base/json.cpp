// SPDX-License-Identifier: MIT
#include "core/base/json.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"

#include <algorithm>

namespace studio {

namespace {
/// "line 3, column 7" of a byte offset.
std::string position(std::string_view text, size_t offset)
{
    const auto head = text.substr(0, std::min(offset, text.size()));
    const auto line = 1 + std::count(head.begin(), head.end(), '\n');
    const auto lineStart = head.rfind('\n');
    const auto column = head.size() - (lineStart == std::string_view::npos ? 0 : lineStart + 1) + 1;
    return concat("line ", static_cast<int64_t>(line), ", column ", column);
}
constexpr size_t g_maxDepth = 500;
} // namespace

size_t jsonDepth(std::string_view text) noexcept
{
    size_t depth = 0, deepest = 0;
    bool inString = false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return deepest;
}

Json parseJson(std::string_view text, std::string_view name, bool settings)
{
    if (jsonDepth(text) > g_maxDepth)
        throw Error(settings ? ErrorKind::Settings : ErrorKind::Checkpoint,
            concat(name, " is not usable: its JSON is nested more than ", g_maxDepth, " deep."));
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        throw Error(settings ? ErrorKind::Settings : ErrorKind::Checkpoint,
            concat(name, " is not valid JSON: a mistake at ",
                position(text, error.byte > 0 ? error.byte - 1 : 0), "."));
    } catch (const Json::exception& error) {
        throw Error(settings ? ErrorKind::Settings : ErrorKind::Checkpoint,
            concat(name, " holds JSON that cannot be used: ", error.what(), "."));
    }
}

Json readJsonFile(const std::filesystem::path& file, bool settings)
{
    const auto content = readFile(file);
    std::string_view text = content;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    return parseJson(text, concat("'", pathText(file), "'"), settings);
}

std::string jsonLine(const Json& value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace studio
