// SPDX-License-Identifier: MIT
#include "core/text/unicode_normalization.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

namespace studio {
namespace {

constexpr uint8_t lastUnicodeVersion = 9;

// Conjoining Jamo, The Unicode Standard, section 3.12.
constexpr char32_t syllableBase = 0xAC00, leadBase = 0x1100, vowelBase = 0x1161, tailBase = 0x11A7;
constexpr char32_t leadCount = 19, vowelCount = 21, tailCount = 28,
                   syllableCount = leadCount * vowelCount * tailCount;

bool isHangulSyllable(char32_t c)
{
    return c >= syllableBase && c < syllableBase + syllableCount;
}

const UNormalizer2* icuNormalizer(bool compatible)
{
    UErrorCode status = U_ZERO_ERROR;
    const auto* normalizer = compatible ? unorm2_getNFKCInstance(&status) : unorm2_getNFCInstance(&status);
    if (U_FAILURE(status))
        throw Error(
            ErrorKind::Internal, "ICU's normalisation data cannot be loaded; reinstall the ICU library.");
    return normalizer;
}

bool isOldEnough(char32_t c)
{
    UVersionInfo age;
    u_charAge(static_cast<UChar32>(c), age);
    return age[0] >= 1 && age[0] <= lastUnicodeVersion;
}

/// Decompositions and combining classes up to Unicode 9, taken from ICU once: characters never lose or change
/// theirs.
class NormalizationTable {
public:
    NormalizationTable()
    {
        m_pool.push_back(0); // index 0: no decomposition
        for (const auto& [first, last] : {std::pair<char32_t, char32_t>{0xA0, 0x33FF}, {0xA000, 0xABFF},
                 {0xF900, 0xFFFF}, {0x10000, 0x1F2FF}, {0x2F800, 0x2FA1F}}) {
            for (char32_t c = first; c <= last; ++c)
                add(c);
        }
    }
    [[nodiscard]] uint8_t combiningClass(char32_t c) const { return m_classes.at(c); }
    [[nodiscard]] std::u32string_view decomposition(char32_t c, bool compatible) const
    {
        const uint32_t entry = (compatible ? m_compatible : m_canonical).at(c);
        return std::u32string_view(m_pool).substr(entry >> 5, entry & 31);
    }

private:
    /// Blocks of 256 values, absent ones zero.
    template <typename Value>
    struct Blocks {
        std::array<uint16_t, 0x1100> stage{};
        std::vector<Value> values = std::vector<Value>(256);
        [[nodiscard]] Value at(char32_t c) const
        {
            return c < 0x110000 ? values[stage[c >> 8] * size_t{256} + (c & 0xFF)] : Value{};
        }
        void set(char32_t c, Value value)
        {
            auto& block = stage[c >> 8];
            if (block == 0) {
                block = static_cast<uint16_t>(values.size() / 256);
                values.resize(values.size() + 256);
            }
            values[block * size_t{256} + (c & 0xFF)] = value;
        }
    };

    void add(char32_t c)
    {
        if (!isOldEnough(c))
            return;
        if (const auto combining = u_getCombiningClass(static_cast<UChar32>(c)))
            m_classes.set(c, combining);
        for (const bool compatible : {false, true}) {
            UErrorCode status = U_ZERO_ERROR;
            std::array<UChar, 40> buffer{};
            const int32_t length = unorm2_getDecomposition(icuNormalizer(compatible), static_cast<UChar32>(c),
                buffer.data(), static_cast<int32_t>(buffer.size()), &status);
            if (U_FAILURE(status) || length < 0)
                continue;
            const auto start = m_pool.size();
            for (int32_t i = 0; i < length;) {
                UChar32 decoded = 0;
                U16_NEXT(buffer.data(), i, length, decoded);
                m_pool.push_back(static_cast<char32_t>(decoded));
            }
            const auto entry = static_cast<uint32_t>(start << 5 | (m_pool.size() - start));
            (compatible ? m_compatible : m_canonical).set(c, entry);
        }
    }

    std::u32string m_pool;
    Blocks<uint8_t> m_classes;
    Blocks<uint32_t> m_canonical, m_compatible;
};

const NormalizationTable& table()
{
    static const NormalizationTable instance;
    return instance;
}

struct Decomposed {
    char32_t c;
    int32_t change;
    uint8_t combiningClass;
};

std::vector<Decomposed> decompose(std::u32string_view text, bool compatible)
{
    const auto& data = table();
    std::vector<Decomposed> out;
    out.reserve(text.size() + text.size() / 4);
    size_t pending = 0; // start of the run of marks that is not sorted yet
    const auto sortPending = [&] {
        std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(pending), out.end(),
            [](const Decomposed& a, const Decomposed& b) { return a.combiningClass < b.combiningClass; });
        pending = out.size();
    };
    const auto push = [&](char32_t c, bool first) {
        const uint8_t combining = c < 0x300 ? uint8_t{0} : data.combiningClass(c);
        if (combining == 0)
            sortPending();
        out.push_back({c, first ? 0 : 1, combining});
    };
    for (const char32_t c : text) {
        if (c < 0x80) {
            push(c, true);
        } else if (isHangulSyllable(c)) {
            const char32_t index = c - syllableBase;
            push(leadBase + index / (vowelCount * tailCount), true);
            push(vowelBase + index % (vowelCount * tailCount) / tailCount, false);
            if (index % tailCount != 0)
                push(tailBase + index % tailCount, false);
        } else if (const auto parts = data.decomposition(c, compatible); !parts.empty()) {
            for (size_t i = 0; i < parts.size(); ++i)
                push(parts[i], i == 0);
        } else {
            push(c, true);
        }
    }
    sortPending();
    return out;
}

std::optional<char32_t> composePair(char32_t a, char32_t b)
{
    if (a >= leadBase && a < leadBase + leadCount && b >= vowelBase && b < vowelBase + vowelCount)
        return syllableBase + ((a - leadBase) * vowelCount + (b - vowelBase)) * tailCount;
    if (isHangulSyllable(a) && (a - syllableBase) % tailCount == 0 && b > tailBase
        && b < tailBase + tailCount)
        return a + (b - tailBase);
    const UChar32 composed
        = unorm2_composePair(icuNormalizer(false), static_cast<UChar32>(a), static_cast<UChar32>(b));
    if (composed < 0 || !isOldEnough(static_cast<char32_t>(composed)))
        return std::nullopt;
    return static_cast<char32_t>(composed);
}

/// Canonical composition; a composed character's change counts what both of its parts did.
std::vector<CharChange> compose(const std::vector<Decomposed>& text)
{
    std::vector<CharChange> out, blocked;
    std::optional<CharChange> starter;
    int32_t lastClass = -1; // of the blocked marks; -1: none
    for (const auto& [c, change, combiningClass] : text) {
        if (!starter) {
            if (combiningClass != 0)
                out.push_back({c, change});
            else
                starter = CharChange{c, change};
            continue;
        }
        const bool reachable = lastClass < combiningClass || lastClass < 0;
        if (const auto composed = reachable ? composePair(starter->c, c) : std::nullopt) {
            starter = CharChange{*composed, starter->change + change - 1};
        } else if (combiningClass == 0) {
            out.push_back(*starter);
            out.insert(out.end(), blocked.begin(), blocked.end());
            blocked.clear();
            lastClass = -1;
            starter = CharChange{c, change};
        } else {
            blocked.push_back({c, change});
            lastClass = combiningClass;
        }
    }
    if (starter)
        out.push_back(*starter);
    out.insert(out.end(), blocked.begin(), blocked.end());
    return out;
}

} // namespace

std::vector<CharChange> normalizeUnicode(std::u32string_view text, UnicodeForm form)
{
    const bool compatible = form == UnicodeForm::Nfkc || form == UnicodeForm::Nfkd;
    const auto decomposed = decompose(text, compatible);
    if (form == UnicodeForm::Nfc || form == UnicodeForm::Nfkc)
        return compose(decomposed);
    std::vector<CharChange> out;
    out.reserve(decomposed.size());
    for (const auto& entry : decomposed)
        out.push_back({entry.c, entry.change});
    return out;
}

std::u32string_view canonicalDecomposition(char32_t c)
{
    return c < 0x80 ? std::u32string_view{} : table().decomposition(c, false);
}

uint8_t canonicalCombiningClass(char32_t c)
{
    return c < 0x300 ? uint8_t{0} : table().combiningClass(c);
}

} // namespace studio
