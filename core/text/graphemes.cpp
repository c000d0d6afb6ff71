// SPDX-License-Identifier: MIT
#include "core/text/graphemes.h"

#include "core/base/unicode.h"
#include "core/text/two_stage_table.h"

#include <algorithm>
#include <vector>

namespace studio {
namespace {

enum Class : uint8_t {
    Other,
    Cr,
    Lf,
    Control,
    Extend,
    Zwj,
    Prepend,
    SpacingMark,
    HangulL,
    HangulV,
    HangulT,
    RegionalIndicator,
    Pictographic,
    HangulLv,
    HangulLvt
};
enum Conjunct : uint8_t { None, Consonant, ConjunctExtend, Linker };

struct Character {
    Class kind = Other;
    Conjunct conjunct = None;
};

const TwoStageTable& classTable()
{
    static const TwoStageTable table = [] {
        std::vector<uint8_t> classes(0x110000);
        const auto runs = graphemeRuns();
        for (size_t i = 0; i < runs.size(); ++i) {
            const size_t first = runs[i] >> 8, end = i + 1 < runs.size() ? runs[i + 1] >> 8 : classes.size();
            std::fill(classes.begin() + static_cast<std::ptrdiff_t>(first),
                classes.begin() + static_cast<std::ptrdiff_t>(end), static_cast<uint8_t>(runs[i]));
        }
        for (size_t c = 0; c < 11172; ++c) // Hangul syllables
            classes[0xAC00 + c] = c % 28 == 0 ? HangulLv : HangulLvt;
        return TwoStageTable(classes);
    }();
    return table;
}

Character characterOf(char32_t c)
{
    const auto value = classTable().at(c);
    return {static_cast<Class>(value & 15), static_cast<Conjunct>(value >> 4)};
}

/// What the rules need to know of the cluster so far.
struct Cluster {
    Character last;
    bool pictographic = false; ///< Extended_Pictographic Extend*, and perhaps one ZWJ
    bool afterConsonant = false, linked = false; ///< a consonant, then only extenders and linkers
    int indicators = 1; ///< Regional_Indicator at the end
};

bool isBoundary(const Cluster& cluster, const Character& next)
{
    const auto before = cluster.last.kind, after = next.kind;
    const auto isControl = [](Class kind) { return kind == Control || kind == Cr || kind == Lf; };
    if (before == Cr && after == Lf)
        return false;
    if (isControl(before) || isControl(after))
        return true;
    if (before == HangulL
        && (after == HangulL || after == HangulV || after == HangulLv || after == HangulLvt))
        return false;
    if ((before == HangulLv || before == HangulV) && (after == HangulV || after == HangulT))
        return false;
    if ((before == HangulLvt || before == HangulT) && after == HangulT)
        return false;
    if (after == Extend || after == Zwj || after == SpacingMark || before == Prepend)
        return false;
    if (next.conjunct == Consonant && cluster.afterConsonant && cluster.linked)
        return false;
    if (before == Zwj && after == Pictographic && cluster.pictographic)
        return false;
    return !(before == RegionalIndicator && after == RegionalIndicator && cluster.indicators % 2 == 1);
}

} // namespace

size_t graphemeEnd(std::string_view utf8, size_t at)
{
    const auto simple = [&](size_t place) { // nothing below U+0300 joins anything but CR LF
        return place >= utf8.size() || static_cast<unsigned char>(utf8[place]) < 0xCC;
    };
    const char first = utf8[at];
    size_t end = at;
    const char32_t start = nextCodePoint(utf8, end);
    if (simple(end) && start < 0x600 && !(first == '\r' && end < utf8.size() && utf8[end] == '\n'))
        return end;
    Cluster cluster;
    cluster.last = characterOf(start);
    cluster.pictographic = cluster.last.kind == Pictographic;
    cluster.afterConsonant = cluster.last.conjunct == Consonant;
    while (end < utf8.size()) {
        size_t following = end;
        const auto next = characterOf(nextCodePoint(utf8, following));
        if (isBoundary(cluster, next))
            break;
        cluster.pictographic = next.kind == Pictographic
            || (cluster.pictographic && cluster.last.kind != Zwj
                && (next.kind == Extend || next.kind == Zwj));
        if (next.conjunct == Consonant) {
            cluster.afterConsonant = true;
            cluster.linked = false;
        } else {
            cluster.afterConsonant = cluster.afterConsonant && next.conjunct != None;
            cluster.linked = cluster.afterConsonant && (cluster.linked || next.conjunct == Linker);
        }
        cluster.indicators = next.kind == RegionalIndicator && cluster.last.kind == RegionalIndicator
            ? cluster.indicators + 1
            : 1;
        cluster.last = next;
        end = following;
    }
    return end;
}

} // namespace studio
