#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes core/text/regex_tables.cpp: what the regular expressions, Digits and UnicodeScripts of the `tokenizers` library
know about characters.

The library's Oniguruma has newer Unicode tables than the distribution's, so each class is asked of the library itself.
Stand-ins are characters that the distribution's Oniguruma (Unicode 14, as this Python) classifies as the library does the
newer ones.

    python3.11 make_regex_tables.py OUTPUT.cpp
"""
import sys
import unicodedata

import tokenizers
from tokenizers import Regex, pre_tokenizers

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
    assert unicodedata.unidata_version == "14.0.0", "this needs Python 3.11, whose tables are those of Unicode 14"
    category = {c: CATEGORIES.index(name) for name in CATEGORIES if name != "Cs" for c in members(rf"\p{{{name}}}")}
    word, digit, space = members(r"\w"), members(r"\d"), members(r"\s")
    assert space == {c for c in SCALARS if len(pre_tokenizers.WhitespaceSplit().pre_tokenize_str(f"a{chr(c)}a")) == 2}
    assert digit == {c for c, value in category.items() if CATEGORIES[value] == "Nd"}
    for c in SCALARS:
        expected = CATEGORIES[category[c]]
        assert (c in word) == (expected[0] in "LM" or expected in ("Nd", "Nl", "Pc") or c in word), hex(c)
    numeric = apart(pre_tokenizers.Digits(True), "a")

    # Newer characters, and those that changed since Unicode 14.
    scripts_known = ["Han", "Hiragana", "Katakana", "Latin", "Cyrillic", "Arabic", "Devanagari", "Common"]
    script_of = {}
    for name in scripts_known:
        for c in members(rf"\p{{{name}}}"):
            script_of[c] = name
    changed = [c for c in SCALARS if CATEGORIES[category[c]] != unicodedata.category(chr(c))]
    same = {}
    changed_set = set(changed)
    for c in SCALARS:
        if c not in changed_set and c > 0x10FF:
            same.setdefault((category[c], script_of.get(c), c in word, len(chr(c).encode())), c)
            same.setdefault((category[c], None, c in word, len(chr(c).encode())), c)
    stand_ins, missing = [], []
    for c in changed:
        size = len(chr(c).encode())
        key = next((k for k in [(category[c], script_of.get(c), c in word, size), (category[c], None, c in word, size)]
                    if k in same), None)
        if key is None:
            missing.append(hex(c))
            continue
        if stand_ins and stand_ins[-1][1] == c - 1 and stand_ins[-1][2] == same[key]:
            stand_ins[-1][1] = c
        else:
            stand_ins.append([c, c, same[key]])
    assert not missing, missing

    rows = ",\n".join("    " + ", ".join(f"{{0x{a:X}, 0x{b:X}, 0x{r:X}}}" for a, b, r in stand_ins[i:i + 4])
                      for i in range(0, len(stand_ins), 4))
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
