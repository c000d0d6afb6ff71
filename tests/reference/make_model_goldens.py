#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes small tokenizer.json files, one a variant of each model, and the digests of what the `tokenizers` library
makes of seeded texts with them. tests/core/text/tst_token_models.cpp compares.

    python make_model_goldens.py OUTPUT_FOLDER [keep]     (keep: the tokenizer.json files that are there)
"""
import json
import sys
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from hard_texts import hard_texts
from random_texts import Random, random_text
from syllable_texts import GAPS, SYLLABLES, syllable_text
from tokenizer_lines import digest, encoding_line

STEP = 100


def corpus():
    random, known = Random(99), set("".join(SYLLABLES + GAPS))
    return ["".join(c for c in syllable_text(random) if c in known) for _ in range(400)]


def trained(model, trainer, pre_tokenizer):
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(corpus(), trainer)
    return json.loads(tokenizer.to_str())


def bpe(size=420, **options):
    trainer = {k: options[k] for k in ("continuing_subword_prefix", "end_of_word_suffix") if k in options}
    return trained(models.BPE(**options), trainers.BpeTrainer(vocab_size=size, special_tokens=["<unk>"], show_progress=False, **trainer),
                   pre_tokenizers.WhitespaceSplit())


def with_bytes(definition, missing=()):
    vocab = definition["model"]["vocab"]
    next_id = max(vocab.values()) + 1
    for byte in range(256):
        if byte not in missing:
            vocab[f"<0x{byte:02X}>"] = next_id
            next_id += 1
    definition["model"]["byte_fallback"] = True
    return definition


def forget(definition, pieces):
    """Takes away single characters, with the merges that need them, so that texts meet unknown ones."""
    model = definition["model"]
    gone = set(pieces)
    merges = []
    for left, right in model["merges"]:
        joined = left + right
        if left in gone or right in gone:
            gone.add(joined)
        else:
            merges.append([left, right])
    model["merges"] = merges
    model["vocab"] = {piece: index for index, piece in enumerate(p for p in model["vocab"] if p not in gone)}
    return definition


def variants():
    plain = bpe(unk_token="<unk>")
    plain["model"]["merges"] = [" ".join(pair) for pair in plain["model"]["merges"]]
    yield "bpe_plain", plain, 5000
    yield "bpe_fused_unknown", bpe(unk_token="<unk>", fuse_unk=True), 1500
    yield "bpe_prefix_suffix", bpe(unk_token="<unk>", continuing_subword_prefix="##", end_of_word_suffix="</w>"), 1500
    fallback = with_bytes(bpe(unk_token="<unk>", fuse_unk=True))
    fallback["pre_tokenizer"] = None
    yield "bpe_byte_fallback", fallback, 1500
    yield "bpe_some_bytes", with_bytes(forget(bpe(unk_token="<unk>"), ["k", "\u00e9", "\u4e2d", "2"]), range(0x90, 0xB0)), 1500
    yield "bpe_some_bytes_fused", with_bytes(forget(bpe(unk_token="<unk>", fuse_unk=True), ["k", "\u00e9", "\u4e2d"]), range(0x60, 0xB0)), 1500
    yield "bpe_no_unknown", forget(bpe(), ["k", "\u4e2d", "s"]), 1500
    ignoring = bpe(unk_token="<unk>", ignore_merges=True)
    ignoring["model"]["merges"] = ignoring["model"]["merges"][:100]
    yield "bpe_ignore_merges", ignoring, 1500
    untyped = bpe(size=200, unk_token="<unk>")
    del untyped["model"]["type"]
    yield "bpe_untyped", untyped, 500

    def unigram():
        return trained(models.Unigram(), trainers.UnigramTrainer(vocab_size=350, special_tokens=["<unk>"], unk_token="<unk>",
                                                                 show_progress=False), pre_tokenizers.WhitespaceSplit())
    yield "unigram", unigram(), 5000
    whole = unigram()
    whole["pre_tokenizer"] = None
    yield "unigram_whole_text", whole, 1500
    fallback = unigram()
    fallback["model"]["vocab"] += [[f"<0x{byte:02X}>", -20.0] for byte in range(256)]
    fallback["model"]["byte_fallback"] = True
    yield "unigram_byte_fallback", fallback, 1500
    some = unigram()
    some["model"]["vocab"] += [[f"<0x{byte:02X}>", -20.0] for byte in range(0x40, 0x100)]
    some["model"]["byte_fallback"] = True
    yield "unigram_some_bytes", some, 1500
    # Scores above zero, equal ones, a piece twice, and pieces that are dearer than two unknown characters.
    pieces = [["<unk>", 50.0], ["a", 60.0], ["k", 60.0], ["ka", 60.0], ["lo", 45.0], ["kalo", 105.0], ["the", 60.0], ["th", 61.0], ["er", 70.0],
              ["ka", 59.0], ["\u4e2d\u6587", 40.0], ["in", 50.0], ["<unk>", 50.0]]
    odd = {**unigram(), "model": {"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": False}}
    yield "unigram_odd_scores", odd, 1500

    words = {}
    for line in corpus()[:60]:
        for word in line.split():
            words.setdefault(word, len(words) * 2 + 1)
    yield "word_level", {**unigram(), "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0, **words}}}, 5000


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    index = []
    for seed, (name, definition, count) in enumerate(variants(), start=500):
        text = json.dumps(definition, ensure_ascii=False, separators=(",", ":"))
        if sys.argv[2:] == ["keep"]:
            text = (out / f"{name}.json").read_text(encoding="utf-8")
        else:
            (out / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        tokenizer = Tokenizer.from_str(text)
        random, lines = Random(seed), []
        for number in range(count):
            sample = (syllable_text if number % 2 else random_text)(random)
            lines.append(encoding_line(tokenizer, tokenizer.encode(sample)))
        hard = [encoding_line(tokenizer, tokenizer.encode(text)) for text in hard_texts()]
        index.append({"name": name, "seed": seed, "count": count, "hard": [digest(hard[i:i + 10]) for i in range(0, len(hard), 10)],
                      "digests": [digest(lines[i:i + STEP]) for i in range(0, len(lines), STEP)]})
    (out / "digests.json").write_text(json.dumps(index, indent=0) + "\n")


if __name__ == "__main__":
    main()
