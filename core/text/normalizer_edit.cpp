// SPDX-License-Identifier: MIT
#include "core/base/unicode.h"
#include "core/text/normalizer.h"

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
    ReplaceNormalizer(std::u32string pattern, std::u32string content)
        : m_pattern(std::move(pattern))
        , m_content(std::move(content))
    {
    }
    void normalize(NormalizedText& text) const override { text.replaceAll(m_pattern, m_content); }

private:
    std::u32string m_pattern;
    std::u32string m_content;
};

} // namespace

std::unique_ptr<Normalizer> createStripNormalizer(const TokenizerBlock& block)
{
    const bool left = block.flag("strip_left");
    return std::make_unique<StripNormalizer>(left, block.flag("strip_right"));
}

std::unique_ptr<Normalizer> createReplaceNormalizer(const TokenizerBlock& block)
{
    const auto& pattern = block.member("pattern");
    if (!pattern.is_object() || !pattern.contains("String") || !pattern["String"].is_string())
        block.fail(
            "a Replace with \"pattern\": {\"String\": …} was expected; other patterns are not supported");
    return std::make_unique<ReplaceNormalizer>(
        toUtf32(pattern["String"].get<std::string>()), toUtf32(block.text("content")));
}

} // namespace studio
