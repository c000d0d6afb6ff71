#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what the `tokenizers` library makes of texts that are cut into overlapping windows, on either side.

    python make_window_goldens.py OUTPUT_FOLDER     (beside the folder "models" of make_model_goldens.py)
"""
import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

from random_texts import Random
from syllable_texts import syllable_text
from tokenizer_lines import digest, encoding_line

STRATEGIES = ["longest_first", "only_first", "only_second"]
TEMPLATES = {
    "bert": ([["S", "<unk>", 0], ["A", 0], ["S", "ka", 0]], [["S", "<unk>", 0], ["A", 0], ["S", "ka", 0], ["B", 1], ["S", "ka", 1]]),
    "turned": ([["A", 0]], [["S", "ka", 0], ["B", 1], ["S", "lo", 0], ["A", 0]]),
}


def template(tokenizer, parts):
    pieces = lambda side: [{"SpecialToken": {"id": p[1], "type_id": p[2]}} if p[0] == "S" else {"Sequence": {"id": p[0], "type_id": p[1]}}
                           for p in side]
    special = {t: {"id": t, "ids": [tokenizer.token_to_id(t)], "tokens": [t]} for t in ("<unk>", "ka", "lo")}
    return {"type": "TemplateProcessing", "single": pieces(parts[0]), "pair": pieces(parts[1]), "special_tokens": special}


def main():
    out = Path(sys.argv[1])
    definition = json.loads((out / "models" / "bpe_plain.json").read_text(encoding="utf-8"))
    records = []
    for seed, (name, parts) in enumerate(TEMPLATES.items(), start=700):
        tokenizer = Tokenizer.from_str(json.dumps(definition))
        definition["post_processor"] = template(tokenizer, parts)
        tokenizer = Tokenizer.from_str(json.dumps(definition))
        random, lines, windows = Random(seed), [], 0
        for _ in range(1500):
            texts = [syllable_text(random)]
            if random.below(2):
                texts.append(syllable_text(random))
            strategy, length = STRATEGIES[random.below(3)], 3 + random.below(24)
            stride, side, special = random.below(6), ["right", "left"][random.below(2)], random.below(5) != 0
            if stride + 2 >= length:
                stride = 0  # the library refuses the others before it sees the text
            try:
                tokenizer.enable_truncation(length, stride=stride, strategy=strategy, direction=side)
                encoding = tokenizer.encode(*texts, add_special_tokens=special)
            except BaseException:  # a stride that is too long is a panic or a ValueError
                lines.append("error")
                continue
            windows += len(encoding.overflowing)
            lines += [encoding_line(tokenizer, e) for e in [encoding, *encoding.overflowing]]
        assert windows > 1000
        records.append({"name": name, "seed": seed, "post_processor": definition["post_processor"], "windows": windows,
                        "digest": digest(lines)})
    (out / "windows.json").write_text(json.dumps(records, indent=0) + "\n")


if __name__ == "__main__":
    main()
