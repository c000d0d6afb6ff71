// SPDX-License-Identifier: MIT
#include "core/base/unicode.h"
#include "core/text/byte_alphabet.h"
#include "core/text/normalizer.h"
#include "core/text/text_pattern.h"

#include <utility>

namespace studio {
namespace {

class StripNormalizer : public Normalizer {
public:
    StripNormalizer(bool left, bool right)
        : m_left(left)
        , m_right(right)
    {
    }
    void normalize(NormalizedText& text) const override { text.strip(m_left, m_right); }

private:
    bool m_left;
    bool m_right;
};

class ReplaceNormalizer : public Normalizer {
public:
    ReplaceNormalizer(TextPattern pattern, std::string content)
        : m_pattern(std::move(pattern))
        , m_content(std::move(content))
        , m_characters(toUtf32(m_content))
    {
    }
    void normalize(NormalizedText& text) const override
    {
        if (text.empty())
            return;
        std::vector<PatternMatch> matches;
        m_pattern.find(std::u32string_view(text.text()), matches);
        text.replace(matches, m_characters);
    }
    bool normalizePlain(std::string& text) const override
    {
        if (text.empty())
            return true;
        std::vector<PatternMatch> matches;
        m_pattern.find(std::string_view(text), matches);
        if (matches.empty())
            return true;
        if (matches.front().end == 0 && !m_content.empty())
            return false;
        std::string result;
        result.reserve(text.size() + matches.size() * m_content.size());
        size_t done = 0;
        for (const auto& match : matches) {
            result.append(text, done, match.start - done);
            result += m_content;
            done = match.end;
        }
        result.append(text, done, std::string::npos);
        text = std::move(result);
        return true;
    }

private:
    TextPattern m_pattern;
    std::string m_content;
    std::u32string m_characters;
};

class PrependNormalizer : public Normalizer {
public:
    explicit PrependNormalizer(std::string addition)
        : m_addition(std::move(addition))
        , m_characters(toUtf32(m_addition))
    {
    }
    void normalize(NormalizedText& text) const override { text.prepend(m_characters); }
    bool normalizePlain(std::string& text) const override
    {
        if (!text.empty())
            text.insert(0, m_addition);
        return text.empty() || !m_addition.empty();
    }

private:
    std::string m_addition;
    std::u32string m_characters;
};

struct ByteLevelNormalizer : Normalizer {
    void normalize(NormalizedText& text) const override
    {
        if (!text.empty())
            text.toByteCharacters();
    }
    bool normalizePlain(std::string& text) const override
    {
        std::string result;
        result.reserve(text.size() * 2);
        appendByteCharacters(result, text);
        text = std::move(result);
        return true;
    }
};

} // namespace

std::unique_ptr<Normalizer> createStripNormalizer(const TokenizerBlock& block)
{
    const bool left = block.flag("strip_left");
    return std::make_unique<StripNormalizer>(left, block.flag("strip_right"));
}

std::unique_ptr<Normalizer> createReplaceNormalizer(const TokenizerBlock& block)
{
    TextPattern pattern(block);
    return std::make_unique<ReplaceNormalizer>(std::move(pattern), block.text("content"));
}

std::unique_ptr<Normalizer> createPrependNormalizer(const TokenizerBlock& block)
{
    return std::make_unique<PrependNormalizer>(block.text("prepend"));
}

std::unique_ptr<Normalizer> createByteLevelNormalizer()
{
    return std::make_unique<ByteLevelNormalizer>();
}

} // namespace studio
