#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes what the `tokenizers` library makes of real texts with real vocabularies: digests of ids, tokens, offsets and
decodes. tests/core/text/tst_tokenizer_real.cpp compares.

    python make_real_goldens.py DATA_FOLDER OUTPUT.json      (DATA_FOLDER: what STUDIO_TEST_DATA names)
"""
import json
import sys
from pathlib import Path

from tokenizers import BertWordPieceTokenizer, Tokenizer

from hard_texts import hard_texts
from tokenizer_lines import digest, encoding_line

STEP = 500
# every n-th line of each file
TEXTS = [("tatoeba_cmn_eng/cmn.txt", 9), ("waimai_10k/waimai_10k.csv", 15), ("tinyshakespeare/input.txt", 60), ("thucnews10/dev.txt", 14),
         ("blns/blns.txt", 1), ("gb18030_sighan/msr_test.utf8", 6), ("sst/stsa.binary.dev", 3), ("llamafactory/alpaca_zh_demo.json", 8)]
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}


def texts(data):
    result = []
    for name, every in TEXTS:
        lines = (data / name).read_bytes().split(b"\n")
        result += [line.decode("utf-8", errors="replace") for line in lines[:-1 if not lines[-1] else None:every]]
    return result + hard_texts()


def definition():
    """GPT-2's tokenizer.json without its vocabulary."""
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
            "pre_tokenizer": BYTE_LEVEL, "post_processor": BYTE_LEVEL, "decoder": BYTE_LEVEL,
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                      "fuse_unk": False, "byte_fallback": False, "ignore_merges": False}}


def byte_level(data, vocabulary):
    block = definition()
    block["model"]["vocab"] = json.loads((data / vocabulary).read_text(encoding="utf-8"))
    merges = (data / "gpt2_bpe" / "vocab.bpe").read_text(encoding="utf-8").split("\n")
    block["model"]["merges"] = [line for line in merges if line and not line.startswith("#version")]
    return Tokenizer.from_str(json.dumps(block))


def main():
    data = Path(sys.argv[1])
    sample, records = texts(data), {}
    for name, load in (("gpt2_bpe/encoder.json", lambda v: byte_level(data, v)), ("ortx_tok/roberta-base/vocab.json", lambda v: byte_level(data, v)),
                       ("bert_tok_squad/vocab.txt", lambda v: BertWordPieceTokenizer(str(data / v))._tokenizer),
                       ("zh_bert_vocab/vocab.txt", lambda v: BertWordPieceTokenizer(str(data / v))._tokenizer)):
        tokenizer = load(name)
        lines = [encoding_line(tokenizer, tokenizer.encode(text)) for text in sample]
        records[name] = [digest(lines[i:i + STEP]) for i in range(0, len(lines), STEP)]
    with open(sys.argv[2], "w", encoding="ascii") as out:
        json.dump({"count": len(sample), "step": STEP, "texts": TEXTS, "byte_level": definition(), "digests": records}, out, indent=0)
        out.write("\n")


if __name__ == "__main__":
    main()
