#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes core/text/regex_tables.cpp: what the regular expressions, Digits and UnicodeScripts of the `tokenizers` library
know about characters.

The library's Oniguruma has newer Unicode tables than the distribution's, so each class is asked of the library itself.
Stand-ins are characters that the distribution's Oniguruma (libonig.so.5) classifies as the library does the newer ones.

    python3 make_regex_tables.py OUTPUT.cpp
"""
import ctypes
import sys

import tokenizers
from tokenizers import Regex, pre_tokenizers

SCRIPTS = ["Han", "Hiragana", "Katakana", "Hangul", "Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Bengali", "Tamil", "Telugu", "Kannada",
           "Malayalam", "Thai", "Khmer", "Mongolian", "Georgian", "Armenian", "Ethiopic", "Common", "Inherited"]
SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
EVERYTHING = "".join(map(chr, SCALARS))
CATEGORIES = ["Cn", "Cc", "Cf", "Co", "Cs", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps",
              "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp"]


def members(pattern):
    """The scalar values that `pattern`, a character class, matches."""
    split = pre_tokenizers.Split(Regex(f"(?:{pattern})+"), "removed", invert=True)
    found = set()
    for _, (first, last) in split.pre_tokenize_str(EVERYTHING):
        found.update(SCALARS[first:last])
    return found


class Region(ctypes.Structure):
    _fields_ = [("allocated", ctypes.c_int), ("count", ctypes.c_int), ("beg", ctypes.POINTER(ctypes.c_int)), ("end", ctypes.POINTER(ctypes.c_int))]


def distribution_members(pattern):
    """What the distribution's Oniguruma says that `pattern`, a character class, matches."""
    onig, pointer = ctypes.CDLL("libonig.so.5"), ctypes.c_void_p
    onig.onig_region_new.restype = ctypes.POINTER(Region)
    encoding = pointer(ctypes.addressof(ctypes.c_char.in_dll(onig, "OnigEncodingUTF8")))
    onig.onig_initialize((pointer * 1)(encoding), 1)
    expression, text, regex, info = f"(?:{pattern})+".encode(), EVERYTHING.encode(), pointer(), ctypes.create_string_buffer(64)
    pattern_buffer, buffer = ctypes.create_string_buffer(expression), ctypes.create_string_buffer(text)
    first, begin = ctypes.addressof(pattern_buffer), ctypes.addressof(buffer)
    end = pointer(begin + len(text))
    code = onig.onig_new(ctypes.byref(regex), pointer(first), pointer(first + len(expression)), 0, encoding, pointer.in_dll(onig, "OnigDefaultSyntax"), info)
    assert code == 0, pattern
    region, found, at = onig.onig_region_new(), set(), 0
    while onig.onig_search(regex, pointer(begin), end, pointer(begin + at), end, region, 0) >= 0:
        at = region.contents.end[0]
        found.update(map(ord, text[region.contents.beg[0]:at].decode()))
    onig.onig_region_free(region, 1)
    onig.onig_free(regex)
    return found


def runs(value_of):
    """(first, value) wherever the value changes."""
    out = []
    for c in range(0x110000):
        value = value_of.get(c, 0)
        if not out or out[-1][1] != value:
            out.append((c, value))
    return out


def apart(pre_tokenizer, beside):
    """Characters that `pre_tokenizer` cuts off from the character `beside` on both sides."""
    text = beside + beside.join(map(chr, SCALARS)) + beside
    return {SCALARS[first // 2] for _, (first, last) in pre_tokenizer.pre_tokenize_str(text) if last == first + 1 and first % 2}


def scripts():
    """Class numbers of the scripts that UnicodeScripts tells apart; 0 belongs to any."""
    split = pre_tokenizers.UnicodeScripts()
    anywhere = set(SCALARS) - apart(split, "a") - apart(split, "\u0436")
    # Between Latin letters, Latin is not cut off; it is between Cyrillic ones.
    rest = [c for c in SCALARS if c not in anywhere]
    classes, value_of = [], {}
    for part, (first, last) in split.pre_tokenize_str("".join(map(chr, rest))):
        for number, known in enumerate(classes):
            if len(split.pre_tokenize_str(known + part[0])) == 1:
                break
        else:
            number = len(classes)
            classes.append(part[0])
        for c in rest[first:last]:
            value_of[c] = number + 1
    return value_of


def numbers_table(kind, name, values):
    lines, line = [], "   "
    for value in values:
        cell = f" 0x{value:X},"
        if len(line) + len(cell) > 118:
            lines.append(line)
            line = "   "
        line += cell
    body = "\n".join(lines + [line])
    return f"const std::array<{kind}, {len(values)}> {name} {{{{\n{body}\n}}}};\n"


def main():
    category = {c: CATEGORIES.index(name) for name in CATEGORIES if name != "Cs" for c in members(rf"\p{{{name}}}")}
    word, digit, space = members(r"\w"), members(r"\d"), members(r"\s")
    assert space == {c for c in SCALARS if len(pre_tokenizers.WhitespaceSplit().pre_tokenize_str(f"a{chr(c)}a")) == 2}
    assert digit == {c for c, value in category.items() if CATEGORIES[value] == "Nd"}
    for c in SCALARS:
        expected = CATEGORIES[category[c]]
        assert (c in word) == (expected[0] in "LM" or expected in ("Nd", "Nl", "Pc") or c in word), hex(c)
    numeric = apart(pre_tokenizers.Digits(True), "a")

    # Characters that the two know otherwise: newer ones, and those that changed.
    classes = [rf"\p{{{name}}}" for name in CATEGORIES if name != "Cs"] + [r"\w", "[[:alpha:]]", "[[:lower:]]", "[[:upper:]]"] + [rf"\p{{{name}}}" for name in SCRIPTS]
    known, distribution = [0] * 0x110000, [0] * 0x110000
    for number, pattern in enumerate(classes):
        for c in members(pattern):
            known[c] |= 1 << number
        for c in distribution_members(pattern):
            distribution[c] |= 1 << number
    changed = [c for c in SCALARS if known[c] != distribution[c]]
    alphabetic = 1 << classes.index("[[:alpha:]]") | 1 << classes.index("[[:lower:]]")
    without_script = (1 << len(classes) - len(SCRIPTS)) - 1
    same, changed_set = {}, set(changed)
    # Rather characters without case, which no (?i) finds.
    for c in sorted(SCALARS, key=lambda c: (chr(c).lower() != chr(c) or chr(c).upper() != chr(c), c)):
        if c not in changed_set and c > 0x2FF:
            for mask in [-1, without_script]:
                same.setdefault((known[c] & mask, mask, len(chr(c).encode())), c)
    stand_ins, missing = [], []
    for c in changed:
        key = next((key for key in [(known[c] & mask, mask, len(chr(c).encode())) for mask in [-1, without_script]] if key in same), None)
        if key is None:
            missing.append(c)
            continue
        entry = [same[key], not (known[c] ^ distribution[c]) & ~alphabetic]
        if stand_ins and stand_ins[-1][1] == c - 1 and stand_ins[-1][2:] == entry:
            stand_ins[-1][1] = c
        else:
            stand_ins.append([c, c, *entry])
    assert not [c for c in missing if (known[c] ^ distribution[c]) & without_script], list(map(hex, missing))

    rows = ",\n".join("    " + ", ".join(f"{{0x{a:X}, 0x{b:X}, 0x{r:X}, {str(only).lower()}}}" for a, b, r, only in stand_ins[i:i + 3])
                      for i in range(0, len(stand_ins), 3))
    numeric_runs = []
    for c in sorted(numeric):
        if numeric_runs and numeric_runs[-1][1] == c - 1:
            numeric_runs[-1][1] = c
        else:
            numeric_runs.append([c, c])
    parts = [
        "// SPDX-License-Identifier: MIT",
        f"// Generated by tests/reference/make_regex_tables.py from tokenizers {tokenizers.__version__}; do not edit.",
        '#include "core/text/regex_tables.h"', "", "#include <array>", "", "// clang-format off", "namespace studio {",
        "namespace {",
        numbers_table("uint32_t", "categoryTable", [c * 32 + value for c, value in runs(category)]),
        numbers_table("uint32_t", "scriptTable", [c * 256 + value for c, value in runs(scripts())]),
        numbers_table("uint32_t", "numericTable", [v for run in numeric_runs for v in run]),
        f"const std::array<StandIn, {len(stand_ins)}> standInTable {{{{\n{rows}\n}}}};\n",
        "} // namespace\n",
        "std::span<const uint32_t> categoryRuns() noexcept { return categoryTable; }",
        "std::span<const uint32_t> scriptRuns() noexcept { return scriptTable; }",
        "std::span<const uint32_t> numericRanges() noexcept { return numericTable; }",
        "std::span<const StandIn> standIns() noexcept { return standInTable; }",
        "\n} // namespace studio\n// clang-format on",
    ]
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write("\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
