// SPDX-License-Identifier: MIT
#include "core/text/character_table.h"
#include "core/text/normalizer.h"

namespace studio {
namespace {

void setIdeographsApart(NormalizedText& text)
{
    const auto& table = CharacterTable::instance();
    std::vector<CharChange> changes;
    changes.reserve(text.text().size());
    for (const char32_t c : text.text()) {
        if (table.is(c, CjkIdeograph))
            changes.insert(changes.end(), {{U' ', 0}, {c, 1}, {U' ', 1}});
        else
            changes.push_back({c, 0});
    }
    text.transform(changes);
}

} // namespace

void BertNormalizer::normalize(NormalizedText& text) const
{
    const auto& table = CharacterTable::instance();
    if (m_options.cleanText) {
        text.filter([&](char32_t c) { return !table.is(c, RemovedCharacter); });
        text.map([&](char32_t c) { return table.is(c, WhiteSpaceCharacter) ? U' ' : c; });
    }
    if (m_options.handleChineseChars)
        setIdeographsApart(text);
    if (m_options.stripsAccents()) {
        text.normalize(UnicodeForm::Nfd);
        text.filter([&](char32_t c) { return !table.is(c, NonspacingMark); });
    }
    if (m_options.lowercase)
        text.lowercase();
}

std::unique_ptr<Normalizer> createBertNormalizer(const TokenizerBlock& block)
{
    BertNormalizerOptions options;
    options.cleanText = block.flag("clean_text");
    options.handleChineseChars = block.flag("handle_chinese_chars");
    if (block.json().contains("strip_accents") && !block.member("strip_accents").is_null())
        options.stripAccents = block.flag("strip_accents");
    options.lowercase = block.flag("lowercase");
    return std::make_unique<BertNormalizer>(options);
}

} // namespace studio
