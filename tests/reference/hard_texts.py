# SPDX-License-Identifier: MIT
"""Texts that are hard on tokenisers: code, scripts of many languages, emoji, white space, control characters, very long
words. tests/core/text/goldens/hard_texts.json holds them for the C++ side, each with the number of times that it is repeated.

    python hard_texts.py OUTPUT.json
"""
import json
import sys

TEXTS = [
    # nothing, white space alone
    "", " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n\n", " \n ", "\t \t", "\u00a0", "\u3000", "\u2003\u2009", "\u2028\u2029", "\u0085", "\u200b", "\ufeff",
    (" ", 50), ("\n", 20), (" \t", 30),
    # code
    "def f(x, *args, **kw):\n    return {k: v for k, v in kw.items() if k != '__class__'}  # noqa\n",
    "for (int i = 0; i < n; ++i) { a[i] += b[i] << 2; } // \u00fcber\n", "#include <vector>\n#define MAX(a,b) ((a)>(b)?(a):(b))",
    "SELECT id, COUNT(*) FROM t WHERE x LIKE '%\u00e9%' GROUP BY 1 HAVING COUNT(*) >= 2;", "<div class=\"a-b\" data-x='1'>&amp;&#x27;</div><!-- no -->",
    "{\"key\": [1, 2.5e-3, null, true], \"nested\": {\"a\\\\b\": \"\\u00e9\"}}", "grep -rn \"foo\\|bar\" ./src | awk '{print $1}' > /dev/null 2>&1",
    "const f = async ({a, ...rest}) => `${a}\\n`;", "^(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]+)@\\w+\\.\\w{2,}$", "0xDEADBEEF 1_000_000 3.14159e+00 0b1010 .5 5.", "\\begin{equation} \\sum_{i=1}^{n} x_i^2 \\end{equation}",
    "https://user:pass@example.org:8080/p/a/t/h?query=string&x[]=1#hash", "C:\\Program Files\\x86\\a.exe", "snake_case camelCase SCREAMING_CASE kebab-case dotted.name",
    # languages
    "The quick brown fox can't jump over Mr. O'Neil's 3rd \"lazy\" dog; it's 5:30 p.m.!", "Falsches \u00dcben von Xylophonmusik qu\u00e4lt jeden gr\u00f6\u00dferen Zwerg.",
    "Voix ambigu\u00eb d\u2019un c\u0153ur qui pr\u00e9f\u00e8re les jattes de kiwis", "El ping\u00fcino Wenceslao hizo kil\u00f3metros bajo exhaustiva lluvia \u00bfno?", "Zaj\u0105c b\u0142\u0119kitny \u017c\u00f3\u0142\u0107",
    "P\u0159\u00edli\u0161 \u017elu\u0165ou\u010dk\u00fd k\u016f\u0148", "\u0421\u044a\u0435\u0448\u044c \u0436\u0435 \u0435\u0449\u0451 \u044d\u0442\u0438\u0445 \u043c\u044f\u0433\u043a\u0438\u0445 \u0431\u0443\u043b\u043e\u043a", "\u039e\u03b5\u03c3\u03ba\u03b5\u03c0\u03ac\u03b6\u03c9 \u03c4\u1f74\u03bd \u03c8\u03c5\u03c7\u03bf\u03c6\u03b8\u03cc\u03c1\u03b1",
    "\u0634\u0631\u0643\u0629 \u0627\u0644\u0630\u0643\u0627\u0621 \u0627\u0644\u0627\u0635\u0637\u0646\u0627\u0639\u064a\u060c \u0633\u0646\u0629 \u0662\u0660\u0662\u0664", "\u05e2\u05d8\u05dc\u05e3 \u05d0\u05d1\u05e7 \u05e0\u05b0\u05e7\u05bb\u05d3\u05bc\u05d5\u05b9\u05ea", "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e\u0964 \u0915\u094d\u0937\u0924\u094d\u0930\u093f\u092f",
    "\u09ac\u09be\u0982\u09b2\u09be \u09ad\u09be\u09b7\u09be", "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22\u0e44\u0e21\u0e48\u0e21\u0e35\u0e0a\u0e48\u0e2d\u0e07\u0e27\u0e48\u0e32\u0e07", "\u1797\u17b6\u179f\u17b6\u1781\u17d2\u1798\u17c2\u179a", "\u4e2d\u6587\u5206\u8bcd\uff0c\u6ca1\u6709\u7a7a\u683c\u3002\u7e41\u9ad4\u5b57\uff01",
    "\u65e5\u672c\u8a9e\u3067\u306f\u3001\u30ab\u30bf\u30ab\u30ca\u30fc\u3068\uff8a\uff9d\uff76\uff78\u3092\u6df7\u305c\u308b\u3002", "\ud55c\uad6d\uc5b4 \ub744\uc5b4\uc4f0\uae30 \u1112\u1161\u11ab", "Ti\u1ebfng Vi\u1ec7t c\u00f3 d\u1ea5u thanh", "\u10e5\u10d0\u10e0\u10d7\u10e3\u10da\u10d8 \u1c90\u1c91", "\u0540\u0561\u0575\u0565\u0580\u0565\u0576",
    "\u1230\u120b\u121d", "\u0f56\u0f7c\u0f51\u0f0b\u0f66\u0f90\u0f51\u0f0b", "\u13e3\u13b3\u13a9 \uab70", "\u0130stanbul\u2019da \u0131\u015f\u0131k", "\U00020000\U0002a6d6 \u9fa6", "\U00010330\U00010331 \U0001d518\U0001d52b\U0001d526",
    # emoji, marks, odd characters
    "\U0001f600\U0001f602\U0001f923", "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7\U0001f1ef", "\u2764\ufe0f\u2764\u261d\U0001f3ff", "1\ufe0f\u20e32\u20e3#\ufe0f\u20e3", "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    "a\u0301\u0323\u0308 e\u0323\u0301 \u00e9\u0323", ("Z\u0351\u036b\u0343", 5), "\u0344\u0958\u2126\u212b\uf900\ufb2a", "\ufb03\ufb05\u2460\u33a5\u00bd\u2167\u1d2c", "\ufdfa\ufdfb", "\u0600\u06dd\u202e\u202c\u2066x\u2069",
    "\u00ad\u034f\u061c\u115f\u180e\u2060", "\ufffd\ufffe\uffff\U0010ffff", "\ue000\U000f0000", "a\u2581b \u2581 \u2581\u2581", "\u0120the\u010a\u0108", "<0x41> <0x0A> <0xFF>", "<s></s><unk><pad><mask>[CLS][SEP][PAD][MASK][UNK]<|endoftext|>", "</w> @@ ##ing ##",
    # control characters
    "\x00", "a\x00b", "\x01\x02\x03\x1b[31mred\x1b[0m\x7f", "\x08\x0b\x0c\x0e\x1f", "\x80\x9f\xa0\xad", "line\rone\r\rtwo",
    # very long
    ("a", 99), ("a", 100), ("a", 101), ("a", 3000), ("ka", 2000), ("\u4e2d", 500), ("\u00e9", 200), ("\U0001f600", 150), ("1", 400), (".", 300), ("-=", 200), ("lorem ", 300),
    ("\u0e01\u0e34", 300), ("x'", 120), ("\u0301", 60), ("\u2581", 64), ("aB1!", 250), ("\n\t", 90), ("supercalifragilisticexpialidocious", 20), ("\ufffd", 70),
]


def hard_texts():
    return [text if isinstance(text, str) else text[0] * text[1] for text in TEXTS]


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write("[\n" + ",\n".join(json.dumps([text, 1] if isinstance(text, str) else list(text)) for text in TEXTS) + "\n]\n")
