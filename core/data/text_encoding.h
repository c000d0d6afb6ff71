// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/task.h"
#include "core/data/mapped_pages.h"
#include "core/data/spill_buffer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// What the bytes of a file say about their encoding.
struct EncodingGuess {
    std::string name = "utf-8"; ///< "utf-8", "utf-16le", "gb18030", … as in TableOptions
    size_t markBytes = 0; ///< length of the byte order mark
    bool validUtf8 = true; ///< without a mark of another encoding
    int64_t wideCharacters
        = 0; ///< well-formed UTF-8 sequences of more than one byte (counted when validUtf8 is false)
};

/// Judges the whole content: byte order mark; zero bytes at one parity (UTF-16); UTF-8 when at least four in
/// five sequences outside ASCII are well-formed; Big5, Shift-JIS, EUC-JP, EUC-KR, windows-1251 or KOI8-R when
/// the frequencies of its characters say so; GB18030 when it decodes and most characters are common ones;
/// else windows-1252, or iso-8859-1 when no byte lies in 80…9F.
[[nodiscard]] EncodingGuess guessEncoding(
    std::string_view bytes, const TaskControl& control = {}, const MappedPages& pages = {});

/// Byte order mark at the start: its encoding and length; an empty name without one.
[[nodiscard]] EncodingGuess byteOrderMark(std::string_view bytes);

/// Canonical name of a user's spelling ("UTF8", "GBK", "latin-1", any name ICU knows). Throws
/// Error{Settings}.
[[nodiscard]] std::string canonicalEncoding(const std::string& name);

struct TranscodeResult {
    int64_t characters = 0;
    int64_t undecodable = 0; ///< ill-formed sequences, each U+FFFD in the output
    int64_t firstUndecodable = -1; ///< byte offset in the input
};

/// Appends `bytes` as UTF-8 to `out` (not finished). Memory: constant.
TranscodeResult transcodeToUtf8(std::string_view bytes, const std::string& encoding, SpillBuffer& out,
    const TaskControl& control = {}, const MappedPages& pages = {});

/// Number of ill-formed sequences in `text`.
[[nodiscard]] int64_t countIllFormedUtf8(std::string_view text, int64_t* wellFormedWide = nullptr);

/// Blocks of `text` that hold a zero byte or ill-formed UTF-8: lets a reader look closely at few rows only.
class SuspectBlocks {
public:
    explicit SuspectBlocks(
        std::string_view text, const TaskControl& control = {}, const MappedPages& pages = {});
    [[nodiscard]] bool mayHoldZero(size_t begin, size_t end) const { return any(m_zero, begin, end); }
    [[nodiscard]] bool mayBeIllFormed(size_t begin, size_t end) const { return any(m_illFormed, begin, end); }
    [[nodiscard]] int64_t zeroBytes() const { return m_zeroBytes; }

private:
    static constexpr size_t blockBytes = size_t(1) << 20;
    static bool any(const std::vector<bool>& flags, size_t begin, size_t end);
    std::vector<bool> m_zero, m_illFormed;
    int64_t m_zeroBytes = 0;
};

} // namespace studio
