// SPDX-License-Identifier: MIT
#include "core/data/text_encoding.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <set>
#include <simdjson.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucsdet.h>
#include <unicode/utf16.h>

namespace studio {
namespace {

constexpr size_t sampleBytes = size_t(1) << 20;

unsigned char byteAt(std::string_view text, size_t position)
{
    return static_cast<unsigned char>(text[position]);
}

/// Length of the well-formed sequence at `position`, or 0; then `skip` is the length of the maximal
/// ill-formed part.
size_t wellFormedLength(std::string_view text, size_t position, size_t& skip)
{
    const auto lead = byteAt(text, position);
    skip = 1;
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead == 0xE0)
        low = 0xA0;
    else if (lead == 0xED)
        high = 0x9F;
    else if (lead == 0xF0)
        low = 0x90;
    else if (lead == 0xF4)
        high = 0x8F;
    for (size_t i = 1; i < length; ++i) {
        if (position + i >= text.size())
            return 0;
        const auto next = byteAt(text, position + i);
        if (next < low || next > high)
            return 0;
        skip = i + 1;
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

/// Moves `position` back to the start of a UTF-8 sequence that it would cut.
size_t sequenceBoundary(std::string_view text, size_t position)
{
    if (position >= text.size())
        return text.size();
    for (int back = 0; back < 3 && position > 0 && (byteAt(text, position) & 0xC0) == 0x80; ++back)
        --position;
    return position;
}

/// "utf-16le", "utf-16be" or "" for bytes without a mark. Text in UTF-16 has zero bytes at one parity (ASCII,
/// line ends) and none that stand alone.
std::string utf16Guess(std::string_view bytes, bool validUtf8)
{
    auto sample = bytes.substr(0, sampleBytes);
    sample = sample.substr(0, sample.size() / 2 * 2);
    if (bytes.size() % 2 != 0 || sample.empty())
        return {};
    std::array<int64_t, 2> zeros{};
    for (size_t i = 0; i < sample.size(); ++i)
        zeros[i % 2] += sample[i] == '\0';
    const bool little = zeros[1] >= zeros[0];
    const auto more = std::max(zeros[0], zeros[1]);
    const auto fewer = std::min(zeros[0], zeros[1]);
    const auto units = int64_t(sample.size() / 2);
    // Well-formed UTF-8 with zero bytes is UTF-16 only where a large part is ASCII in 16 bits; other scripts
    // are not well-formed UTF-8, and a few zero bytes (of line ends and digits) are enough.
    if (more == 0 || fewer * 50 > more || (validUtf8 && more * 5 < units))
        return {};
    int64_t strange = 0;
    for (size_t i = 0; i < sample.size(); i += 2) {
        const auto first = byteAt(sample, i);
        const auto second = byteAt(sample, i + 1);
        const UChar32 unit = little ? first | second << 8 : first << 8 | second;
        if (U16_IS_LEAD(unit)) {
            const bool paired = i + 3 < sample.size()
                && U16_IS_TRAIL(little ? byteAt(sample, i + 2) | byteAt(sample, i + 3) << 8
                                       : byteAt(sample, i + 2) << 8 | byteAt(sample, i + 3));
            strange += paired || i + 3 >= sample.size() ? 0 : 1;
            i += paired ? 2 : 0;
        } else if (unit == 0 || U16_IS_TRAIL(unit) || u_charType(unit) == U_UNASSIGNED
            || u_charType(unit) == U_PRIVATE_USE_CHAR) {
            ++strange;
        }
    }
    return strange * 50 > units ? std::string() : little ? "utf-16le" : "utf-16be";
}

/// How bytes look when read as GB18030.
struct ChineseScore {
    int64_t characters = 0; ///< outside ASCII
    int64_t common = 0; ///< level-one hanzi, punctuation and full-width forms of GB 2312
    int64_t errors = 0;
};

ChineseScore scoreGb18030(std::string_view bytes)
{
    ChineseScore score;
    for (size_t i = 0; i < bytes.size();) {
        const auto lead = byteAt(bytes, i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        ++score.characters;
        const auto trail = i + 1 < bytes.size() ? byteAt(bytes, i + 1) : 0;
        if (lead == 0x80 || lead == 0xFF) {
            ++score.errors;
            ++i;
        } else if (trail >= 0x40 && trail != 0x7F && trail != 0xFF) {
            score.common
                += trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xD7) || (lead >= 0xA1 && lead <= 0xA3));
            i += 2;
        } else if (trail >= 0x30 && trail <= 0x39 && i + 3 < bytes.size() && byteAt(bytes, i + 2) >= 0x81
            && byteAt(bytes, i + 2) <= 0xFE && byteAt(bytes, i + 3) >= 0x30 && byteAt(bytes, i + 3) <= 0x39) {
            i += 4;
        } else {
            ++score.errors;
            ++i;
        }
    }
    return score;
}

/// Lines with bytes outside ASCII, as many as tell encodings apart.
std::string wideLines(std::string_view bytes)
{
    constexpr size_t enough = size_t(64) << 10;
    std::string lines;
    const auto isWide = [](char c) { return (c & 0x80) != 0; };
    auto position = bytes.begin();
    while (lines.size() < enough) {
        const auto wide = std::find_if(position, bytes.end(), isWide);
        if (wide == bytes.end())
            break;
        const auto begin = std::find(std::reverse_iterator(wide), std::reverse_iterator(position), '\n');
        const auto end = std::find(wide, bytes.end(), '\n');
        lines.append(std::string_view(begin.base(), end).substr(0, enough));
        lines += '\n';
        position = end;
    }
    return lines;
}

/// Both bytes of each character of two that a text in an EUC encoding holds.
template <typename Look>
void forEachPair(std::string_view euc, Look look)
{
    for (size_t i = 0; i + 1 < euc.size(); ++i) {
        if (const unsigned lead = byteAt(euc, i); lead >= 0x80)
            look(lead, unsigned(byteAt(euc, ++i)));
    }
}

/// Kana are a part of any Japanese text, and rare in Chinese.
bool holdsKana(std::string_view eucJp)
{
    int64_t kana = 0;
    int64_t characters = 0;
    forEachPair(eucJp, [&](unsigned lead, unsigned) {
        ++characters;
        kana += lead == 0xA4 || lead == 0xA5;
    });
    return kana * 5 >= characters;
}

/// Korean is nearly all Hangul, of many syllables. A few hanzi that come back again and again, as labels do,
/// can look more Korean than Chinese to statistics of frequent characters.
bool holdsHangul(std::string_view eucKr)
{
    std::set<unsigned> distinct;
    int64_t hangul = 0;
    int64_t characters = 0;
    forEachPair(eucKr, [&](unsigned lead, unsigned trail) {
        if (lead >= 0xA1 && lead < 0xB0) // punctuation and symbols
            return;
        ++characters;
        hangul += lead <= 0xC8;
        distinct.insert(lead << 8 | trail);
    });
    return distinct.size() >= 20 && hangul * 10 >= characters * 9;
}

/// Whole words outside ASCII, not single letters with accents or symbols.
bool holdsWideWords(std::string_view text)
{
    int64_t characters = 0;
    int64_t words = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool wide = byteAt(text, i) >= 0x80;
        characters += wide;
        words += wide && (i == 0 || byteAt(text, i - 1) < 0x80);
    }
    return characters >= 16 && characters >= 3 * words;
}

/// The encoding of East Asian or Cyrillic text whose statistics speak clearly for it; "" when none does.
/// Cyrillic is no GB18030: its words of odd length do not decode.
std::string detectedEncoding(std::string_view bytes, bool decodesAsGb18030)
{
    struct Known {
        std::string_view detected;
        const char* name;
        int32_t confidence; ///< at least; ICU reaches 100 by frequent characters, about 45 by letter triples
        bool cyrillic = false;
    };
    constexpr Known encodings[] = {{"Big5", "big5", 90}, {"Shift_JIS", "shift-jis", 90},
        {"EUC-JP", "euc-jp", 90}, {"EUC-KR", "windows-949", 90}, // which is EUC-KR and more
        {"windows-1251", "windows-1251", 30, true}, {"KOI8-R", "koi8-r", 30, true}};
    const auto lines = wideLines(bytes);
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(
        ucsdet_open(&status), &ucsdet_close);
    ucsdet_setText(detector.get(), lines.data(), int32_t(lines.size()), &status);
    int32_t count = 0;
    const auto** matches = ucsdet_detectAll(detector.get(), &count, &status);
    if (U_FAILURE(status) || count == 0)
        return {};
    const std::string_view best = ucsdet_getName(matches[0], &status);
    const auto confidence = ucsdet_getConfidence(matches[0], &status);
    for (int32_t i = 1; i < count; ++i) {
        if (std::string_view(ucsdet_getName(matches[i], &status)) == "GB18030"
            && ucsdet_getConfidence(matches[i], &status) >= confidence)
            return {};
    }
    for (const auto& known : encodings) {
        if (best != known.detected || confidence < known.confidence || (best == "EUC-JP" && !holdsKana(lines))
            || (best == "EUC-KR" && !holdsHangul(lines))
            || (known.cyrillic && (decodesAsGb18030 || !holdsWideWords(lines))))
            continue;
        return known.name;
    }
    return {};
}

std::string legacyGuess(std::string_view bytes)
{
    const auto firstWide = std::find_if(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) != 0; });
    const auto rest = bytes.substr(size_t(firstWide - bytes.begin()));
    const auto score = scoreGb18030(rest.substr(0, size_t(64) << 20));
    const bool decodes = score.errors * 50 <= score.characters;
    if (auto detected = detectedEncoding(rest, decodes); !detected.empty())
        return detected;
    // Western text read as GB18030 gives rare hanzi: its letters with accents stand beside ASCII letters.
    if (decodes && score.common * 10 >= score.characters * 6)
        return "gb18030";
    const bool hasC1 = std::any_of(rest.begin(), rest.end(), [](char c) { return (c & 0xE0) == 0x80; });
    return hasC1 ? "windows-1252" : "iso-8859-1";
}

struct ConverterCloser {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, ConverterCloser>;

Converter openConverter(const std::string& name)
{
    UErrorCode status = U_ZERO_ERROR;
    Converter converter(ucnv_open(name.c_str(), &status));
    if (U_FAILURE(status) || name.empty())
        throw Error(ErrorKind::Settings,
            concat("Unknown encoding '", name,
                "'; use auto, utf-8, utf-16le, utf-16be, gb18030, windows-1252, iso-8859-1 or another name "
                "that ICU "
                "knows, such as big5, shift_jis or euc-kr."));
    return converter;
}

struct IllFormedCount {
    int64_t count = 0;
    int64_t lastEnd = -1;
};

/// Writes U+FFFD for an ill-formed sequence, and counts it.
void U_CALLCONV replaceIllFormed(const void* context, UConverterToUnicodeArgs* arguments, const char*,
    int32_t, UConverterCallbackReason reason, UErrorCode* status)
{
    if (reason > UCNV_IRREGULAR)
        return;
    auto* counter = static_cast<IllFormedCount*>(const_cast<void*>(context));
    ++counter->count;
    *status = U_ZERO_ERROR;
    const UChar replacement = 0xFFFD;
    ucnv_cbToUWriteUChars(arguments, &replacement, 1, 0, status);
}

} // namespace

int64_t countIllFormedUtf8(std::string_view text, int64_t* wellFormedWide)
{
    int64_t illFormed = 0;
    int64_t wide = 0;
    for (size_t i = 0; i < text.size();) {
        size_t skip = 1;
        const auto length = wellFormedLength(text, i, skip);
        illFormed += length == 0;
        wide += length > 1;
        i += length ? length : skip;
    }
    if (wellFormedWide)
        *wellFormedWide += wide;
    return illFormed;
}

EncodingGuess byteOrderMark(std::string_view bytes)
{
    using namespace std::string_view_literals;
    struct Mark {
        std::string_view bytes;
        const char* name;
    };
    // UTF-32 first: its little-endian mark begins with that of UTF-16.
    constexpr Mark marks[]
        = {{"\xFF\xFE\0\0"sv, "utf-32le"}, {"\0\0\xFE\xFF"sv, "utf-32be"}, {"\xEF\xBB\xBF"sv, "utf-8"},
            {"\xFF\xFE"sv, "utf-16le"}, {"\xFE\xFF"sv, "utf-16be"}, {"\x84\x31\x95\x33"sv, "gb18030"}};
    for (const auto& mark : marks) {
        if (bytes.starts_with(mark.bytes))
            return {.name = mark.name, .markBytes = mark.bytes.size()};
    }
    return {.name = {}};
}

EncodingGuess guessEncoding(std::string_view bytes, const TaskControl& control, const MappedPages& pages)
{
    if (auto marked = byteOrderMark(bytes); marked.markBytes > 0)
        return marked;
    EncodingGuess guess;
    constexpr size_t pieceBytes = size_t(4) << 20;
    bool zeros = false;
    int64_t illFormed = 0;
    for (size_t begin = 0; begin < bytes.size();) {
        control.throwIfStopped();
        const auto end = sequenceBoundary(bytes, std::min(bytes.size(), begin + pieceBytes));
        const auto piece = bytes.substr(begin, end - begin);
        zeros = zeros || (begin == 0 && std::memchr(piece.data(), 0, piece.size()));
        if (!simdjson::validate_utf8(piece.data(), piece.size()))
            guess.validUtf8 = false;
        if (!guess.validUtf8)
            illFormed += countIllFormedUtf8(piece, &guess.wideCharacters);
        // Enough seen: this is another encoding.
        if (illFormed > 10'000 && illFormed > guess.wideCharacters)
            break;
        begin = end;
        pages.release(piece);
    }
    if (zeros) {
        if (auto name = utf16Guess(bytes, guess.validUtf8); !name.empty()) {
            guess.name = name;
            return guess;
        }
    }
    if (!guess.validUtf8 && guess.wideCharacters < 4 * illFormed)
        guess.name = legacyGuess(bytes);
    return guess;
}

std::string canonicalEncoding(const std::string& name)
{
    std::string lower;
    for (const char c : name)
        lower += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c == '_' ? '-' : c;
    struct Alias {
        const char* from;
        const char* to;
    };
    constexpr Alias aliases[] = {{"utf8", "utf-8"}, {"utf-8-sig", "utf-8"}, {"ascii", "utf-8"},
        {"us-ascii", "utf-8"}, {"utf16le", "utf-16le"}, {"utf16be", "utf-16be"}, {"utf-16-le", "utf-16le"},
        {"utf-16-be", "utf-16be"}, {"gbk", "gb18030"}, {"gb2312", "gb18030"}, {"cp936", "gb18030"},
        {"gb-18030", "gb18030"}, {"cp1252", "windows-1252"}, {"latin-1", "iso-8859-1"},
        {"latin1", "iso-8859-1"}, {"iso8859-1", "iso-8859-1"}};
    for (const auto& alias : aliases) {
        if (lower == alias.from)
            return alias.to;
    }
    if (lower == "auto" || lower == "utf-8")
        return lower;
    if (lower == "utf16")
        lower = "utf-16";
    openConverter(lower);
    return lower;
}

TranscodeResult transcodeToUtf8(std::string_view bytes, const std::string& encoding, SpillBuffer& out,
    const TaskControl& control, const MappedPages& pages)
{
    const auto from = openConverter(encoding);
    const auto to = openConverter("utf-8");
    IllFormedCount counter;
    UErrorCode status = U_ZERO_ERROR;
    ucnv_setToUCallBack(from.get(), replaceIllFormed, &counter, nullptr, nullptr, &status);
    TranscodeResult result;
    std::vector<UChar> units(size_t(1) << 18);
    std::vector<char> utf8(units.size() * 3 + 16);
    const char* source = bytes.data();
    const char* released = source;
    const char* const sourceEnd = bytes.data() + bytes.size();
    for (bool flushed = false; !flushed;) {
        control.throwIfStopped();
        const auto before = source;
        const auto errorsBefore = counter.count;
        // Small pieces of input, so that the place of the first error is known to about a line.
        const char* const pieceEnd = std::min(sourceEnd, source + 4096);
        const bool last = pieceEnd == sourceEnd;
        UChar* target = units.data();
        status = U_ZERO_ERROR;
        ucnv_toUnicode(
            from.get(), &target, units.data() + units.size(), &source, pieceEnd, nullptr, last, &status);
        if (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR)
            throw Error(
                ErrorKind::Data, concat("Conversion from ", encoding, " failed: ", u_errorName(status), "."));
        flushed = last && status != U_BUFFER_OVERFLOW_ERROR;
        if (source - released >= ptrdiff_t(sampleBytes)) {
            pages.release({released, size_t(source - released)});
            released = source;
        }
        if (counter.count > errorsBefore && result.firstUndecodable < 0)
            result.firstUndecodable = before - bytes.data();
        result.characters += target - units.data();
        const UChar* unit = units.data();
        char* written = utf8.data();
        status = U_ZERO_ERROR;
        ucnv_fromUnicode(
            to.get(), &written, utf8.data() + utf8.size(), &unit, target, nullptr, flushed, &status);
        if (U_FAILURE(status))
            throw Error(ErrorKind::Data, concat("Conversion to UTF-8 failed: ", u_errorName(status), "."));
        out.append({utf8.data(), size_t(written - utf8.data())});
    }
    result.undecodable = counter.count;
    return result;
}

SuspectBlocks::SuspectBlocks(std::string_view text, const TaskControl& control, const MappedPages& pages)
{
    const auto count = text.size() / blockBytes + 1;
    m_zero.resize(count);
    m_illFormed.resize(count);
    for (size_t block = 0; block < count; ++block) {
        control.throwIfStopped();
        const auto begin = std::min(text.size(), block * blockBytes);
        const auto end = std::min(text.size(), begin + blockBytes);
        const auto piece = text.substr(begin, end - begin);
        if (std::memchr(piece.data(), 0, piece.size())) {
            m_zero[block] = true;
            m_zeroBytes += std::count(piece.begin(), piece.end(), '\0');
        }
        const auto from = sequenceBoundary(text, begin);
        const auto to = sequenceBoundary(text, end);
        m_illFormed[block] = to > from && !simdjson::validate_utf8(text.data() + from, to - from);
        pages.release(piece);
    }
}

bool SuspectBlocks::any(const std::vector<bool>& flags, size_t begin, size_t end)
{
    // A sequence that a block edge would cut counts to the later block.
    const auto last = std::min(flags.size() - 1, (end + 3) / blockBytes);
    for (auto block = begin / blockBytes; block <= last; ++block) {
        if (flags[block])
            return true;
    }
    return false;
}

} // namespace studio
