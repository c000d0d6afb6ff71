// SPDX-License-Identifier: MIT
#include "core/text/regular_expression.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/text/regex_tables.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <mutex>
#include <oniguruma.h>
#include <optional>
#include <utility>

namespace studio {
namespace {

std::string messageOf(int code, const OnigErrorInfo* info)
{
    std::array<UChar, ONIG_MAX_ERROR_MESSAGE_LEN> buffer{};
    const int length = info != nullptr && info->par != nullptr
        ? onig_error_code_to_str(buffer.data(), code, info)
        : onig_error_code_to_str(buffer.data(), code);
    return {buffer.begin(), buffer.begin() + length};
}

const UChar* bytesOf(std::string_view text)
{
    return reinterpret_cast<const UChar*>(text.data());
}

/// The character that stands for `c`, or `c` itself.
char32_t standInFor(char32_t c, bool alphabetic)
{
    if (c < 0x363 || (c >= 0x3200 && c < 0xA7CB) || (c >= 0xAB6A && c < 0x10000))
        return c; // most texts hold no other characters
    const auto table = standIns();
    const auto after = std::upper_bound(table.begin(), table.end(), c,
        [](char32_t value, const StandIn& entry) { return value < entry.first; });
    if (after == table.begin())
        return c;
    const auto& entry = *std::prev(after);
    return c <= entry.last && (alphabetic || !entry.alphabetic) ? entry.replacement : c;
}

/// `text` with the characters that this Oniguruma's tables do not know rightly replaced; nullopt when there
/// is none.
std::optional<std::string> withStandIns(std::string_view text, bool alphabetic)
{
    std::optional<std::string> result;
    for (size_t at = 0; at < text.size();) {
        const size_t from = at;
        const char32_t c = nextCodePoint(text, at), standIn = standInFor(c, alphabetic);
        if (standIn == c)
            continue;
        if (!result)
            result = std::string(text);
        const auto bytes = toUtf8(std::u32string_view(&standIn, 1)); // of the same length
        std::copy(bytes.begin(), bytes.end(), result->begin() + static_cast<std::ptrdiff_t>(from));
    }
    return result;
}

/// Whether `pattern` may ask for one of the classes that hold the alphabetic stand-ins.
bool asksForAlphabetic(std::string_view pattern)
{
    std::string lower(pattern);
    for (char& c : lower)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const auto holds = [&](const char* name) { return lower.find(name) != std::string::npos; };
    return holds("alpha") || holds("alnum") || holds("lower");
}

/// `pattern` with what [[:punct:]] means to the reference's Oniguruma: symbols too.
std::string withPunctuation(std::string_view pattern)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 2> classes{
        {{"[:punct:]", R"(\p{P}\p{S})"}, {"[:^punct:]", R"([^\p{P}\p{S}])"}}};
    std::string result;
    int depth = 0; // of brackets
    for (size_t at = 0; at < pattern.size();) {
        const auto* const found = std::find_if(classes.begin(), classes.end(),
            [&](const auto& entry) { return depth > 0 && pattern.substr(at).starts_with(entry.first); });
        if (found != classes.end()) {
            result += found->second;
            at += found->first.size();
            continue;
        }
        const size_t length = pattern[at] == '\\' && at + 1 < pattern.size() ? 2 : 1;
        if (pattern[at] == '[')
            ++depth;
        else if (pattern[at] == ']' && depth > 0)
            --depth;
        result.append(pattern, at, length);
        at += length;
    }
    return result;
}

struct RegionDeleter {
    void operator()(OnigRegion* region) const { onig_region_free(region, 1); }
};

} // namespace

struct RegularExpression::Compiled {
    explicit Compiled(RegularExpression* owner, const std::string& place)
    {
        static std::once_flag initialised;
        std::call_once(initialised, [] {
            OnigEncoding encodings[] = {ONIG_ENCODING_UTF8};
            onig_initialize(encodings, 1);
        });
        static std::mutex compiling; // onig_new fills tables of its own at first use
        const std::lock_guard lock(compiling);
        const auto pattern = withPunctuation(owner->m_pattern);
        alphabetic = asksForAlphabetic(pattern);
        OnigErrorInfo info{};
        const int code = onig_new(&regex, bytesOf(pattern), bytesOf(pattern) + pattern.size(),
            ONIG_OPTION_NONE, ONIG_ENCODING_UTF8, ONIG_SYNTAX_DEFAULT, &info);
        if (code != ONIG_NORMAL) {
            throw Error(ErrorKind::Checkpoint,
                concat(place, ": the regular expression \"", elided(owner->m_pattern, 200),
                    "\" is not valid: ", messageOf(code, &info), "."));
        }
    }
    ~Compiled() { onig_free(regex); }
    Compiled(const Compiled&) = delete;
    Compiled& operator=(const Compiled&) = delete;

    re_pattern_buffer* regex = nullptr;
    bool alphabetic = false;
};

RegularExpression::RegularExpression(std::string_view pattern, const std::string& place)
    : m_pattern(pattern)
{
    m_compiled = std::make_unique<const Compiled>(this, place);
}
RegularExpression::RegularExpression(RegularExpression&&) noexcept = default;
RegularExpression& RegularExpression::operator=(RegularExpression&&) noexcept = default;
RegularExpression::~RegularExpression() = default;

void RegularExpression::find(std::string_view original, std::vector<PatternMatch>& matches) const
{
    const auto replaced = withStandIns(original, m_compiled->alphabetic);
    const std::string_view text = replaced ? std::string_view(*replaced) : original;
    const UChar *begin = bytesOf(text), *end = begin + text.size();
    const std::unique_ptr<OnigRegion, RegionDeleter> region(onig_region_new());
    std::optional<size_t> last;
    for (size_t at = 0; at <= text.size();) {
        onig_region_clear(region.get());
        const int found
            = onig_search(m_compiled->regex, begin, end, begin + at, end, region.get(), ONIG_OPTION_NONE);
        if (found == ONIG_MISMATCH)
            return;
        if (found < 0) {
            throw Error(ErrorKind::Data,
                concat("The tokeniser's regular expression \"", elided(m_pattern, 200),
                    "\" cannot be matched against the text \"", elided(text, 40),
                    "\": ", messageOf(found, nullptr), "."));
        }
        const PatternMatch match{static_cast<size_t>(region->beg[0]), static_cast<size_t>(region->end[0])};
        if (match.start == match.end && last == match.end) { // or it would be found for ever
            do
                ++at;
            while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
            continue;
        }
        matches.push_back(match);
        last = at = match.end;
    }
}

} // namespace studio
