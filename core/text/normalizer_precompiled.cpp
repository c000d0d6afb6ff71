// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/unicode.h"
#include "core/text/graphemes.h"
#include "core/text/normalizer.h"

#include <array>
#include <openssl/evp.h>

namespace studio {
namespace {

std::string fromBase64(const std::string& text, const TokenizerBlock& block)
{
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    const int size = text.size() % 4 != 0 || text.size() > INT32_MAX
        ? -1
        : EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
            reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size < 0)
        block.fail("\"precompiled_charsmap\" is not base64");
    size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    bytes.resize(static_cast<size_t>(size) - padding);
    return bytes;
}

/// SentencePiece's table of replacements: a double array (Darts) whose values are places in a string of
/// results, each of which a NUL ends.
class CharacterMap {
public:
    CharacterMap(const std::string& blob, const TokenizerBlock& block)
    {
        const auto number = [&](size_t at) {
            const auto byte
                = [&](size_t offset) { return uint32_t{static_cast<unsigned char>(blob[at + offset])}; };
            return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
        };
        if (blob.size() < 4 || number(0) > blob.size() - 4 || number(0) < 4)
            block.fail(concat("\"precompiled_charsmap\" holds ", blob.size(), " bytes, which is no table"));
        const size_t units = number(0) / 4;
        m_units.reserve(units);
        for (size_t i = 0; i < units; ++i)
            m_units.push_back(number(4 + i * 4));
        m_results = blob.substr(4 + units * 4);
        if (!isValidUtf8(m_results))
            block.fail("\"precompiled_charsmap\" holds results that are not UTF-8");
        for (size_t byte = 0; byte < m_ascii.size(); ++byte) {
            const char c = static_cast<char>(byte);
            m_ascii[byte] = find(std::string_view(&c, 1)).has_value();
        }
    }
    [[nodiscard]] bool replacesAscii(char c) const { return m_ascii[static_cast<unsigned char>(c)]; }
    /// What takes the place of `chunk`: as in the reference, the result of its shortest prefix that has one.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view chunk) const
    {
        size_t node = offsetOf(m_units[0]);
        for (const char c : chunk) {
            const uint32_t byte = static_cast<unsigned char>(c);
            node ^= byte;
            if (byte == 0 || node >= m_units.size())
                return std::nullopt;
            const uint32_t unit = m_units[node];
            if ((unit & (1u << 31 | 0xFF)) != byte)
                return std::nullopt;
            node ^= offsetOf(unit);
            if ((unit >> 8 & 1) != 0)
                return node < m_units.size() ? resultAt(m_units[node] & ~(1u << 31)) : std::nullopt;
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] static size_t offsetOf(uint32_t unit)
    {
        return size_t{unit >> 10} << ((unit & 1u << 9) >> 6);
    }
    [[nodiscard]] std::optional<std::string_view> resultAt(size_t place) const
    {
        if (place >= m_results.size())
            return place == m_results.size() ? std::optional(std::string_view()) : std::nullopt;
        if ((static_cast<unsigned char>(m_results[place]) & 0xC0)
            == 0x80) // inside a character: a broken table
            return std::nullopt;
        return std::string_view(m_results).substr(place, m_results.find('\0', place) - place);
    }

    std::vector<uint32_t> m_units;
    std::string m_results;
    std::array<bool, 128> m_ascii{};
};

class PrecompiledNormalizer : public Normalizer {
public:
    explicit PrecompiledNormalizer(CharacterMap map)
        : m_map(std::move(map))
    {
    }
    void normalize(NormalizedText& text) const override
    {
        const auto utf8 = toUtf8(text.text());
        std::vector<CharChange> changes;
        changes.reserve(text.text().size());
        bool modified = false;
        eachPart(utf8, [&](std::string_view part, std::optional<std::string_view> result) {
            const auto characters = toUtf32(result.value_or(part));
            for (const char32_t c : characters)
                changes.push_back({c, 0});
            if (!result)
                return;
            modified = true;
            // As in the reference: what is added counts at the end, what is removed with the last character.
            auto difference
                = static_cast<int32_t>(characters.size()) - static_cast<int32_t>(codePointCount(part));
            if (difference < 0 && !changes.empty())
                changes.back().change += difference;
            for (auto change = changes.rbegin(); difference > 0; ++change, --difference)
                change->change = 1;
        });
        if (modified)
            text.transform(changes);
    }
    bool normalizePlain(std::string& text) const override
    {
        std::string result;
        result.reserve(text.size() + text.size() / 8);
        eachPart(text, [&](std::string_view part, std::optional<std::string_view> replacement) {
            result.append(replacement.value_or(part));
        });
        text = std::move(result);
        return true;
    }

private:
    /// Calls `visit(part, its replacement)` for the text's parts: grapheme clusters of less than six bytes
    /// that have a replacement, else characters; of those that have none, several may come at once.
    template <typename Visit>
    void eachPart(std::string_view text, Visit visit) const
    {
        size_t done = 0; // of what has no replacement
        const auto tell = [&](size_t from, size_t to, std::string_view result) {
            if (done != from)
                visit(text.substr(done, from - done), std::optional<std::string_view>());
            visit(text.substr(from, to - from), std::optional(result));
            done = to;
        };
        for (size_t at = 0; at < text.size();) {
            const auto byte = static_cast<unsigned char>(text[at]);
            const bool alone = at + 1 == text.size() || static_cast<unsigned char>(text[at + 1]) < 0x80;
            if (byte < 0x80 && byte != '\r' && alone && !m_map.replacesAscii(text[at])) {
                ++at;
                continue;
            }
            const size_t end = graphemeEnd(text, at);
            const auto whole = end - at < 6 ? m_map.find(text.substr(at, end - at)) : std::nullopt;
            if (whole) {
                tell(at, end, *whole);
                at = end;
            }
            while (at < end) {
                size_t next = at;
                static_cast<void>(nextCodePoint(text, next));
                if (const auto result = m_map.find(text.substr(at, next - at)))
                    tell(at, next, *result);
                at = next;
            }
        }
        if (done != text.size())
            visit(text.substr(done), std::optional<std::string_view>());
    }

    CharacterMap m_map;
};

} // namespace

std::unique_ptr<Normalizer> createPrecompiledNormalizer(const TokenizerBlock& block)
{
    return std::make_unique<PrecompiledNormalizer>(
        CharacterMap(fromBase64(block.text("precompiled_charsmap"), block), block));
}

} // namespace studio
