#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes whole tokenizer.json definitions of the kinds that checkpoints have, with small vocabularies trained here, and
what the `tokenizers` library makes of random texts with them: ids, tokens, offsets and decodes.

    python make_pipeline_goldens.py OUTPUT.json
"""
import json
import sys

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from component_texts import PARTS, component_text
from make_component_goldens import (CHARSMAP, LLAMA3, byte_level, component, digests, metaspace, normalizer_sequence,
                                    pre_sequence, processors, replace, sequence, special, split)
from hard_texts import hard_texts
from random_texts import Random
from tokenizer_lines import encoding_line

COUNT, STEP = 5000, 250
CLIP = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def corpus(alphabet):
    """Lines for training; those with the small alphabet hold no random characters."""
    random, lines = Random(1), []
    for _ in range(1500):
        words = []
        for _ in range(1 + random.below(9)):
            choice = random.below(4)
            words.append((PARTS[random.below(len(PARTS))].strip("\0") if alphabet == "small" else component_text(random)) if choice == 0 else
                         ["the", "token", "Tokeniser", "of", "don't", "12", "345", "caf\u00e9", "\u4e2d\u6587", "\u041f\u0440\u0438", "x=1;", "and"][random.below(12)])
        lines.append(" ".join(words))
    return lines


def template(before, after):
    names = [name for name in [before, after] if name]

    def layout(*parts):
        return [part for text, type_id in parts for part in
                ([special(before, 0)] if before else []) + [sequence(text, type_id)] + ([special(after, type_id)] if after else [])]

    return names, layout


def train(model, trainer, normalizer, pre_tokenizer, alphabet="large"):
    tokenizer = Tokenizer(model)
    if normalizer:
        tokenizer.normalizer = component("normalizer", normalizer)
    if pre_tokenizer:
        tokenizer.pre_tokenizer = component("pre_tokenizer", pre_tokenizer)
    tokenizer.train_from_iterator(corpus(alphabet), trainer)
    return json.loads(tokenizer.to_str())["model"]


def added(content, index, **flags):
    return {"id": index, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True, **flags}


def definition(model, tokens, normalizer, pre_tokenizer, post_processor, decoder):
    vocabulary = model["vocab"]
    ids = vocabulary if isinstance(vocabulary, dict) else {piece: i for i, (piece, _) in enumerate(vocabulary)}
    return {"version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [added(content, ids.get(content, len(ids)), **flags) for content, flags in tokens],
            "normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": post_processor, "decoder": decoder, "model": model}


def templated(model, before, after):
    vocabulary = model["vocab"]
    ids = vocabulary if isinstance(vocabulary, dict) else {piece: i for i, (piece, _) in enumerate(vocabulary)}
    names, layout = template(before, after)
    return {"type": "TemplateProcessing", "single": layout(("A", 0)), "pair": layout(("A", 0), ("B", 1)),
            "special_tokens": {name: {"id": name, "ids": [ids[name]], "tokens": [name]} for name in names}}


def pipelines():
    plain = {"special": True}
    bpe = lambda specials, **options: trainers.BpeTrainer(vocab_size=420, special_tokens=specials, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False, **options)

    model = train(models.BPE(), bpe(["<|endoftext|>"]), None, byte_level(False))
    yield "GPT-2", definition(model, [("<|endoftext|>", {"normalized": True})], None, byte_level(False), byte_level(True), byte_level(True))

    model = train(models.BPE(), bpe(["<s>", "</s>", "<mask>"]), None, byte_level(True))
    roberta = {"type": "RobertaProcessing", "sep": ["</s>", model["vocab"]["</s>"]], "cls": ["<s>", model["vocab"]["<s>"]],
               "trim_offsets": True, "add_prefix_space": True}
    yield "RoBERTa", definition(model, [("<s>", plain), ("</s>", plain), ("<mask>", {"lstrip": True})], None, byte_level(True), roberta, byte_level(True))

    cut = pre_sequence(split({"Regex": LLAMA3}), byte_level(False, False))
    model = train(models.BPE(), bpe(["<|begin|>"]), {"type": "NFC"}, cut)
    model["ignore_merges"] = True
    yield "Llama 3", definition(model, [("<|begin|>", plain), ("...", {"special": False})], {"type": "NFC"}, cut,
                                processors(byte_level(True), templated(model, "<|begin|>", None)), byte_level(True))

    clean = normalizer_sequence({"type": "NFC"}, replace("Regex", r"\s+", " "), {"type": "Lowercase"})
    cut = pre_sequence(split({"Regex": CLIP}, "Removed", True), byte_level(False))
    model = train(models.BPE(end_of_word_suffix="</w>", unk_token="<|endoftext|>"),
                  bpe(["<|startoftext|>", "<|endoftext|>"], end_of_word_suffix="</w>"), clean, cut)
    clip = {"type": "RobertaProcessing", "sep": ["<|endoftext|>", 1], "cls": ["<|startoftext|>", 0], "trim_offsets": False, "add_prefix_space": False}
    yield "CLIP", definition(model, [("<|startoftext|>", plain), ("<|endoftext|>", plain)], clean, cut, clip,
                             {"type": "Sequence", "decoders": [byte_level(True), {"type": "BPEDecoder", "suffix": "</w>"}]})

    llama = normalizer_sequence({"type": "Prepend", "prepend": "\u2581"}, replace("String", " ", "\u2581"))
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    model = train(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True),
                  trainers.BpeTrainer(vocab_size=560, special_tokens=["<unk>", "<s>", "</s>"] + bytes_, show_progress=False, limit_alphabet=60), llama, None)
    llama_decoder = {"type": "Sequence", "decoders": [replace("String", "\u2581", " "), {"type": "ByteFallback"}, {"type": "Fuse"},
                                                      {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
    specials = [("<unk>", plain), ("<s>", plain), ("</s>", plain)]
    yield "Llama 2", definition(model, specials, llama, None, templated(model, "<s>", None), llama_decoder)
    yield "Mistral", definition(model, specials, None, metaspace("first", False), templated(model, "<s>", None), llama_decoder)

    unigram = lambda specials: trainers.UnigramTrainer(vocab_size=500, special_tokens=specials, unk_token="<unk>", show_progress=False, max_piece_length=8)
    charsmap = {"type": "Precompiled", "precompiled_charsmap": CHARSMAP}
    cut = pre_sequence({"type": "WhitespaceSplit"}, metaspace("always"))
    model = train(models.Unigram(), unigram(["<s>", "<pad>", "</s>", "<unk>", "<mask>"]), charsmap, cut, "small")
    yield "XLM-R", definition(model, [("<s>", plain), ("<pad>", plain), ("</s>", plain), ("<unk>", plain), ("<mask>", {"lstrip": True})], charsmap, cut,
                              templated(model, "<s>", "</s>"), metaspace("always"))

    clean = normalizer_sequence({"type": "Nmt"}, {"type": "NFKC"}, replace("Regex", " {2,}", " "))
    model = train(models.Unigram(),
                  trainers.UnigramTrainer(vocab_size=760, special_tokens=["<unk>"] + bytes_, unk_token="<unk>", show_progress=False, max_piece_length=8),
                  clean, metaspace("first"), "small")
    model["byte_fallback"] = True
    yield "Unigram bytes", definition(model, [("<unk>", plain)], clean, metaspace("first"), None,
                                      {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, metaspace("first")]})

    lower = normalizer_sequence({"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"})
    model = train(models.WordLevel(unk_token="[UNK]"), trainers.WordLevelTrainer(vocab_size=300, special_tokens=["[UNK]"], show_progress=False), lower, {"type": "Whitespace"})
    yield "WordLevel", definition(model, [("[UNK]", plain)], lower, {"type": "Whitespace"}, None, None)

    digits = pre_sequence({"type": "UnicodeScripts"}, {"type": "WhitespaceSplit"}, {"type": "Digits", "individual_digits": True})
    model = train(models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=400, limit_alphabet=90, special_tokens=["[UNK]"], show_progress=False), None, digits)
    yield "WordPiece", definition(model, [("[UNK]", plain)], None, digits, None, {"type": "WordPiece", "prefix": "##", "cleanup": True})


def main():
    records = []
    for seed, (name, block) in enumerate(pipelines(), 700):
        tokenizer = Tokenizer.from_str(json.dumps(block))
        random, lines = Random(seed), []
        for i in range(COUNT):
            parts = [component_text(random)] if i % 4 else [component_text(random), component_text(random)]
            lines.append(encoding_line(tokenizer, tokenizer.encode(*parts)))
        hard = [encoding_line(tokenizer, tokenizer.encode(text)) for text in hard_texts()]
        records.append({"name": name, "seed": seed, "digests": digests(lines, STEP), "hard": digests(hard, 10), "tokenizer": block})
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write('{"count": %d, "step": %d, "pipelines": [\n' % (COUNT, STEP))
        out.write(",\n".join(json.dumps(record, separators=(",", ":")) for record in records))
        out.write("\n]}\n")


if __name__ == "__main__":
    main()
