// SPDX-License-Identifier: MIT
#include "app/text_layout.h"

#include "core/base/concat.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace studio::app {
namespace {

struct CodePointRange {
    char32_t first, last;
};

bool isWide(char32_t c)
{
    static constexpr CodePointRange ranges[] = {{0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF},
        {0xA960, 0xA97C}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60},
        {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    return std::any_of(std::begin(ranges), std::end(ranges),
        [c](const CodePointRange& range) { return c >= range.first && c <= range.last; });
}

bool isZeroWidth(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F)
        || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF;
}

std::string padded(const std::string& text, int width, bool left)
{
    const auto missing = static_cast<size_t>(std::max(0, width - displayWidth(text)));
    return left ? text + std::string(missing, ' ') : std::string(missing, ' ') + text;
}

void wrapParagraph(std::string& out, std::string_view paragraph, int width, const std::string& prefix)
{
    std::string line;
    int lineWidth = 0;
    const auto flush = [&] {
        out += prefix + line + "\n";
        line.clear();
        lineWidth = 0;
    };
    for (size_t at = 0; at < paragraph.size();) {
        const auto begin = paragraph.find_first_not_of(" \n", at);
        if (begin == std::string_view::npos)
            break;
        const auto end = std::min(paragraph.find_first_of(" \n", begin), paragraph.size());
        const auto word = paragraph.substr(begin, end - begin);
        at = end;
        const int wordWidth = displayWidth(word);
        if (lineWidth > 0 && lineWidth + 1 + wordWidth > width - displayWidth(prefix))
            flush();
        if (lineWidth > 0) {
            line += ' ';
            ++lineWidth;
        }
        line += word;
        lineWidth += wordWidth;
    }
    if (lineWidth > 0)
        flush();
}

} // namespace

int displayWidth(std::string_view text)
{
    int width = 0;
    for (const char32_t c : toUtf32(text))
        width += isZeroWidth(c) ? 0 : isWide(c) ? 2 : 1;
    return width;
}

std::string wrapped(std::string_view text, int width, int indent, std::string_view lead)
{
    const auto prefix = std::string(static_cast<size_t>(indent), ' ') + std::string(lead);
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find("\n\n"), text.size());
        if (!out.empty())
            out += "\n";
        wrapParagraph(out, text.substr(0, end), width, prefix);
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    return out;
}

std::string definition(const std::string& title, const std::string& text, int width)
{
    constexpr int column = 32;
    auto body = wrapped(text, width, column);
    const auto head = "  " + title;
    if (displayWidth(head) + 2 > column || body.empty())
        return head + "\n" + body;
    return padded(head, column, true) + body.substr(column);
}

std::string tableText(
    const std::vector<std::vector<std::string>>& rows, const std::vector<size_t>& leftAligned)
{
    std::vector<int> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (size_t column = 0; column < row.size(); ++column)
            widths[column] = std::max(widths[column], displayWidth(row[column]));
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (size_t column = 0; column < row.size(); ++column) {
            const bool left = column == 0
                || std::find(leftAligned.begin(), leftAligned.end(), column) != leftAligned.end();
            line += (column == 0 ? "  " : "   ") + padded(row[column], widths[column], left);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string fixedText(double value, int decimals)
{
    if (!std::isfinite(value))
        return "–";
    char buffer[400];
    const auto end
        = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals).ptr;
    return {buffer, end};
}

std::string countText(int64_t value)
{
    auto digits = numberText(value);
    const size_t first = value < 0 ? 1 : 0;
    for (size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string durationText(double seconds)
{
    const auto total = static_cast<int64_t>(std::llround(std::max(0.0, seconds)));
    const auto two = [](int64_t part) { return (part < 10 ? "0" : "") + numberText(part); };
    const auto hours = total / 3600;
    const auto minutes = total / 60 % 60;
    if (hours == 0)
        return concat(minutes, ":", two(total % 60));
    return concat(hours, ":", two(minutes), ":", two(total % 60));
}

std::string bytesText(double bytes)
{
    static const char* const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    size_t unit = 0;
    while (bytes >= 1000 && unit + 1 < std::size(units)) {
        bytes /= 1000;
        ++unit;
    }
    return concat(fixedText(bytes, unit == 0 || bytes >= 100 ? 0 : 1), " ", std::string_view(units[unit]));
}

std::string counted(int64_t count, std::string_view one, std::string_view many)
{
    return concat(countText(count), " ", count == 1 ? one : many);
}

} // namespace studio::app
