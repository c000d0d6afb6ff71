# SPDX-License-Identifier: MIT
"""Seeded texts of made-up words; tests/core/text/syllable_texts.h makes the same ones."""

SYLLABLES = ["ka", "lo", "mi", "ne", "stra", "the", "ing", "er", "un", "a", "o", "qu", "\u00e9t", "\u00fcber", "\u043d\u0430", "\u0441\u0442",
             "\u4e2d", "\u6587", "\u65e5\u672c", "\U0001F600", "1", "20", "'s", "-", "X", "Zz", "\u0e01\u0e33", "\u0915\u094d\u0937", "\u2581", "\u00df"]
GAPS = [" ", " ", " ", " ", " ", "  ", "\n", ".", ", ", "", "\t", "   ", "! ", "\r\n", "\u00a0", "\u3000"]


def syllable_text(random):
    """Up to 24 words of up to 5 syllables, with one character of anywhere here and there."""
    out = []
    for _ in range(random.below(25)):
        for _ in range(1 + random.below(5)):
            out.append(SYLLABLES[random.below(len(SYLLABLES))])
        if random.below(12) == 0:
            code = random.below(0x3000)
            out.append(chr(code))
        out.append(GAPS[random.below(len(GAPS))])
    return "".join(out)
