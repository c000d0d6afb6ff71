#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the expected outputs of tests/core/text/tst_tokenizer_components.cpp with the `tokenizers` library: each normaliser
and pre-tokeniser alone (words, their places, and the place of every character), each decoder, and each post-processor.

    python make_component_goldens.py OUTPUT.json
"""
import base64
import json
import struct
import sys

from tokenizers import PreTokenizedString, Tokenizer, pre_tokenizers

from component_texts import component_text
from random_texts import Random
from tokenizer_lines import digest, encoding_line

COUNT, STEP = 400, 50
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
DEEPSEEK = ("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*"
            "|\\s*[\r\n]+|\\s+(?!\\S)|\\s+")
SUFFIX = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + SUFFIX,
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + SUFFIX,
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])


def component(kind, block):
    """The component as a tokenizer.json with `block` makes it."""
    definition = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
                  "pre_tokenizer": None, "post_processor": None, "decoder": None,
                  "model": {"type": "WordLevel", "vocab": {"[UNK]": 0}, "unk_token": "[UNK]"}}
    definition[kind] = block
    return getattr(Tokenizer.from_str(json.dumps(definition)), kind)


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def byte_level(prefix, regex=True, trim=True):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": trim, "use_regex": regex}


def metaspace(scheme, cut=True, replacement="\u2581"):
    return {"type": "Metaspace", "replacement": replacement, "prepend_scheme": scheme, "split": cut}


def replace(kind, pattern, content):
    return {"type": "Replace", "pattern": {kind: pattern}, "content": content}


def normalizer_sequence(*parts):
    return {"type": "Sequence", "normalizers": list(parts)}


def pre_sequence(*parts):
    return {"type": "Sequence", "pretokenizers": list(parts)}


def charsmap(rules):
    """A precompiled_charsmap: a double array that holds `rules`, and their results."""
    strings, places = b"", {}
    for value in sorted(set(rules.values())):
        places[value] = len(strings)
        strings += value.encode() + b"\0"
    root = {}
    for key, value in rules.items():
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[0] = places[value]
    units = {0: 0}
    pending = [(0, root)]
    used = {0}
    first = 0
    while pending:
        place, node = pending.pop(0)
        offset = first
        while True:
            offset += 1
            distance = place ^ offset
            if distance >= 1 << 21 and distance & 0xFF:
                continue
            if all((offset ^ byte) not in used for byte in node):
                break
        if len(used) > 2 * offset + 512:
            first = offset
        units[place] |= distance << 10 if distance < 1 << 21 else (distance >> 8) << 10 | 1 << 9
        for byte, child in node.items():
            child_place = offset ^ byte
            used.add(child_place)
            if byte == 0:
                units[place] |= 1 << 8
                units[child_place] = child | 1 << 31
            else:
                units[child_place] = byte
                pending.append((child_place, child))
    size = (max(units) | 0xFF) + 1
    blob = struct.pack("<I", size * 4) + b"".join(struct.pack("<I", units.get(i, 1 << 31)) for i in range(size)) + strings
    return base64.b64encode(blob).decode()


CHARSMAP = charsmap({
    "\t": " ", "\u3000": " ", "\u00a0": " ", "\u200b": "", "\ufb01": "fi", "\u00e9": "e\u0301", "a\u0301": "\u00e1", "e\u0301\u0323": "E", "\r\n": "\n",
    "\u2460": "1", "\u3392": "MHz", "\uff76": "\u30ab", "\uff76\uff9e": "\u30ac", "\ufdfa": "\u0635\u0644\u0649", "\u1112\u1161\u11ab": "\ud55c", "\u0915\u094d": "KA",
    "\u0915": "ka", "\u0e01\u0e33": "x", "\U0001f1eb": "F", "\u2764\ufe0f": "<3", "A": "a", "B": "b", "a": "a", "\u0301": "", "\uac00": "ga", "'": "\u2019", "\u00df": "ss"})

NORMALIZERS = {
    "NFC": {"type": "NFC"}, "NFD": {"type": "NFD"}, "NFKC": {"type": "NFKC"}, "NFKD": {"type": "NFKD"}, "Lowercase": {"type": "Lowercase"},
    "Nmt": {"type": "Nmt"}, "ByteLevel": {"type": "ByteLevel"}, "Prepend": {"type": "Prepend", "prepend": "\u2581"},
    "Prepend three": {"type": "Prepend", "prepend": "x\u00e9 "}, "Prepend nothing": {"type": "Prepend", "prepend": ""},
    "Strip": {"type": "Strip", "strip_left": True, "strip_right": True}, "Strip right": {"type": "Strip", "strip_left": False, "strip_right": True},
    "StripAccents": normalizer_sequence({"type": "NFD"}, {"type": "StripAccents"}),
    "Bert": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
    "Replace String": replace("String", " ", "\u2581"), "Replace longer": replace("String", "...", "\u2026\u2026"), "Replace by nothing": replace("String", "e", ""),
    "Replace special": replace("String", ".", "(.)"), "Replace empty": replace("String", "", "|"),
    "Replace Regex": replace("Regex", " {2,}", " "), "Replace Regex class": replace("Regex", r"[\p{P}\p{Sm}]+", "<>"),
    "Replace start": replace("Regex", "^", "\u2581"), "Replace end": replace("Regex", "$", "</s>"), "Replace words": replace("Regex", r"(\w)\1", "2"),
    "Replace look-behind": replace("Regex", r"(?<=\d)(?=(\d{3})+\b)", ","), "Replace case": replace("Regex", "(?i)STRASSE|ss", "s"),
    "Precompiled": {"type": "Precompiled", "precompiled_charsmap": CHARSMAP},
    "Precompiled sequence": normalizer_sequence({"type": "Precompiled", "precompiled_charsmap": CHARSMAP}, replace("Regex", " {2,}", "\u2581")),
    "Llama": normalizer_sequence({"type": "Prepend", "prepend": "\u2581"}, replace("String", " ", "\u2581")),
    "Albert": normalizer_sequence(replace("String", "``", "\""), replace("String", "''", "\""), {"type": "NFKD"}, {"type": "StripAccents"},
                                  {"type": "Lowercase"}, {"type": "Precompiled", "precompiled_charsmap": CHARSMAP}),
    "Nmt NFKC": normalizer_sequence({"type": "Nmt"}, {"type": "NFKC"}, replace("Regex", " {2,}", " ")),
    "Start twice": normalizer_sequence(replace("Regex", "^", "ab"), replace("Regex", "^.", "c")),
    "Strip ByteLevel": normalizer_sequence({"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "NFC"}, {"type": "ByteLevel"}),
}

PRE_TOKENIZERS = {
    "Bert": {"type": "BertPreTokenizer"}, "Whitespace": {"type": "Whitespace"}, "WhitespaceSplit": {"type": "WhitespaceSplit"},
    "Digits": {"type": "Digits", "individual_digits": False}, "Digits alone": {"type": "Digits", "individual_digits": True},
    "UnicodeScripts": {"type": "UnicodeScripts"}, "CharDelimiterSplit": {"type": "CharDelimiterSplit", "delimiter": "e"},
    "FixedLength": {"type": "FixedLength", "length": 3}, "FixedLength default": {"type": "FixedLength"},
    "ByteLevel": byte_level(False), "ByteLevel prefix": byte_level(True), "ByteLevel whole": byte_level(False, False), "ByteLevel prefix whole": byte_level(True, False),
    "Metaspace always": metaspace("always"), "Metaspace first": metaspace("first"), "Metaspace never": metaspace("never"),
    "Metaspace whole": metaspace("always", False), "Metaspace first whole": metaspace("first", False), "Metaspace _": metaspace("always", True, "_"),
    "Metaspace old": {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True},
    "Split GPT-2": split({"Regex": GPT2}), "Split GPT-2 inverted": split({"Regex": GPT2}, "Removed", True), "Split Llama 3": split({"Regex": LLAMA3}),
    "Split Qwen 2": split({"Regex": LLAMA3.replace("{1,3}", "")}), "Split o200k": split({"Regex": O200K}), "Split empty": split({"String": ""}, "Isolated"),
    "Split look-around": split({"Regex": r"(?<=[a-z])(?=[A-Z])|(?<!\d)(?=\d)"}, "MergedWithPrevious"),
    "DeepSeek": pre_sequence(split({"Regex": r"\p{N}{1,3}"}), split({"Regex": "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"}), split({"Regex": DEEPSEEK}), byte_level(False, False)),
    "Llama 3": pre_sequence(split({"Regex": LLAMA3}), byte_level(False, False)), "Falcon": pre_sequence({"type": "Punctuation", "behavior": "Contiguous"}, byte_level(False), {"type": "Digits", "individual_digits": False}, split({"Regex": "[0-9][0-9][0-9]"})),
    "T5": pre_sequence({"type": "WhitespaceSplit"}, metaspace("always")), "WhitespaceSplit first": pre_sequence({"type": "WhitespaceSplit"}, metaspace("first")),
    "StarCoder": pre_sequence({"type": "Digits", "individual_digits": True}, byte_level(True)),
    "Scripts bytes": pre_sequence({"type": "UnicodeScripts"}, {"type": "Punctuation", "behavior": "MergedWithNext"}, byte_level(True)),
}
for name in ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]:
    PRE_TOKENIZERS[f"Punctuation {name}"] = {"type": "Punctuation", "behavior": name}
    for invert in [False, True]:
        PRE_TOKENIZERS[f"Split String {name} {invert}"] = split({"String": "e"}, name, invert)
        PRE_TOKENIZERS[f"Split Regex {name} {invert}"] = split({"Regex": r"\s|\p{P}+|\d"}, name, invert)

DECODERS = {
    "ByteLevel": byte_level(True), "WordPiece": {"type": "WordPiece", "prefix": "##", "cleanup": True}, "Metaspace": metaspace("always"),
    "Metaspace never": metaspace("never"), "BPEDecoder": {"type": "BPEDecoder", "suffix": "</w>"},
    "CTC": {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
    "CTC raw": {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": False},
    "ByteFallback": {"type": "ByteFallback"}, "Fuse": {"type": "Fuse"}, "Strip": {"type": "Strip", "content": "\u2581", "start": 1, "stop": 0},
    "Replace": replace("String", "\u2581", " "), "Replace Regex": replace("Regex", r"\s+|(?<=a)b", "-"),
    "Llama": {"type": "Sequence", "decoders": [replace("String", "\u2581", " "), {"type": "ByteFallback"}, {"type": "Fuse"},
                                               {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
    "bytes then words": {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, metaspace("first"), {"type": "Fuse"}, replace("Regex", " {2,}", " ")]},
}
TOKENS = ["the", "##ing", "\u2581the", "\u2581", "\u2581\u2581a", "\u0120the", "\u0120", "\u00c3", "\u00a9", "\u00e2\u0124\u00ac", "\u010a", "lo</w>", "</w>", "<pad>", "|", "h", "e", "l",
          "<0xE2>", "<0x82>", "<0xAC>", "<0x41>", "<0x0a>", "<0x+F>", "<0xZZ>", "<0xFF>", "ab", "b", " ", "  x ", " .", " do not", " n't", "'s", "\u4e2d", "\u00e9\u0120", "\ufffd", ".", "?"]

SPECIAL = {"<s>": 0, "</s>": 1, "<mask>": 2}


def special(name, type_id):
    return {"SpecialToken": {"id": name, "type_id": type_id}}


def sequence(name, type_id):
    return {"Sequence": {"id": name, "type_id": type_id}}


TEMPLATE = {"type": "TemplateProcessing", "single": [special("<s>", 0), sequence("A", 0)],
            "pair": [special("<s>", 0), sequence("A", 0), special("<s>", 1), sequence("B", 1)],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}}
ODD_TEMPLATE = {"type": "TemplateProcessing", "single": [sequence("A", 3), special("two", 1), sequence("A", 2)],
                "pair": [sequence("B", 1), special("two", 2)],
                "special_tokens": {"two": {"id": "two", "ids": [0, 2], "tokens": ["<s>", "<mask>"]}}}
PAIR = {"sep": ["</s>", 1], "cls": ["<s>", 0]}


def roberta(trim, prefix):
    return {"type": "RobertaProcessing", **PAIR, "trim_offsets": trim, "add_prefix_space": prefix}


def processors(*parts):
    return {"type": "Sequence", "processors": list(parts)}


POST_PROCESSORS = {
    "Bert": {"type": "BertProcessing", **PAIR}, "Roberta": roberta(True, True), "Roberta no prefix": roberta(True, False), "Roberta no trim": roberta(False, True),
    "ByteLevel": byte_level(True), "ByteLevel no prefix": byte_level(False), "ByteLevel no trim": byte_level(True, True, False), "Template": TEMPLATE, "odd template": ODD_TEMPLATE,
    "Llama 3": processors(byte_level(True), TEMPLATE), "Llama 3 no prefix": processors(byte_level(False), TEMPLATE), "Template ByteLevel": processors(TEMPLATE, byte_level(True)),
    "Roberta ByteLevel": processors(roberta(True, True), byte_level(True)), "Bert Template": processors({"type": "BertProcessing", **PAIR}, TEMPLATE),
    "Bert Roberta": processors({"type": "BertProcessing", **PAIR}, roberta(True, False)), "nothing": processors(), "none": None,
}


def word_line(splits):
    return "\x1f".join(f"{text}@{first}-{last}" for text, (first, last), _ in splits)


def component_line(normalizer, pre_tokenizer, text):
    pieces = PreTokenizedString(text)
    if normalizer is not None:
        pieces.normalize(normalizer.normalize)
    if pre_tokenizer is not None:
        pre_tokenizer.pre_tokenize(pieces)
    line = word_line(pieces.get_splits(offset_referential="original", offset_type="char"))
    pre_tokenizers.FixedLength(1).pre_tokenize(pieces)
    return line + "|" + word_line(pieces.get_splits(offset_referential="original", offset_type="char"))


def digests(lines, step=STEP):
    return [digest(lines[i:i + step]) for i in range(0, len(lines), step)]


def texts(seed, count=COUNT):
    random = Random(seed)
    return [component_text(random) for _ in range(count)]


def post_processor_lines(block, seed):
    """A byte-level tokenizer whose tokens are single characters and a few words, so that tokens may hold spaces."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = list(SPECIAL) + alphabet + ["\u0120\u0120", "\u0120t", "\u0120\u0120\u0120", "\u010a\u010a", "\u0120a", "\u0109\u0120"]
    vocabulary = {word: index for index, word in enumerate(words)}
    merges = [["\u0120", "\u0120"], ["\u0120", "t"], ["\u0120\u0120", "\u0120"], ["\u010a", "\u010a"], ["\u0120", "a"], ["\u0109", "\u0120"]]
    definition = {"version": "1.0", "truncation": None, "padding": None,
                  "added_tokens": [{"id": i, "content": c, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
                                    "special": True} for c, i in SPECIAL.items()],
                  "normalizer": None, "pre_tokenizer": byte_level(seed % 2 == 0), "post_processor": block, "decoder": byte_level(True),
                  "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                            "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": vocabulary, "merges": merges}}
    tokenizer = Tokenizer.from_str(json.dumps(definition))
    random, lines = Random(seed), []
    for _ in range(200):
        parts = [component_text(random)]
        if random.below(2):
            parts.append(component_text(random))
        add = random.below(4) != 0
        if random.below(2):
            tokenizer.enable_truncation(8 + random.below(20))
        else:
            tokenizer.no_truncation()
        try:
            encoding = tokenizer.encode(*parts, add_special_tokens=add)
            lines.append(encoding_line(tokenizer, encoding))
        except BaseException:
            lines.append("error")
    return definition, digests(lines)


def class_digests():
    """What regular expressions say about every character, a digest a block of 4,096."""
    out = {}
    for pattern in [r"\w", r"\d", r"\s", r"\p{L}", r"\p{Lu}", r"\p{Ll}", r"\p{M}", r"\p{N}", r"\p{P}", r"\p{S}", r"\p{C}", r"[^\s\p{L}\p{N}]", r"\p{Han}",
                    r"\p{Hiragana}", "[[:alpha:]]", "[[:lower:]]", "[^[:alnum:]]", "[[:punct:]]", "[a-z\\][:^punct:]&&[^b]]", "[\u0300-\u036f\u10fc]"]:
        split_all = component("pre_tokenizer", split({"Regex": pattern}, "Removed"))
        lines = []
        for first in range(0, 0x110000, 4096):
            text = "".join(chr(c) for c in range(first, first + 4096) if not 0xD800 <= c < 0xE000)
            if text:
                lines.append(word_line([(t, o, None) for t, o in split_all.pre_tokenize_str(text)]))
        out[pattern] = digest(lines)
    for name in ["UnicodeScripts", "Digits"]:
        block = {"type": name, "individual_digits": True}
        part = component("pre_tokenizer", block)
        lines = [word_line([(t, o, None) for t, o in part.pre_tokenize_str(f"a{chr(c)}\u0436")]) for c in range(0x110000)
                 if not 0xD800 <= c < 0xE000]
        out[name] = digest(lines)
    return out


def main():
    records = {"count": COUNT, "step": STEP, "normalizers": [], "pre_tokenizers": [], "decoders": [], "post_processors": []}
    for seed, (name, block) in enumerate(NORMALIZERS.items(), 100):
        part = component("normalizer", block)
        lines = [component_line(part, None, text) for text in texts(seed)]
        records["normalizers"].append({"name": name, "block": block, "seed": seed, "digests": digests(lines)})
    cleaned = component("normalizer", NORMALIZERS["Strip ByteLevel"]["normalizers"][0])
    for seed, (name, block) in enumerate(PRE_TOKENIZERS.items(), 200):
        part = component("pre_tokenizer", block)
        lines = [component_line(cleaned if i % 4 == 3 else None, part, text) for i, text in enumerate(texts(seed))]
        records["pre_tokenizers"].append({"name": name, "block": block, "seed": seed, "digests": digests(lines)})
    for seed, (name, block) in enumerate(DECODERS.items(), 300):
        part, random, lines = component("decoder", block), Random(seed), []
        for _ in range(COUNT):
            tokens = [TOKENS[random.below(len(TOKENS))] for _ in range(1 + random.below(12))]
            lines.append(part.decode(tokens))
        records["decoders"].append({"name": name, "block": block, "seed": seed, "digests": digests(lines)})
    for seed, (name, block) in enumerate(POST_PROCESSORS.items(), 400):
        definition, expected = post_processor_lines(block, seed)
        records["post_processors"].append({"name": name, "block": block, "seed": seed, "digests": expected})
    definition["post_processor"] = None
    records["tokens"] = TOKENS
    records["byte_level_tokenizer"] = definition
    records["classes"] = class_digests()
    with open(sys.argv[1], "w", encoding="ascii") as out:
        json.dump(records, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
