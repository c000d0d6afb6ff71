# SPDX-License-Identifier: MIT
"""Seeded texts for the components of a tokenizer.json; tests/core/text/component_texts.h makes the same ones."""
from random_texts import random_text

PARTS = [
    " ", "  ", "   ", "\u2581", "\u2581\u2581", "\u00a0", "\u3000", "\t", "\n", "\r\n", "\r\n\r\n", " \n ", "\t\t x", "12", "12,345.67",
    "2024-05-06T07:08", "\u2167", "\u00bd", "\u0665\u0666", "\uff13", "I'LL", "they're", "'\u017ft", "'S", "don't", "''", "a\u0301", "e\u0301\u0323", "\u00e9",
    "\u1ea5", "\u212b", "\ufb01", "\u00df", "\u0130", "\u03a3\u03c2", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f1eb\U0001f1f7\U0001f1e9", "\u2764\ufe0f",
    "\U0001f44d\U0001f3fd", "\u0915\u094d\u0937\u093f", "\u0e01\u0e33", "\ud55c\uad6d\uc5b4", "\u1112\u1161\u11ab", "\u65e5\u672c\u8a9e", "\u30ab\u30bf\u30ab\u30ca",
    "\u3072\u3089\u304c\u306a", "\uff76\uff9e", "\u30fc", "\u4e2d\u6587\uff0c\u3002", "\u0645\u0631\u062d\u0628\u0627", "\u05e9\u05dc\u05d5\u05dd", "\u041f\u0440\u0438\u0432\u0435\u0442",
    "\u0395\u03bb\u03bb\u03ac\u03c2", "camelCaseXMLParser", "snake_case", "if(x==1){return;}", "<s>", "</w>", "\u0120the", "\u2028", "\u0085", "\u200b", "\ufeff", "\ufffd",
    "\x00", "\x07", "\x7f", "\u0301", "\u20dd", "\U000e0001", "\U00031350", "\U0001ccf0", "$4.99", "\u20ac5", "http://a.b/c?d=e#f", "---", "...", "\u2026",
    "!?", "\u00ab\u00bb", "`code`", "a_b", "\u00aa\u00ba", "\u01c5", "\u02b0", "\u0e33", "\u1112", "\u11a8", "\uac00", "\ufdfa", "\u2460", "\u3392",
]


def component_text(random):
    """Half of the texts are those of random_text(), half are put together from PARTS and a few letters."""
    if random.below(2) == 0:
        return random_text(random)
    out = []
    for _ in range(random.below(13)):
        choice = random.below(4)
        if choice == 0:
            out.append("".join(chr(97 + random.below(26)) for _ in range(1 + random.below(6))))
        elif choice == 1:
            out.append(" ")
        else:
            out.append(PARTS[random.below(len(PARTS))])
    return "".join(out)
