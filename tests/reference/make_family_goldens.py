#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes folders without tokenizer.json, one a family, and what transformers' AutoTokenizer makes of texts with them.

    python make_family_goldens.py OUTPUT_FOLDER [keep]     (keep: the models that are there)

Byte-level BPE is compared with AutoTokenizer on every text. SentencePiece files are compared with sentencepiece's own pieces, to
which AutoTokenizer gives ids and special tokens; fixed texts with special tokens in them are compared with AutoTokenizer alone.
Needs protobuf beside requirements.txt.
"""
import json
import shutil
import sys
from pathlib import Path

import sentencepiece
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import AutoTokenizer

from make_sentencepiece_goldens import corpus, normalization_rules
from random_texts import Random, random_text
from syllable_texts import syllable_text
from tokenizer_lines import digest

STEP = 50


def token(content, **flags):
    base = {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    return {**base, **flags}


BPE_FOLDERS = {
    "gpt2": ({"model_type": "gpt2"}, {}),
    "gpt2_bos": ({"model_type": "gpt2"}, {"tokenizer_config.json": {
        "tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True, "add_bos_token": True, "add_eos_token": True, "pad_token": "<pad>",
        "model_max_length": 1024, "truncation_side": "left"}}),
    "roberta": ({"model_type": "roberta"}, {}),
    "roberta_map": ({"model_type": "roberta"}, {
        "tokenizer_config.json": {"add_prefix_space": True, "trim_offsets": False},
        "special_tokens_map.json": {"bos_token": "<s>", "mask_token": {k: v for k, v in token("<mask>", lstrip=True, normalized=True).items()
                                                                       if k != "special"}},
        "added_tokens.json": {"<new>": 520}}),
    "bart": ({"model_type": "bart"}, {"tokenizer_config.json": {"tokenizer_class": "BartTokenizerFast"}}),
    "qwen2": ({"model_type": "qwen2"}, {"tokenizer_config.json": {
        "tokenizer_class": "Qwen2Tokenizer", "add_prefix_space": False, "bos_token": None, "pad_token": "<|endoftext|>", "eos_token": "<|im_end|>",
        "additional_special_tokens": ["<|im_start|>", "<|im_end|>"],
        "added_tokens_decoder": {"4": token("<|endoftext|>"), "520": token("<|im_start|>")}}}),
    "codegen": ({"model_type": "codegen"}, {}),
}
PIECE_FOLDERS = {
    "t5": ("t5", "spiece.model", {"model_type": "t5"}, {}),
    "t5_three": ("t5", "spiece.model", {"model_type": "mt5"}, {"tokenizer_config.json": {"tokenizer_class": "T5Tokenizer", "extra_ids": 3}}),
    "xlm_roberta": ("fairseq", "sentencepiece.bpe.model", {"model_type": "xlm-roberta"}, {}),
    "xlm_roberta_lstrip": ("fairseq", "sentencepiece.bpe.model", {"model_type": "xlm-roberta"}, {
        "tokenizer_config.json": {"tokenizer_class": "XLMRobertaTokenizer", "mask_token": {"__type": "AddedToken", **token("<mask>", lstrip=True)}}}),
    "camembert": ("fairseq", "sentencepiece.bpe.model", {"model_type": "camembert"}, {}),
    "mbart": ("fairseq", "sentencepiece.bpe.model", {"model_type": "mbart"}, {"tokenizer_config.json": {"src_lang": "de_DE", "tgt_lang": "fr_XX"}}),
    "mbart50": ("fairseq", "sentencepiece.bpe.model", {"model_type": "mbart"}, {"tokenizer_config.json": {"tokenizer_class": "MBart50Tokenizer"}}),
    "albert": ("albert", "spiece.model", {"model_type": "albert"}, {}),
    "albert_cased": ("albert", "spiece.model", {"model_type": "albert"}, {"tokenizer_config.json": {"do_lower_case": False, "keep_accents": True}}),
    "deberta": ("deberta", "spm.model", {"model_type": "deberta-v2"}, {}),
    "llama_legacy": ("llama", "tokenizer.model", {"model_type": "llama"}, {"tokenizer_config.json": {
        "tokenizer_class": "LlamaTokenizer", "legacy": True, "add_bos_token": True, "add_eos_token": True, "pad_token": None}}),
    "llama": ("llama", "tokenizer.model", {"model_type": "llama"}, {"tokenizer_config.json": {
        "tokenizer_class": "LlamaTokenizer", "legacy": False, "add_bos_token": True, "add_eos_token": False, "pad_token": "</s>"}}),
}
SPECIAL_TEXTS = {
    "t5": ["the boat <extra_id_0> waits", "clock</s>", "the<extra_id_99>boat <pad>"],
    "t5_three": ["the boat <extra_id_0> waits", "clock <extra_id_2>"],
    "xlm_roberta": ["the <mask> waits", "boat</s> clock<mask>"],
    "xlm_roberta_lstrip": ["the <mask> waits", "boat</s> clock  <mask>boat"],
    "camembert": ["the <mask> waits", "boat</s> clock  <mask>boat"],
    "mbart": ["the <mask> waits", "en_XX boat</s> clock"],
    "mbart50": ["the <mask> waits", "sl_SI boat</s> clock"],
    "albert": ["The [MASK] waits", "``boat''[SEP] Caf\u00e9"],
    "albert_cased": ["the [MASK] waits", "``boat''[SEP] caf\u00e9"],
    "deberta": ["the [MASK] waits", "boat[SEP]clock [UNK] it"],
    "llama_legacy": ["the<s>waits", "boat</s>clock", "two  spaces"],
    "llama": ["the <s> waits", "boat</s>clock", "two  spaces"],
}


def train_bpe(folder):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<|endoftext|>", "<mask>"]
    tokenizer.train_from_iterator(corpus(), trainers.BpeTrainer(vocab_size=520, special_tokens=special, show_progress=False,
                                                                initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.model.save(str(folder))


def train_pieces(folder):
    rules = folder / "rules.tsv"
    normalization_rules(rules)
    for name, settings in {
        "t5": {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1, "normalization_rule_tsv": str(rules)},
        "fairseq": {"normalization_rule_tsv": str(rules)},
        "albert": {"pad_id": 0, "unk_id": 1, "bos_id": -1, "eos_id": -1, "control_symbols": ["[CLS]", "[SEP]", "[MASK]"],
                   "normalization_rule_tsv": str(rules)},
        "deberta": {"pad_id": 0, "bos_id": 1, "eos_id": 2, "unk_id": 3, "pad_piece": "[PAD]", "bos_piece": "[CLS]", "eos_piece": "[SEP]",
                    "unk_piece": "[UNK]", "normalization_rule_tsv": str(rules)},
        "llama": {"model_type": "bpe", "byte_fallback": True, "normalization_rule_name": "identity", "remove_extra_whitespaces": False,
                  "split_digits": True, "vocab_size": 600},
    }.items():
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=corpus(), model_prefix=str(folder / name), num_threads=1, minloglevel=2,
                                                 **{"vocab_size": 400, **settings})
        (folder / f"{name}.vocab").unlink()
    rules.unlink()


def texts(seed, count):
    """What could be special tokens is taken away."""
    random = Random(seed)
    for number in range(count):
        text = (syllable_text if number % 2 else random_text)(random)
        yield text.replace("[", "(").replace("<", "(").replace("en_XX", "")


def write_folder(folder, config, files):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config) + "\n")
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n")


def facts(tokenizer):
    return {"size": len(tokenizer), "pad": tokenizer.pad_token_id, "unknown": tokenizer.unk_token_id}


def spelled(tokenizer, text, pair=None):
    encoding = tokenizer(text, pair, return_token_type_ids=True)
    types = encoding["token_type_ids"]
    if type(tokenizer).__name__ == "AlbertTokenizer":  # a model with types, which gets none unless asked for
        types = tokenizer(text, pair).get("token_type_ids", [0] * len(types))
    return [encoding["input_ids"], types, tokenizer.decode(encoding["input_ids"]),
            tokenizer.decode(encoding["input_ids"], skip_special_tokens=True)]


def bpe_line(tokenizer, text):
    encoding = tokenizer(text, return_offsets_mapping=True)
    ids = encoding["input_ids"]
    return "|".join([",".join(map(str, ids)), ",".join(f"{a}-{b}" for a, b in encoding["offset_mapping"]),
                     "\x1f".join(tokenizer.convert_ids_to_tokens(ids)), tokenizer.decode(ids), tokenizer.decode(ids, skip_special_tokens=True)])


def piece_line(tokenizer, processor, prepare, text):
    pieces = processor.encode(prepare(text), out_type=str)
    ids = [tokenizer.unk_token_id if processor.piece_to_id(p) == processor.unk_id() else tokenizer.convert_tokens_to_ids(p) for p in pieces]
    frame = tokenizer.backend_tokenizer.post_processor
    whole = tokenizer("", return_token_type_ids=False)["input_ids"]
    single = json.loads(tokenizer.backend_tokenizer.to_str())["post_processor"]["single"]
    before = next(i for i, part in enumerate(single) if "Sequence" in part)
    assert frame is not None
    ids = whole[:before] + ids + whole[before:]
    return "|".join([",".join(map(str, ids)), tokenizer.decode(ids), tokenizer.decode(ids, skip_special_tokens=True)])


def preparation(name, config):
    if not name.startswith("albert"):
        return lambda text: text
    parts = [normalizers.Replace("``", '"'), normalizers.Replace("''", '"')]
    if not config.get("keep_accents", False):
        parts += [normalizers.NFKD(), normalizers.StripAccents()]
    if config.get("do_lower_case", True):
        parts += [normalizers.Lowercase()]
    return normalizers.Sequence(parts).normalize_str


def main():
    out = Path(sys.argv[1])
    if sys.argv[2:] != ["keep"]:
        shutil.rmtree(out, ignore_errors=True)
        (out / "files").mkdir(parents=True)
        train_bpe(out / "files")
        train_pieces(out / "files")
    expected = {}
    seed = 900
    for name, (config, files) in BPE_FOLDERS.items():
        write_folder(out / name, config, files)
        for file in ("vocab.json", "merges.txt"):
            shutil.copy(out / "files" / file, out / name / file)
        tokenizer = AutoTokenizer.from_pretrained(out / name)
        lines = [bpe_line(tokenizer, text) for text in texts(seed, 1000)]
        special = ["the <mask> boat</s>", "Two<|endoftext|> boats", "<|im_start|>the clock<|im_end|>", "a <new>b"]
        expected[name] = {"seed": seed, "count": 1000, "digests": [digest(lines[i:i + STEP]) for i in range(0, len(lines), STEP)],
                          "special": [[text, *spelled(tokenizer, text)] for text in special],
                          "pair": spelled(tokenizer, "The boat", " waits for it."), **facts(tokenizer)}
        for file in ("vocab.json", "merges.txt"):
            (out / name / file).unlink()
        seed += 1
    for name, (model, file, config, files) in PIECE_FOLDERS.items():
        write_folder(out / name, config, files)
        shutil.copy(out / "files" / f"{model}.model", out / name / file)
        tokenizer = AutoTokenizer.from_pretrained(out / name)
        processor = sentencepiece.SentencePieceProcessor(model_file=str(out / name / file))
        prepare = preparation(name, files.get("tokenizer_config.json", {}))
        lines = [piece_line(tokenizer, processor, prepare, text) for text in texts(seed, 1000)]
        expected[name] = {"model": model, "file": file, "seed": seed, "count": 1000,
                          "digests": [digest(lines[i:i + STEP]) for i in range(0, len(lines), STEP)],
                          "special": [[text, *spelled(tokenizer, text)] for text in SPECIAL_TEXTS[name]],
                          "pair": spelled(tokenizer, "The boat", "waits for it."), **facts(tokenizer)}
        (out / name / file).unlink()
        seed += 1
    (out / "expected.json").write_text(json.dumps(expected, indent=0) + "\n")


if __name__ == "__main__":
    main()
