// SPDX-License-Identifier: MIT
#include "core/text/cleaning.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/text/character_table.h"
#include "core/text/html_text.h"

#include <algorithm>
#include <array>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <utility>

namespace studio {
namespace {

struct CleaningStep {
    std::string_view name;
    bool CleaningOptions::*option;
};

constexpr std::array<CleaningStep, 6> steps{
    {{"html", &CleaningOptions::html}, {"urls", &CleaningOptions::urls}, {"nfkc", &CleaningOptions::nfkc},
        {"whitespace", &CleaningOptions::whitespace}, {"drop_empty", &CleaningOptions::dropEmpty},
        {"drop_duplicates", &CleaningOptions::dropDuplicates}}};

bool isAlphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool startsWithIgnoringCase(std::string_view text, std::string_view lowerCase)
{
    return text.size() >= lowerCase.size()
        && std::equal(lowerCase.begin(), lowerCase.end(), text.begin(), [](char expected, char c) {
               return expected == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
           });
}

/// Characters an address goes on with. Beyond ASCII it ends: in Chinese text no space follows it.
bool isUrlCharacter(char c)
{
    return c > ' ' && c < 0x7F && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

/// Length of the web address at the beginning of `text`, or 0.
size_t urlLength(std::string_view text)
{
    size_t head = 0;
    for (const std::string_view scheme : {"https://", "http://", "ftp://", "www."}) {
        if (startsWithIgnoringCase(text, scheme)) {
            head = scheme.size();
            break;
        }
    }
    if (head == 0 || head >= text.size() || !(isAlphanumeric(text[head]) || text[head] == '['))
        return 0;
    size_t end = head;
    int openParentheses = 0;
    while (end < text.size() && isUrlCharacter(text[end])) {
        openParentheses += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
        ++end;
    }
    while (end > head) { // punctuation of the sentence around it
        const char last = text[end - 1];
        const bool unmatched = last == ')' && openParentheses < 0;
        if (!unmatched && std::string_view(".,;:!?'\"*]").find(last) == std::string_view::npos)
            break;
        openParentheses += unmatched ? 1 : 0;
        --end;
    }
    return end > head ? end : 0;
}

std::string removeUrls(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (size_t i = 0; i < text.size();) {
        const bool wordStart = i == 0 || !isAlphanumeric(text[i - 1]);
        if (const auto length = wordStart ? urlLength(text.substr(i)) : 0; length > 0) {
            i += length;
            const bool spaceBefore = out.empty() || out.back() == ' ';
            if (spaceBefore && i < text.size() && text[i] == ' ')
                ++i;
        } else {
            out += text[i++];
        }
    }
    return out;
}

std::string normalizeNfkc(std::string_view text)
{
    UErrorCode status = U_ZERO_ERROR;
    const auto* normalizer = icu::Normalizer2::getNFKCInstance(status);
    std::string out;
    icu::StringByteSink<std::string> sink(&out, static_cast<int32_t>(text.size()));
    if (U_SUCCESS(status))
        normalizer->normalizeUTF8(0, {text.data(), static_cast<int32_t>(text.size())}, sink, nullptr, status);
    if (U_FAILURE(status))
        throw Error(
            ErrorKind::Internal, concat("ICU could not normalise a text of ", text.size(), " bytes."));
    return out;
}

std::string collapseWhiteSpace(std::string_view text)
{
    const auto& table = CharacterTable::instance();
    std::string out;
    out.reserve(text.size());
    bool space = false;
    for (const char32_t c : toUtf32(text)) {
        if (table.is(c, WhiteSpaceCharacter)) {
            space = true;
            continue;
        }
        if (space && !out.empty())
            out += ' ';
        space = false;
        appendUtf8(out, c);
    }
    return out;
}

} // namespace

CleaningOptions parseCleaning(std::string_view list)
{
    CleaningOptions options;
    while (!list.empty()) {
        const auto comma = list.find(',');
        auto entry = list.substr(0, comma);
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
        while (entry.starts_with(' '))
            entry.remove_prefix(1);
        while (entry.ends_with(' '))
            entry.remove_suffix(1);
        if (entry.empty())
            continue;
        std::string name(entry);
        std::replace(name.begin(), name.end(), '-', '_');
        const auto step
            = std::find_if(steps.begin(), steps.end(), [&](const auto& known) { return known.name == name; });
        if (step == steps.end()) {
            std::string names;
            for (const auto& known : steps)
                names += concat(names.empty() ? "" : ", ", known.name);
            throw Error(ErrorKind::Settings,
                concat("The cleaning step \"", entry, "\" is not known; known are ", names, "."));
        }
        options.*(step->option) = true;
    }
    return options;
}

std::vector<std::string> cleaningNames(const CleaningOptions& options)
{
    std::vector<std::string> names;
    for (const auto& step : steps) {
        if (options.*(step.option))
            names.emplace_back(step.name);
    }
    return names;
}

std::string cleanText(std::string_view text, const CleaningOptions& options)
{
    auto cleaned = repairUtf8(text);
    if (options.html)
        cleaned = decodeHtmlEntities(stripHtmlTags(cleaned));
    if (options.urls)
        cleaned = removeUrls(cleaned);
    if (options.nfkc)
        cleaned = normalizeNfkc(cleaned);
    if (options.whitespace)
        cleaned = collapseWhiteSpace(cleaned);
    return cleaned;
}

} // namespace studio
