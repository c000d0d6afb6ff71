#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes small folders with a vocab.txt, or a tokenizer.json that the files beside it change, and what transformers makes of them.

    python make_vocab_folder_goldens.py OUTPUT_FOLDER
"""
import json
import shutil
import sys
from pathlib import Path

from tokenizers import pre_tokenizers
from transformers import AutoTokenizer, BertTokenizer, RobertaTokenizer

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<unk>", "<s>", "</s>", "<pad>", "<mask>", "the", "The", "cafe", "caf\u00e9", "Caf\u00e9",
          "##s", "##\u00e9", "##e", "\u5317", "\u4eac", "\u5317\u4eac", "##\u4eac", "un", "##want", "##ed", ",", ".", "!", "[", "]", "<", ">", "a\u2028b", "a\u0085b", "x",
          "", "y ", "mask", "sep", "/", "special", "extra", "word", "Word", "##word", "i\u0307"]
TEXTS = ["", "the Caf\u00e9s, unwanted!", "The \u5317\u4eac cafe", "\u5317\u4eac", "[MASK] x [SEP]", "<mask> <s>x</s>", "Word word wordword", "extraword extra",
         "special  extra x", "\u0130 caf\u00e9", " x\u00a0y ", "[cls] SPECIAL", "NewTok newtok", "a[x]b<pad>"]


def token(content, **flags):
    base = {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    return {**base, **flags}


FOLDERS = {
    "plain": {},
    "cased": {"tokenizer_config.json": {"do_lower_case": False, "tokenize_chinese_chars": False, "model_max_length": 64}},
    "accents_kept": {"tokenizer_config.json": {"do_lower_case": True, "strip_accents": False, "model_max_length": int(1e30)}},
    "modern": {"tokenizer_config.json": {
        "do_lower_case": True, "unk_token": "<unk>", "cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "mask_token": "<mask>",
        "additional_special_tokens": ["special"], "added_tokens_decoder": {
            "5": token("<unk>"), "6": token("<s>"), "7": token("</s>"), "8": token("<pad>"), "9": token("<mask>", lstrip=True),
            "46": token("special"), "47": token("NewTok", special=False, normalized=True),
            "48": token("extra", special=False, single_word=True)}}},
    "legacy": {"special_tokens_map.json": {"unk_token": "[UNK]", "pad_token": token("[PAD]"), "mask_token": token("[MASK]", lstrip=True),
                                           "additional_special_tokens": ["special"]},
               "tokenizer_config.json": {"do_lower_case": True, "pad_token": "<pad>"},
               "added_tokens.json": {"NewTok": 46, "special": 47}},
    "no_mask": {"drop": ["[MASK]"], "tokenizer_config.json": {"do_lower_case": True}},
    "own_names": {"tokenizer_config.json": {"x_token": "NewTok", "extra_special_tokens": {"y_token": "extra", "z_token": "special"}},
                  "added_tokens.json": {"newtok": 46}},
    "map_beside_modern": {"tokenizer_config.json": {"added_tokens_decoder": {"4": token("[MASK]", rstrip=True)}},
                          "special_tokens_map.json": {"mask_token": token("<mask>"), "additional_special_tokens": ["special"]}},
}
# What stands beside a tokenizer.json that was saved with the classes' own defaults.
JSON_FOLDERS = {
    "json_alone": {},
    "json_cased": {"tokenizer_config.json": {"tokenizer_class": "BertTokenizerFast", "do_lower_case": False, "tokenize_chinese_chars": False}},
    "json_accents": {"tokenizer_config.json": {"tokenizer_class": "BertTokenizer", "strip_accents": False}},
    "json_as_it_is": {"tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": False, "pad_token": "NewPad", "mask_token": "<mask>",
                                                "x_token": "NewTok", "extra_special_tokens": ["special"]}},
    "json_declared": {"tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "NewPad", "added_tokens_decoder": {
        "4": token("[MASK]", lstrip=True, rstrip=True), "60": token("NewTok", special=False, normalized=True), "61": token("NewPad", special=False)}}},
    "json_legacy": {"tokenizer_config.json": {"tokenizer_class": "BertTokenizer", "additional_special_tokens": ["extra"]},
                    "special_tokens_map.json": {"mask_token": token("[MASK]", lstrip=True), "additional_special_tokens": ["special"]},
                    "added_tokens.json": {"NewTok": 46, "extra": 47}},
    "json_prefix": {"tokenizer_config.json": {"tokenizer_class": "RobertaTokenizer", "add_prefix_space": True, "trim_offsets": False}},
    "json_no_prefix": {"tokenizer_config.json": {"tokenizer_class": "RobertaTokenizer"}},
}


def write_tokenizer_json(folder, files):
    """Of BERT with the pieces of vocab.txt, or (where the class is RoBERTa's) of bytes; takes the place of vocab.txt."""
    bert = BertTokenizer.from_pretrained(folder)
    (folder / "vocab.txt").unlink()
    if "Roberta" in files.get("tokenizer_config.json", {}).get("tokenizer_class", ""):
        names = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *sorted(pre_tokenizers.ByteLevel.alphabet()), "\u0120x", "\u0120the", "th", "the"]
        tokenizer = RobertaTokenizer(vocab={name: i for i, name in enumerate(names)}, merges=[("\u0120", "x"), ("t", "h"), ("th", "e"), ("\u0120", "the")],
                                     add_prefix_space="add_prefix_space" not in files["tokenizer_config.json"])
    else:
        tokenizer = bert
    (folder / "tokenizer.json").write_text(tokenizer.backend_tokenizer.to_str() + "\n")


def main():
    out = Path(sys.argv[1])
    shutil.rmtree(out, ignore_errors=True)
    expected = {}
    for name, files in {**FOLDERS, **JSON_FOLDERS}.items():
        folder = out / name
        folder.mkdir(parents=True)
        pieces = [piece for piece in PIECES if piece not in files.get("drop", [])]
        (folder / "vocab.txt").write_bytes("".join(piece + "\n" for piece in pieces).encode("utf-8"))
        if name in JSON_FOLDERS:
            write_tokenizer_json(folder, files)
        for file, content in files.items():
            if file != "drop":
                (folder / file).write_text(json.dumps(content, indent=1) + "\n")
        tokenizer = (AutoTokenizer if name in JSON_FOLDERS else BertTokenizer).from_pretrained(folder)
        records = []
        for text in TEXTS:
            encoding = tokenizer(text, return_offsets_mapping=True)
            records.append([text, encoding["input_ids"], encoding["offset_mapping"], tokenizer.decode(encoding["input_ids"]),
                            tokenizer.decode(encoding["input_ids"], skip_special_tokens=True)])
        pair = tokenizer(TEXTS[1], TEXTS[2])  # with the types that a model gets
        unknown = json.loads(tokenizer.backend_tokenizer.to_str())["model"]["unk_token"]
        expected[name] = {"pad": tokenizer.pad_token_id, "unknown": unknown and tokenizer.convert_tokens_to_ids(unknown), "texts": records,
                          "pair": [pair["input_ids"], pair.get("token_type_ids", [0] * len(pair["input_ids"]))]}
    (out / "expected.json").write_text("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in expected.items()) + "\n}\n")


if __name__ == "__main__":
    main()
