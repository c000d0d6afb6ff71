#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a tokenizer.json with 128,000 made-up entries, for the memory and the speed of large vocabularies.

    python large_vocabulary.py wordpiece|bpe|unigram OUTPUT.json
"""
import json
import random
import sys

SIZE = 128_000
random.seed(1)


def made_up(known):
    """Another word of syllables that `known` lacks."""
    while True:
        word = "".join(random.choice("bcdfghklmnprstvz") + random.choice(["a", "e", "i", "o", "u", "an", "er"])
                       for _ in range(random.randint(1, 4)))
        if word not in known:
            return word


def pieces(specials, decorate):
    known = dict.fromkeys(specials)
    for c in map(chr, range(33, 127)):
        known[c] = known[decorate(c)] = None
    while len(known) < SIZE:
        known[random.choice([str, decorate])(made_up(known))] = None
    return list(known)


def wordpiece():
    vocabulary = pieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], lambda word: "##" + word)
    return {"normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                           "lowercase": True}, "pre_tokenizer": {"type": "BertPreTokenizer"},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                      "vocab": {piece: index for index, piece in enumerate(vocabulary)}}}


def bpe():
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    alphabet = [chr(b) for b in visible] + [chr(256 + i) for i in range(256 - len(visible))]
    letters = [*"abcdefghiklmnoprstuvz", "\u0120"]
    vocabulary, merges, usable = dict.fromkeys(alphabet), [], list(letters)
    while len(vocabulary) < SIZE:
        left, right = random.choice(usable), random.choice(usable)
        if len(left + right) > 14 or right.startswith("\u0120") or left + right in vocabulary:
            continue
        vocabulary[left + right] = None
        merges.append([left, right])
        if len(left + right) < 8:
            usable.append(left + right)
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {"pre_tokenizer": byte_level, "decoder": byte_level,
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                      "fuse_unk": False, "byte_fallback": False, "vocab": {piece: index for index, piece in enumerate(vocabulary)},
                      "merges": merges}}


def unigram():
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    vocabulary = pieces(["<unk>"], lambda word: "\u2581" + word)
    return {"pre_tokenizer": metaspace, "decoder": metaspace,
            "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": False,
                      "vocab": [[piece, -random.uniform(5, 15)] for piece in vocabulary]}}


blank = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None,
         "post_processor": None, "decoder": None}
with open(sys.argv[2], "w", encoding="utf-8") as out:
    json.dump({**blank, **{"wordpiece": wordpiece, "bpe": bpe, "unigram": unigram}[sys.argv[1]]()}, out, ensure_ascii=False)
