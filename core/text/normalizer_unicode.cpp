// SPDX-License-Identifier: MIT
#include "core/base/unicode.h"
#include "core/text/character_table.h"
#include "core/text/normalizer.h"

#include <string>
#include <utility>

namespace studio {
namespace {

class UnicodeNormalizer : public Normalizer {
public:
    explicit UnicodeNormalizer(UnicodeForm form)
        : m_form(form)
    {
    }
    void normalize(NormalizedText& text) const override { text.normalize(m_form); }
    bool normalizePlain(std::string& text) const override
    {
        for (size_t at = 0; at < text.size();) {
            if (!isStable(nextCodePoint(text, at)))
                return Normalizer::normalizePlain(text);
        }
        return true;
    }

private:
    /// Only characters of scripts in wide use that the form leaves alone, whatever stands beside them.
    [[nodiscard]] bool isStable(char32_t c) const
    {
        if (c < 0x80 || (c >= 0x3400 && c < 0xA000))
            return true;
        if (m_form == UnicodeForm::Nfd || m_form == UnicodeForm::Nfkd)
            return false;
        if ((c >= 0x410 && c < 0x450) || (c >= 0x3041 && c < 0x3097) || (c >= 0xAC00 && c < 0xD7A4))
            return true;
        return m_form == UnicodeForm::Nfc
            && (c < 0x300 || (c >= 0x2010 && c < 0x2028) || (c >= 0x3001 && c < 0x302A)
                || (c >= 0x30A1 && c < 0x30FB) || (c >= 0xFF01 && c < 0xFF5F));
    }

    UnicodeForm m_form;
};

struct LowercaseNormalizer : Normalizer {
    void normalize(NormalizedText& text) const override { text.lowercase(); }
    bool normalizePlain(std::string& text) const override
    {
        const auto& table = CharacterTable::instance();
        std::string result;
        result.reserve(text.size());
        for (size_t at = 0; at < text.size();) {
            const char32_t c = nextCodePoint(text, at);
            appendUtf8(result, table.lower(c));
            if (c == 0x130)
                appendUtf8(result, 0x307);
        }
        text = std::move(result);
        return true;
    }
};

struct StripAccentsNormalizer : Normalizer {
    void normalize(NormalizedText& text) const override
    {
        text.filter([](char32_t c) { return !CharacterTable::instance().is(c, CombiningMark); });
    }
};

/// What sentencepiece calls nmt_nfkc does before the normal form: control characters go, white space of many
/// kinds becomes ' '.
struct NmtNormalizer : Normalizer {
    void normalize(NormalizedText& text) const override
    {
        text.filter([](char32_t c) {
            return !((c >= 1 && c <= 8) || c == 0xB || (c >= 0xE && c <= 0x1F) || c == 0x7F || c == 0x8F
                || c == 0x9F);
        });
        text.map([](char32_t c) {
            switch (c) {
            case 0x9:
            case 0xA:
            case 0xC:
            case 0xD:
            case 0x1680:
            case 0x2028:
            case 0x2029:
            case 0x2581:
            case 0xFEFF:
            case 0xFFFD:
                return U' ';
            default:
                return c >= 0x200B && c <= 0x200F ? U' ' : c;
            }
        });
    }
};

} // namespace

std::unique_ptr<Normalizer> createNmtNormalizer()
{
    return std::make_unique<NmtNormalizer>();
}

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
