# SPDX-License-Identifier: MIT
"""Seeded random texts; tests/core/text/random_texts.h makes the same ones."""

MASK = (1 << 64) - 1

POOLS = [
    [(0x61, 0x7A), (0x61, 0x7A), (0x41, 0x5A), (0x20, 0x20)],
    [(0x00, 0x7F)],
    [(0xA0, 0x24F), (0x1E00, 0x1EFF), (0x61, 0x7A)],
    [(0x370, 0x3FF), (0x400, 0x52F), (0x590, 0x6FF)],
    [(0x900, 0xDFF), (0xE00, 0xFFF)],
    [(0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF)],
    [(0xAC00, 0xD7A3), (0x1100, 0x11FF)],
    [(0x1F300, 0x1FAFF), (0x2600, 0x27BF), (0x200B, 0x200F), (0xFE00, 0xFE0F)],
    [(0x61, 0x7A), (0x300, 0x36F), (0x483, 0x487), (0x591, 0x5BD), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF),
     (0x302A, 0x302F), (0x1D165, 0x1D172), (0x20D0, 0x20F0), (0xF71, 0xF84), (0x340, 0x345), (0xC0, 0xFF),
     (0x11930, 0x1193E), (0x1E000, 0x1E02A), (0x10D24, 0x10D27), (0x8D3, 0x8E1)],
    [(0x00, 0xD7FF), (0xE000, 0x10FFFF)],
    [(0x2000, 0x206F), (0xFFF0, 0xFFFF), (0x00, 0x20), (0x7F, 0xA0)],
]

WORDS = ["the", "unaffable", "[MASK]", "[SEP]", " [UNK] ", "don't", "can\u2019t", "1,234.56", "http://a.b/c?d=e", "\r\n",
         "\t", "na\u00efve", "\u0130stanbul", "\u5317\u4eac", "x" * 101, "\u00df", "\ufb01n", "ANTIDISESTABLISHMENTARIANISM", "##ing", "..."]


class Random:
    """splitmix64."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, limit):
        return self.next() % limit


def random_text(random):
    """A text of up to 40 parts; one in ten is random bytes, repaired as errors="replace" does."""
    parts = random.below(41)
    if random.below(10) == 0:
        return bytes(random.below(256) for _ in range(parts)).decode("utf-8", errors="replace")
    style = random.below(len(POOLS))
    out = []
    for _ in range(parts):
        pool = style if random.below(4) else random.below(len(POOLS))
        if random.below(8) == 0:
            out.append(WORDS[random.below(len(WORDS))])
            if random.below(2) == 0:
                out.append(" ")
            continue
        first, last = POOLS[pool][random.below(len(POOLS[pool]))]
        out.append(chr(first + random.below(last - first + 1)))
    return "".join(out)
