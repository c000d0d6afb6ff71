#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the expected outputs of the `tokenizers` library that tests/core/text compares with.

    python make_tokenizer_goldens.py STARTER_FOLDER BLNS_JSON OUTPUT_FOLDER
"""
import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

from random_texts import Random, random_text
from tokenizer_lines import digest, encoding_line, short_line

BLOCK = 4096
CHARACTERS = [c for first, last in ((0, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x11FFF), (0x1D000, 0x1D7FF), (0x1E000, 0x1FAFF),
                                    (0x2F800, 0x2FA1F)) for c in range(first, last + 1)]


def load(definition):
    tokenizer = Tokenizer.from_str(json.dumps(definition))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def character_level(normalizer, pre_tokenizer, post_processor=None, decoder=None):
    """A tokenizer in which every character is a piece of its own, so that ids show the normalised text."""
    vocabulary = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}
    for index, c in enumerate(CHARACTERS):
        vocabulary[chr(c)] = 3 + 2 * index
        vocabulary["##" + chr(c)] = 4 + 2 * index
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": normalizer,
            "pre_tokenizer": pre_tokenizer, "post_processor": post_processor, "decoder": decoder,
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": 1000, "vocab": vocabulary}}


def bert_normalizer(clean, chinese, accents, lower):
    return {"type": "BertNormalizer", "clean_text": clean, "handle_chinese_chars": chinese, "strip_accents": accents,
            "lowercase": lower}


def write_scalars(starter, out):
    bert = {"type": "BertPreTokenizer"}
    variants = {
        "starter": (starter, range(0x110000)),
        "cased": ({**starter, "normalizer": bert_normalizer(True, True, None, False)}, None),
        "plain": ({**starter, "normalizer": bert_normalizer(False, False, False, True)}, None),
        "characters": (character_level(bert_normalizer(True, True, None, True), bert), None),
    }
    lines = []
    for name, (definition, scalars) in variants.items():
        tokenizer = load(definition)
        for first in range(0, 0x110000, BLOCK):
            if scalars is None and first >= 0x30000 and first != 0xE0000:
                continue
            texts = []
            for c in range(first, first + BLOCK):
                if not 0xD800 <= c < 0xE000:
                    texts += [chr(c), f"a{chr(c)}b"]
            if texts:
                lines.append(f"{name} {first:06X} {digest(short_line(e) for e in tokenizer.encode_batch(texts))}")
    (out / "scalars.txt").write_text("\n".join(lines) + "\n")


def cases(count, seed):
    """(texts, strategy or None, max_length, add_special_tokens) for the random tests."""
    random = Random(seed)
    for _ in range(count):
        texts = [random_text(random)]
        if random.below(2):
            texts.append(random_text(random))
        strategy = [None, "longest_first", "only_first", "only_second"][random.below(4)]
        yield texts, strategy, 3 + random.below(24), random.below(7) != 0


def run_case(tokenizer, case):
    texts, strategy, max_length, special = case
    if strategy:
        tokenizer.enable_truncation(max_length, strategy=strategy)
    else:
        tokenizer.no_truncation()
    try:
        return tokenizer.encode(*texts, add_special_tokens=special)
    except Exception:
        return None


def write_random(starter, out):
    tokenizer = load(starter)
    lines, samples = [], []
    for index, case in enumerate(cases(5000, 20240501)):
        encoding = run_case(tokenizer, case)
        lines.append("error" if encoding is None else encoding_line(tokenizer, encoding))
        if index < 60:
            samples.append({"texts": case[0], "truncation": case[1], "max_length": case[2], "special": case[3],
                            "ids": encoding and encoding.ids, "tokens": encoding and encoding.tokens,
                            "offsets": encoding and encoding.offsets})
    digests = [digest(lines[i:i + 50]) for i in range(0, len(lines), 50)]
    (out / "random_starter.txt").write_text("\n".join(digests) + "\n")
    (out / "random_starter_samples.jsonl").write_text("\n".join(map(json.dumps, samples)) + "\n")


def write_blocks(out):
    none = None
    sequence = lambda *parts: {"type": "Sequence", "normalizers": list(parts)}
    pre_sequence = lambda *parts: {"type": "Sequence", "pretokenizers": list(parts)}
    replace = lambda a, b: {"type": "Replace", "pattern": {"String": a}, "content": b}
    template = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 2}}, {"Sequence": {"id": "A", "type_id": 1}}],
        "pair": [{"Sequence": {"id": "B", "type_id": 3}}, {"SpecialToken": {"id": "two", "type_id": 1}},
                 {"Sequence": {"id": "A", "type_id": 0}}],
        "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]},
                           "two": {"id": "two", "ids": [1, 2], "tokens": ["[CLS]", "[SEP]"]}}}
    bert_processing = {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]}
    punctuation = lambda behavior: {"type": "Punctuation", "behavior": behavior}
    white, split, bert = {"type": "Whitespace"}, {"type": "WhitespaceSplit"}, {"type": "BertPreTokenizer"}
    blocks = [
        ("bert", bert_normalizer(True, True, None, True), bert, bert_processing, {"type": "WordPiece", "prefix": "##", "cleanup": True}),
        ("bert accents kept", bert_normalizer(True, True, False, True), bert, template, {"type": "WordPiece", "prefix": "##", "cleanup": False}),
        ("bert accents only", bert_normalizer(False, False, True, False), bert, none, none),
        ("nothing", none, none, none, none),
        ("nfc whitespace", {"type": "NFC"}, white, none, none),
        ("nfd split", {"type": "NFD"}, split, none, none),
        ("nfkc punctuation", {"type": "NFKC"}, punctuation("Removed"), none, none),
        ("nfkd lower", sequence({"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}), punctuation("Contiguous"), none, none),
        ("strip", {"type": "Strip", "strip_left": True, "strip_right": True}, punctuation("MergedWithPrevious"), none, none),
        ("strip left", {"type": "Strip", "strip_left": True, "strip_right": False}, punctuation("MergedWithNext"), none, none),
        ("replace", sequence(replace("e", "EE\u00e9"), replace("the", ""), replace(" ", "\u2581"), {"type": "NFC"}), none, none, none),
        ("sequence", sequence({"type": "NFD"}, {"type": "Lowercase"}, {"type": "NFC"}), pre_sequence(split, punctuation("Isolated"), white), none, none),
    ]
    records = []
    for index, (name, normalizer, pre_tokenizer, post_processor, decoder) in enumerate(blocks):
        tokenizer = load(character_level(normalizer, pre_tokenizer, post_processor, decoder))
        lines = []
        for case in cases(300, 1000 + index):
            encoding = run_case(tokenizer, case)
            lines.append("error" if encoding is None else encoding_line(tokenizer, encoding))
        records.append({"name": name, "normalizer": normalizer, "pre_tokenizer": pre_tokenizer,
                        "post_processor": post_processor, "decoder": decoder, "seed": 1000 + index,
                        "digests": [digest(lines[i:i + 20]) for i in range(0, len(lines), 20)]})
    (out / "blocks.json").write_text(json.dumps(records, indent=1) + "\n")


def write_blns(starter, blns, out):
    tokenizer = load(starter)
    lines = []
    for text in json.loads(Path(blns).read_text(encoding="utf-8")):
        lines.append(digest([encoding_line(tokenizer, tokenizer.encode(text)),
                             encoding_line(tokenizer, tokenizer.encode("a pair", text))]))
    (out / "blns_starter.txt").write_text("\n".join(lines) + "\n")


def write_added_tokens(out):
    """Every combination of an added token's flags in one small tokenizer."""
    words = ["[UNK]", "[CLS]", "[SEP]", "a", "b", "##a", "##b", "x", "##x", "tok", "##tok", "<", ">", "Tok", "hello", "\u00e9", "e"]
    definition = {
        "version": "1.0", "truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0},
        "padding": None, "added_tokens": [], "normalizer": bert_normalizer(True, True, None, True),
        "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": None,
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": {w: i for i, w in enumerate(words)}}}
    for flags in range(32):
        definition["added_tokens"].append({
            "id": len(words) + flags, "content": f"T\u00f6k{flags:02d}", "single_word": bool(flags & 1),
            "lstrip": bool(flags & 2), "rstrip": bool(flags & 4), "normalized": bool(flags & 8), "special": bool(flags & 16)})
    definition["added_tokens"] += [
        {"id": 70, "content": "T\u00f6k0", "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False},
        {"id": 9, "content": "tok", "single_word": False, "lstrip": False, "rstrip": False, "normalized": True, "special": False},
        {"id": 71, "content": " sp", "single_word": False, "lstrip": True, "rstrip": True, "normalized": False, "special": True}]
    folder = out / "added_tokens"
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps(definition, indent=1) + "\n")
    tokenizer = load(definition)
    pieces = ["T\u00f6k", "tok", "t\u00f6k", "TOK", " sp", "  ", " ", "a", "x", "\u00e9", "_", "-", "hello", "\u4e2d", "0", "\t"]
    random, records = Random(7), []
    for _ in range(400):
        text = ""
        for _ in range(1 + random.below(7)):
            piece = pieces[random.below(len(pieces))]
            if piece.lower() in ("t\u00f6k", "tok") and random.below(5):
                piece += f"{random.below(32):02d}"
            text += piece
        encoding = tokenizer.encode(text)
        records.append([text, encoding.ids, encoding.offsets, encoding.tokens, tokenizer.decode(encoding.ids, skip_special_tokens=False),
                        tokenizer.decode(encoding.ids, skip_special_tokens=True)])
    (out / "added_tokens.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n")


def main():
    starter_folder, blns, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    starter = json.loads((starter_folder / "tokenizer.json").read_text(encoding="utf-8"))
    write_scalars(starter, out)
    write_random(starter, out)
    write_blocks(out)
    write_blns(starter, blns, out)
    write_added_tokens(out)


if __name__ == "__main__":
    main()
