#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains two tiny SentencePiece models on texts of its own and writes what sentencepiece makes of random texts.

    python make_sentencepiece_goldens.py OUTPUT_FOLDER T5_MODEL [keep]     (keep: the models that are there)

Pieces whose scores tie to the last bit ("..." as "." ".." or ".." ".") fall another way before sentencepiece 0.2.1.
"""
import json
import sys
from pathlib import Path

import sentencepiece

from hard_texts import hard_texts
from random_texts import Random, random_text
from tokenizer_lines import digest

COUNT, STEP = 5000, 250

SUBJECTS = ["The river", "A small boat", "My neighbour", "The old clock", "Every morning the baker", "Das M\u00e4dchen", "Le caf\u00e9",
            "\u4ed6\u7684\u670b\u53cb", "\u56fe\u4e66\u9986", "An engineer", "The committee", "\u041c\u043e\u0439 \u0434\u0440\u0443\u0433"]
VERBS = ["runs along", "waits for", "repairs", "quietly ignores", "measured", "l\u00e4uft \u00fcber", "regarde", "\u559c\u6b22", "\u770b\u89c1\u4e86",
         "rebuilt", "will not forget", "\u0432\u0438\u0434\u0438\u0442"]
OBJECTS = ["the bridge.", "twelve letters, two of them late!", "a train at 7:45", "den Fluss.", "la gare\u2026", "\u6625\u5929\u7684\u82b1\u3002",
           "\u4e00\u672c\u65e7\u4e66", "it (again)?", "unbelievable weather", "the measurements of 1,204 samples", "\u0441\u0442\u0430\u0440\u044b\u0439 \u0434\u043e\u043c"]
SYLLABLES = ["ka", "lo", "mi", "ter", "ing", "un", "re", "sta", "bel", "\u00e9", "tion", "o", "ph", "gr", "a", "e", "s", "\u4e2d", "\u5c0f"]


def corpus():
    random = Random(3)
    for _ in range(3000):
        invented = "".join(SYLLABLES[random.below(len(SYLLABLES))] for _ in range(1 + random.below(5)))
        yield " ".join([pool[random.below(len(pool))] for pool in (SUBJECTS, VERBS, OBJECTS)] + [invented])


def normalization_rules(path):
    """A small normaliser of our own: full-width letters, ligatures, composed accents, odd spaces."""
    rules = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}
    rules |= {"\ufb01": "fi", "\u2026": "...", "e\u0301": "\u00e9", "\u00a0": " ", "\u3000": " ", "\t": " ", "\n": " ", "\u200b": "",
              "\u00bd": "1\u20442", "\u01c4": "D\u017d"}
    path.write_text("".join("\t".join(" ".join(f"{ord(c):X}" for c in side) for side in rule) + "\n" for rule in rules.items()))


def train(folder):
    rules = folder / "rules.tsv"
    normalization_rules(rules)
    for kind, settings in {
        "unigram": {"vocab_size": 400, "model_type": "unigram", "normalization_rule_tsv": str(rules)},
        "bpe": {"vocab_size": 600, "model_type": "bpe", "normalization_rule_name": "identity", "byte_fallback": True,
                "split_digits": True, "add_dummy_prefix": True, "remove_extra_whitespaces": False,
                "user_defined_symbols": ["<mask>"], "pad_id": 3},
    }.items():
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=corpus(), model_prefix=str(folder / f"tiny_{kind}"),
                                                 num_threads=1, minloglevel=2, **settings)
        (folder / f"tiny_{kind}.vocab").unlink()
    rules.unlink()


def line(processor, text):
    """Ids, pieces and code-point offsets into `text`, and the decoded text."""
    ids, pieces, spans = [], [], []
    data = text.encode()
    for piece in processor.encode(text, return_type="proto").pieces:
        ids.append(piece.id)
        pieces.append(piece.piece)
        spans.append(tuple(len(data[:place].decode()) for place in (piece.begin, piece.end)))
    return ids, pieces, spans, processor.decode(ids)


def text_line(record):
    ids, pieces, spans, decoded = record
    return "|".join([",".join(map(str, ids)), "\x1f".join(pieces), ",".join(f"{a}-{b}" for a, b in spans), decoded])


def main():
    folder, t5 = Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    if sys.argv[3:] != ["keep"]:
        train(folder)
    fixed = ["", " ", "  a  ", "The boat runs", "\u4ed6\u559c\u6b22\u82b1", "\uff21\uff22 \ufb01x\u2026", "e\u0301te\u0301", "a\tb\nc", "\u200bx", "\u2581a\u2581",
             "<mask> </s> <unk>", "\U0001F600\U0001F468\u200d\U0001F469", "a\0b", "1,204 7:45"]
    for name, path, seed in (("tiny_unigram", folder / "tiny_unigram.model", 21), ("tiny_bpe", folder / "tiny_bpe.model", 22),
                             ("t5", t5, 23)):
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        random = Random(seed)
        texts = fixed + [random_text(random) for _ in range(COUNT)]
        records, hard = [line(processor, text) for text in texts], hard_texts()
        lines = [text_line(record) for record in records]
        golden = {"seed": seed, "pieces": processor.get_piece_size(), "fixed": [
            {"text": text, "ids": r[0], "pieces": r[1], "offsets": r[2], "decoded": r[3]} for text, r in zip(fixed, records)],
            "digests": [digest(lines[len(fixed) + i:len(fixed) + i + STEP]) for i in range(0, COUNT, STEP)],
            "hard": [digest([text_line(line(processor, text)) for text in hard[i:i + 10]]) for i in range(0, len(hard), 10)]}
        (folder / f"{name}.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
