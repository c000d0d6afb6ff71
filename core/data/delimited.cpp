// SPDX-License-Identifier: MIT
#include "core/data/delimited.h"

#include <algorithm>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace studio {
namespace {

/// First position of `a` or `b` at or after `position`, or the size of the text.
size_t findEither(std::string_view text, size_t position, char a, char b)
{
#ifdef __SSE2__
    const auto wantedA = _mm_set1_epi8(a);
    const auto wantedB = _mm_set1_epi8(b);
    for (; position + 16 <= text.size(); position += 16) {
        const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + position));
        const auto hits
            = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(block, wantedA), _mm_cmpeq_epi8(block, wantedB)));
        if (hits != 0)
            return position + size_t(__builtin_ctz(unsigned(hits)));
    }
#endif
    while (position < text.size() && text[position] != a && text[position] != b)
        ++position;
    return position;
}

size_t findByte(std::string_view text, size_t begin, size_t end, char wanted)
{
    if (begin >= end)
        return std::string_view::npos;
    const void* hit = std::memchr(text.data() + begin, wanted, end - begin);
    return hit ? size_t(static_cast<const char*>(hit) - text.data()) : std::string_view::npos;
}

struct Reader {
    std::string_view text;
    const Dialect& dialect;
    char lineEnd;

    [[nodiscard]] bool endsField(size_t position) const
    {
        if (position >= text.size())
            return true;
        const char c = text[position];
        if (c == dialect.delimiter || c == lineEnd)
            return true;
        return c == '\r' && (position + 1 == text.size() || text[position + 1] == '\n');
    }

    /// A quote stands at `quote` inside a quoted field and nothing that ends a field follows. The later quote
    /// of the same line that ends the field, so that this one is part of an unescaped quotation ("he said
    /// "no" to me",1); npos without one.
    [[nodiscard]] size_t closedLaterOnLine(size_t quote) const
    {
        for (size_t i = quote + 1; i < text.size() && text[i] != lineEnd; ++i) {
            if (text[i] != dialect.quote)
                continue;
            if (text[i - 1] == dialect.delimiter)
                break;
            if (endsField(i + 1))
                return i;
        }
        return std::string_view::npos;
    }

    /// The closing quote of the field whose opening quote stands at `open`; npos when there is none that
    /// fits.
    [[nodiscard]] size_t closingQuote(size_t open) const
    {
        const auto limit = std::min(text.size(), open + maxRowBytes);
        for (size_t from = open + 1;;) {
            const auto hit = findByte(text, from, limit, dialect.quote);
            if (hit == std::string_view::npos)
                return hit;
            if (hit + 1 < text.size() && text[hit + 1] == dialect.quote) {
                from = hit + 2;
            } else if (endsField(hit + 1)) {
                return hit;
            } else if (findByte(text, open, hit, lineEnd) != std::string_view::npos) {
                return std::string_view::npos; // opened on an earlier line by a stray quote
            } else {
                const auto later = closedLaterOnLine(hit);
                return later == std::string_view::npos ? hit : later;
            }
        }
    }
};

} // namespace

RecordScan scanRecord(
    std::string_view text, size_t position, const Dialect& dialect, std::vector<FieldSpan>* fields)
{
    const Reader reader{text, dialect, dialect.bareCr ? '\r' : '\n'};
    RecordScan record;
    if (fields)
        fields->clear();
    const auto start = position;
    for (;;) {
        FieldSpan field{.begin = position};
        if (dialect.quote != '\0' && position < text.size() && text[position] == dialect.quote) {
            field.closing = reader.closingQuote(position);
            if (field.closing == std::string_view::npos) {
                record.unclosedQuote = true;
            } else {
                for (auto at = findByte(text, position, field.closing, reader.lineEnd);
                     at != std::string_view::npos; at = findByte(text, at + 1, field.closing, reader.lineEnd))
                    ++record.lines;
                position = field.closing + 1;
            }
        }
        position = findEither(text, position, dialect.delimiter, reader.lineEnd);
        field.end = position;
        ++record.fields;
        const bool last = position >= text.size() || text[position] == reader.lineEnd;
        if (last) {
            record.lineFeed = position < text.size() && !dialect.bareCr;
            record.carriageReturn = position < text.size() && dialect.bareCr;
            if (!dialect.bareCr && position > field.begin && text[position - 1] == '\r') {
                --field.end;
                record.carriageReturn = true;
            }
            record.end = field.end;
            record.next = std::min(text.size(), position + 1);
        }
        if (fields)
            fields->push_back(field);
        if (last)
            break;
        ++position;
    }
    record.blank = record.end == start;
    return record;
}

void appendField(std::string& out, std::string_view text, const FieldSpan& field, char quote)
{
    if (field.closing == FieldSpan::unquoted) {
        out += text.substr(field.begin, field.end - field.begin);
        return;
    }
    for (auto from = field.begin + 1; from < field.closing;) {
        const auto hit = findByte(text, from, field.closing, quote);
        const auto stop = hit == std::string_view::npos ? field.closing : hit + 1;
        out += text.substr(from, stop - from);
        from = stop < field.closing && hit != std::string_view::npos && text[stop] == quote ? stop + 1 : stop;
    }
    out += text.substr(field.closing + 1, field.end - field.closing - 1);
}

size_t nextLine(std::string_view text, size_t position, bool bareCr, size_t& end)
{
    const auto hit = findByte(text, position, text.size(), bareCr ? '\r' : '\n');
    end = hit == std::string_view::npos ? text.size() : hit;
    const auto next = hit == std::string_view::npos ? text.size() : hit + 1;
    if (!bareCr && end > position && text[end - 1] == '\r')
        --end;
    return next;
}

bool usesBareCr(std::string_view text)
{
    return text.find('\r') != std::string_view::npos && text.find('\n') == std::string_view::npos;
}

} // namespace studio
