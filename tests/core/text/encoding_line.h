// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/concat.h"
#include "core/base/file.h"
#include "core/text/tokenizer.h"

#include <sstream>
#include <string>
#include <vector>

namespace studio::tests {

template <typename Numbers>
std::string joined(const Numbers& numbers)
{
    std::string text;
    for (const auto number : numbers)
        text += concat(text.empty() ? "" : ",", int64_t{number});
    return text;
}

inline std::string spansText(const std::vector<TokenSpan>& spans)
{
    std::string text;
    for (const auto& span : spans)
        text += concat(text.empty() ? "" : ",", span.start, "-", span.end);
    return text;
}

/// Everything about an encoding, as tests/reference/tokenizer_lines.py writes it.
inline std::string encodingLine(const Tokenizer& tokenizer, const Encoding& encoding)
{
    std::string tokens;
    for (size_t i = 0; i < encoding.tokens.size(); ++i)
        tokens += concat(i == 0 ? "" : "\x1f", encoding.tokens[i]);
    return concat(joined(encoding.ids), "|", joined(encoding.typeIds), "|", spansText(encoding.offsets), "|",
        joined(encoding.specialTokensMask), "|", joined(encoding.sequenceIds), "|", tokens, "|",
        tokenizer.decode(encoding.ids, false), "|", tokenizer.decode(encoding.ids, true));
}

inline std::string shortLine(const Encoding& encoding)
{
    return concat(joined(encoding.ids), "|", spansText(encoding.offsets));
}

inline std::vector<std::string> linesOf(const std::filesystem::path& file)
{
    std::vector<std::string> lines;
    std::istringstream text(readFile(file));
    for (std::string line; std::getline(text, line);)
        lines.push_back(line);
    return lines;
}

inline std::string digest(const std::string& lines)
{
    return sha256(lines).substr(0, 16);
}

} // namespace studio::tests
