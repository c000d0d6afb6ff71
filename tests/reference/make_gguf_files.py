#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes small GGUF files and what transformers and the gguf package make of them: tests/core/io/gguf/.

    make_gguf_files.py OUTPUT_FOLDER

quants.gguf holds random blocks of every type, quants.safetensors what gguf.dequantize() gives. MODEL.gguf is a random
model; MODEL.json the config, the sha256 of every tensor in fp32, logits, tokenizer.json and some texts with their ids.
"""
import hashlib
import json
import os
import sys
import tempfile

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as T
from safetensors.numpy import save_file
from tokenizers import Tokenizer, normalizers
from transformers import (AutoConfig, AutoModelForCausalLM, AutoTokenizer, GPT2Config, LlamaConfig,
                          Qwen2Config, Qwen3Config)
from transformers.convert_slow_tokenizer import bytes_to_unicode

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
random = np.random.default_rng(7)
TEXTS = ["", " ", "Hello world", "  two  spaces", "it's 12345 \n\n tabs\t!", "naïve 中文 🤗", "<s> in text</s>",
         "<|endoftext|>done<tool>x"]


def blocks(kind, rows, columns):
    """Random bytes with scales that are finite numbers."""
    count, size = gguf.GGML_QUANT_SIZES[kind]
    if kind == T.F32:
        return random.standard_normal((rows, columns), dtype=np.float32)
    if kind == T.F16:
        return random.standard_normal((rows, columns), dtype=np.float32).astype(np.float16)
    data = random.integers(0, 256, (rows * columns // count, size), dtype=np.uint8)
    halves = {T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q2_K: [80, 82], T.Q3_K: [108],
              T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208], T.IQ4_NL: [0], T.IQ4_XS: [0]}.get(kind, [])
    for at in halves:
        # a few subnormal, negative and zero scales among them
        scales = (random.standard_normal(len(data)) * random.choice([1e-7, 1e-3, 1.0], len(data))).astype(np.float16)
        data[:, at:at + 2] = scales.view(np.uint8).reshape(-1, 2)
    if kind == T.BF16:
        data[:, 1] &= 0x3F
    return data.reshape(rows, -1)


def write_quants():
    writer = gguf.GGUFWriter(os.path.join(out, "quants.gguf"), "llama")
    expected = {}
    for kind in (T.F32, T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.Q2_K, T.Q3_K, T.Q4_K, T.Q5_K, T.Q6_K,
                 T.IQ4_NL, T.IQ4_XS):
        data = blocks(kind, 2, 256)
        writer.add_tensor(kind.name, data, raw_dtype=kind)
        expected[kind.name] = np.ascontiguousarray(gguf.dequantize(data, kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    save_file(expected, os.path.join(out, "quants.safetensors"))


def sentencepiece_vocabulary(writer):
    pieces = [("<unk>", 0.0, 2), ("<s>", 0.0, 3), ("</s>", 0.0, 3)]
    pieces += [(f"<0x{byte:02X}>", 0.0, 6) for byte in range(256)]
    words = ["▁", "▁▁", "he", "ll", "hell", "hello", "▁H", "▁He", "wor", "ld", "▁wor", "▁world", "in", "te", "xt",
             "text", "▁text", "th", "the", "▁the", "12", "123", "中文"]
    letters = sorted(set("".join(words)) - {"▁"} | set("abcdefghijklmnopqrstuvwxyzHT0123456789!'"))
    pieces += [(word, -float(i), 1) for i, word in enumerate(words)]
    pieces += [(letter, -100.0 - i, 1) for i, letter in enumerate(letters)]
    pieces += [("<tool>", 0.0, 4)]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([p[0] for p in pieces])
    writer.add_token_scores([p[1] for p in pieces])
    writer.add_token_types([p[2] for p in pieces])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    return len(pieces)


def byte_level_vocabulary(writer, pre, special, bos, eos, pad=None):
    merges = ["h e", "l l", "he ll", "hell o", "Ġ w", "o r", "Ġw or", "l d", "Ġwor ld", "Ġ Ġ", "1 2", "Ġ t", "e x",
              "Ġt ex", "Ġtex t"]
    tokens = list(bytes_to_unicode().values()) + ["".join(m.split()) for m in merges]
    types = [1] * len(tokens)
    for token, kind in special:
        tokens.append(token)
        types.append(kind)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(tokens.index(bos))
    writer.add_eos_token_id(tokens.index(eos))
    if pad:
        writer.add_pad_token_id(tokens.index(pad))
    writer.add_chat_template("{{ messages[0].content }}")
    return len(tokens)


def paired(weights, heads):
    """llama.cpp keeps the halves that rotate together as neighbours."""
    return weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(
        weights.shape)


def write_model(name, config, vocabulary, kinds, extra=()):
    """kinds: the types of the matrices, taken in turn."""
    torch.manual_seed(3)
    path = os.path.join(out, name + ".gguf")
    architecture = config.model_type
    writer = gguf.GGUFWriter(path, architecture)
    config.vocab_size = vocabulary(writer)
    model = AutoModelForCausalLM.from_config(config)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(getattr(config, "intermediate_size", None) or 4 * config.hidden_size)
    writer.add_head_count(config.num_attention_heads)
    if architecture == "gpt2":
        writer.add_layer_norm_eps(config.layer_norm_epsilon)
    else:
        writer.add_head_count_kv(config.num_key_value_heads)
        writer.add_layer_norm_rms_eps(config.rms_norm_eps)
        writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
        writer.add_vocab_size(config.vocab_size)
        if architecture == "llama":
            writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
        if architecture == "qwen3":
            writer.add_key_length(config.head_dim)
            writer.add_value_length(config.head_dim)
    for key, value in extra:
        writer.add_key_value(key, value, gguf.GGUFValueType.get_type(value))
    names = gguf.get_tensor_name_map(
        next(k for k, v in gguf.MODEL_ARCH_NAMES.items() if v == architecture), config.num_hidden_layers)
    turn = 0
    for hf, tensor in model.state_dict().items():
        if hf == "lm_head.weight" and config.tie_word_embeddings:
            continue
        data = tensor.float().numpy()
        if architecture == "llama" and ".q_proj." in hf:
            data = paired(data, config.num_attention_heads)
        if architecture == "llama" and ".k_proj." in hf:
            data = paired(data, config.num_key_value_heads)
        if architecture == "gpt2" and hf.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight")):
            data = data.T
        kind = T.F32
        if data.ndim == 2:
            kind = kinds[turn % len(kinds)]
            turn += 1
        data = np.ascontiguousarray(data)
        writer.add_tensor(names.get_name(hf, (".weight", ".bias")), gguf.quantize(data, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath(path), os.path.join(folder, "m.gguf"))
        given = {} if not extra and config.model_type != "qwen3" else {"config": config}
        if architecture == "gpt2":  # transformers does not take n_positions from the file
            given = {"config": config}
        loaded = AutoModelForCausalLM.from_pretrained(folder, gguf_file="m.gguf", dtype=torch.float32, **given).eval()
        tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file="m.gguf")
        backend = tokenizer.backend_tokenizer
        if architecture == "llama":
            # transformers' conversion puts no prefix before a text that begins with a space; llama.cpp and the tokenisers that
            # such models were trained with do.
            backend.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
            backend = Tokenizer.from_str(json.dumps(dict(json.loads(backend.to_str()), pre_tokenizer=None)))
        expected_config = AutoConfig.from_pretrained(folder, gguf_file="m.gguf").to_dict()
    ids = [[5, 9, 200, 31, 7], [12]]
    with torch.no_grad():
        logits = [loaded(torch.tensor([row])).logits[0, -1, :8].tolist() for row in ids]
    expected = {
        "config": expected_config,
        "sha256": {k: hashlib.sha256(v.contiguous().numpy().tobytes()).hexdigest()
                   for k, v in loaded.state_dict().items()},
        "ids": ids, "logits": logits,
        "tokenizer": json.loads(backend.to_str()),
        "texts": [[text, backend.encode(text).ids] for text in TEXTS],
    }
    with open(os.path.join(out, name + ".json"), "w", encoding="utf-8") as f:
        json.dump(expected, f, ensure_ascii=False, separators=(",", ":"))
        f.write("\n")


small = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=64)
gpt2_special = [("<|endoftext|>", 3), ("<tool>", 4)]
llama3_special = [("<|begin_of_text|>", 3), ("<|end_of_text|>", 3), ("<tool>", 4)]
qwen_special = [("<|endoftext|>", 3), ("<|im_start|>", 3), ("<|im_end|>", 3), ("<tool>", 4)]
write_quants()
write_model("llama", LlamaConfig(**small, tie_word_embeddings=False, rope_theta=5000.0), sentencepiece_vocabulary,
            [T.Q8_0, T.Q4_0, T.Q5_1])
write_model("qwen2", Qwen2Config(**small, tie_word_embeddings=True, rope_theta=1e6),
            lambda w: byte_level_vocabulary(w, "qwen2", qwen_special, "<|endoftext|>", "<|im_end|>", "<|endoftext|>"),
            [T.F16, T.Q4_1])
write_model("qwen3", Qwen3Config(**small, head_dim=16, tie_word_embeddings=True),
            lambda w: byte_level_vocabulary(w, "qwen2", qwen_special, "<|endoftext|>", "<|im_end|>"), [T.BF16, T.Q8_0])
write_model("gpt2", GPT2Config(n_embd=32, n_layer=1, n_head=4, n_positions=64, tie_word_embeddings=True),
            lambda w: byte_level_vocabulary(w, "gpt-2", gpt2_special, "<|endoftext|>", "<|endoftext|>"),
            [T.Q8_0, T.F32])
