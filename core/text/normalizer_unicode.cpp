// SPDX-License-Identifier: MIT
#include "core/text/character_table.h"
#include "core/text/normalizer.h"

namespace studio {
namespace {

class UnicodeNormalizer : public Normalizer {
public:
    explicit UnicodeNormalizer(UnicodeForm form)
        : m_form(form)
    {
    }
    void normalize(NormalizedText& text) const override { text.normalize(m_form); }

private:
    UnicodeForm m_form;
};

struct LowercaseNormalizer : Normalizer {
    void normalize(NormalizedText& text) const override { text.lowercase(); }
};

struct StripAccentsNormalizer : Normalizer {
    void normalize(NormalizedText& text) const override
    {
        text.filter([](char32_t c) { return !CharacterTable::instance().is(c, CombiningMark); });
    }
};

} // namespace

std::unique_ptr<Normalizer> createUnicodeNormalizer(UnicodeForm form)
{
    return std::make_unique<UnicodeNormalizer>(form);
}

std::unique_ptr<Normalizer> createLowercaseNormalizer()
{
    return std::make_unique<LowercaseNormalizer>();
}

std::unique_ptr<Normalizer> createStripAccentsNormalizer()
{
    return std::make_unique<StripAccentsNormalizer>();
}

} // namespace studio
