# SPDX-License-Identifier: MIT
"""The encoder-decoder families' expected values, and the check that transformers loads what was exported.

encoder_decoder_families.py golden OUT.json   writes tests/core/models/golden/encoder_decoders.json: logits and gradients
                                              of classifiers and log-probabilities of targets in float64, of small
                                              models whose weights and inputs are given by formula (the same formulas
                                              stand in tests/core/models/tst_encoder_decoder_families.cpp)
encoder_decoder_families.py exports PROGRAM   saves each classifier with random weights, lets `PROGRAM export` write it
                                              again, loads both with transformers and compares names and logits
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors import safe_open
from transformers import AutoConfig, AutoModelForSeq2SeqLM, AutoModelForSequenceClassification
from transformers.models.t5.modeling_t5 import T5LayerNorm

from decoder_golden import sketch

T5 = dict(vocab_size=60, d_model=24, d_kv=6, d_ff=40, num_layers=2, num_heads=4, relative_attention_num_buckets=8,
          relative_attention_max_distance=12, dropout_rate=0.0, pad_token_id=0, eos_token_id=1,
          decoder_start_token_id=0, num_labels=3)
BART = dict(vocab_size=60, d_model=24, encoder_layers=2, decoder_layers=2, encoder_attention_heads=3,
            decoder_attention_heads=4, encoder_ffn_dim=40, decoder_ffn_dim=28, max_position_embeddings=24, dropout=0.0,
            pad_token_id=1, bos_token_id=0, eos_token_id=2, decoder_start_token_id=2, num_labels=3)
MARIAN = dict(BART, pad_token_id=59, eos_token_id=0, decoder_start_token_id=59, forced_eos_token_id=0,
              scale_embedding=True, activation_function="swish")

# name, model_type, keys, longest input
CASES = [
    ("t5", "t5", T5, 30),
    ("t5 v1.1", "t5", dict(T5, feed_forward_proj="gated-gelu", tie_word_embeddings=False, d_kv=4, num_heads=3,
                           num_decoder_layers=3), 30),
    ("t5 long", "t5", dict(T5, feed_forward_proj="gated-silu", relative_attention_num_buckets=32,
                           relative_attention_max_distance=128, num_layers=1), 170),
    ("t5 gelu", "t5", dict(T5, feed_forward_proj="gelu", layer_norm_epsilon=1e-3, num_decoder_layers=1, d_kv=8,
                           decoder_start_token_id=5, num_labels=2), 30),
    ("t5 few buckets", "t5", dict(T5, relative_attention_num_buckets=4, relative_attention_max_distance=3, num_layers=3,
                                  feed_forward_proj="gated-relu", num_heads=1, d_kv=7), 30),
    ("t5 odd buckets", "t5", dict(T5, relative_attention_num_buckets=7, num_heads=2, tie_word_embeddings=True), 30),
    ("t5 separate tables", "t5", T5, 30),
    ("bart", "bart", BART, 24),
    ("bart scaled", "bart", dict(BART, scale_embedding=True, activation_function="relu", encoder_layers=1,
                                 decoder_layers=3, encoder_attention_heads=6, num_labels=2), 24),
    ("bart untied", "bart", dict(BART, tie_word_embeddings=False, activation_function="gelu_new",
                                 decoder_start_token_id=7), 24),
    ("mbart", "mbart", dict(BART, decoder_start_token_id=None), 24),
    ("mbart scaled", "mbart", dict(BART, scale_embedding=True, activation_function="relu", encoder_layers=3,
                                   decoder_layers=1, decoder_start_token_id=4), 24),
    ("mbart untied", "mbart", dict(BART, tie_word_embeddings=False, decoder_layers=3), 24),
    ("marian", "marian", MARIAN, 24),
    ("marian own vocabularies", "marian", dict(MARIAN, share_encoder_decoder_embeddings=False, decoder_vocab_size=45,
                                               pad_token_id=44, decoder_start_token_id=44, encoder_layers=3), 24),
    ("marian odd width", "marian", dict(MARIAN, d_model=15, decoder_attention_heads=5, activation_function="relu",
                                        scale_embedding=False, encoder_layers=1, tie_word_embeddings=False), 24),
]
LABELS = [2, 0, 1, 1, 0]


def ids_of(index, n, size, end):
    return [(7 * index + 5 * k + 3) % (size - 5) + 4 for k in range(n - 1)] + [end]


def texts(config, longest):
    """Five texts of mixed lengths that end with the end token, then two as pairs are: several such tokens, not always
    at the end; one of them holds a padding token."""
    end, size = config.eos_token_id, config.vocab_size
    singles = [ids_of(i, n, size, end) for i, n in enumerate([7, longest, 1, 7, 12])]
    pairs = [ids_of(5, 9, size, 6), ids_of(6, 13, size, end)]
    pairs[0][4] = pairs[0][7] = pairs[1][2] = end
    pairs[1][5] = config.pad_token_id
    return singles, pairs


def targets(config, longest):
    size = config.decoder_vocab_size if config.model_type == "marian" else config.vocab_size
    rows = [ids_of(i + 9, n, min(size, 45), config.eos_token_id) for i, n in enumerate([3, 9, 1, longest, 7])]
    rows[4][2] = config.pad_token_id
    return rows


def values(number, name, shape):
    count = 1
    for size in shape:
        count *= size
    i = torch.arange(count, dtype=torch.float64)
    v = torch.cos(i * (1 + 0.1 * (number % 7)) + number)
    if len(shape) == 1 and name.endswith("weight"):
        v = 1 + 0.2 * v
    else:
        v = v * (0.1 if name.endswith("bias") else 0.3)
    return v.to(torch.float32).view(shape)  # the other side holds float32


def tensors(model):
    """What a checkpoint holds: tied tensors once, no positions that follow from a formula, the bias of the logits."""
    rows = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    return rows + [(name, b) for name, b in model.named_buffers() if name == "final_logits_bias"]


def fill(model):
    with torch.no_grad():
        for number, (name, p) in enumerate(tensors(model)):
            p.copy_(values(number, name, list(p.shape)))


def separate(model, name):
    """Models whose tables for the two halves hold different numbers although the config ties them."""
    if name == "t5 separate tables":
        base = getattr(model, "transformer", model)
        for half in (base.encoder, base.decoder):
            half.embed_tokens = torch.nn.Embedding(*base.shared.weight.shape)
    if name == "t5 v1.1" and hasattr(model, "lm_head"):
        model.lm_head = torch.nn.Linear(*reversed(model.shared.weight.shape), bias=False)


def build(kind, case):
    name, model_type, keys, _ = case
    config = AutoConfig.for_model(model_type, **json.loads(json.dumps(keys)))
    model = kind.from_config(config, attn_implementation="eager")
    separate(model, name)
    return model


def whole_precision(model):
    """The reference rounds its norms to float32 on the way: not here."""
    for module in model.modules():
        if isinstance(module, T5LayerNorm):
            module.forward = (lambda x, m=module:
                              x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + m.variance_epsilon) * m.weight)


def numbers(row):
    return [float(f"{x:.10g}") for x in row]


def classified(case):
    model = build(AutoModelForSequenceClassification, case).double().train()
    whole_precision(model)
    fill(model)
    singles, pairs = texts(model.config, case[3])
    rows, losses = [], []
    for ids, label in zip(singles, LABELS):
        out = model(input_ids=torch.tensor([ids])).logits
        rows.append(numbers(out[0].tolist()))
        losses.append(torch.nn.functional.cross_entropy(out, torch.tensor([label % out.shape[1]])))
    (sum(losses) / len(losses)).backward()
    with torch.no_grad():
        pair_rows = [numbers(model(input_ids=torch.tensor([ids])).logits[0].tolist()) for ids in pairs]
        # what padding and masks give in a batch
        longest = max(map(len, singles))
        pad = model.config.pad_token_id
        batch = model(input_ids=torch.tensor([ids + [pad] * (longest - len(ids)) for ids in singles]),
                      attention_mask=torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids in singles]))
        assert (batch.logits - torch.tensor(rows, dtype=torch.float64)).abs().max() < 1e-8, case[0]
    gradients = []
    for name, p in tensors(model):
        g = p.grad if p.grad is not None else torch.zeros_like(p)
        gradients.append([name, list(p.shape), float(f"{g.norm().item():.9g}"), *sketch(g.flatten().numpy())])
    return {"saved_config": saved_config(model), "logits": rows, "pair_logits": pair_rows,
            "loss": (sum(losses) / len(losses)).item(), "parameters": gradients}


def saved_config(model):
    saved = json.loads(model.config.to_json_string())
    for key in ("architectures", "transformers_version", "dtype"):
        saved.pop(key, None)
    return saved


def scored(case):
    model = build(AutoModelForSeq2SeqLM, case).double().eval()
    whole_precision(model)
    fill(model)
    sources, wanted = texts(model.config, case[3])[0], targets(model.config, case[3])
    rows = []
    with torch.no_grad():
        for source, target in zip(sources, wanted):
            logits = model(input_ids=torch.tensor([source]), labels=torch.tensor([target])).logits[0]
            scores = torch.log_softmax(logits, -1)
            rows.append(numbers(scores[range(len(target)), target].tolist()))
            if source is sources[0]:
                first = [numbers(row.tolist()) for row in logits]
    return {"saved_config": saved_config(model), "log_probabilities": rows, "first_logits": first,
            "parameters": [[name, list(p.shape)] for name, p in tensors(model)]}


def golden(out_path):
    cases = []
    for case in CASES:
        name, model_type, keys, longest = case
        # the keys as a person has them: config.json also holds what transformers makes of them
        written = {key: value for key, value in keys.items() if key != "num_labels"}
        written["model_type"] = model_type
        written["id2label"] = {str(i): f"LABEL_{i}" for i in range(keys["num_labels"])}
        one = {"name": name, "config": written, "longest": longest, "language": scored(case)}
        if model_type != "marian":
            one["classifier"] = classified(case)
        cases.append(one)
    with open(out_path, "w") as f:
        f.write('{"cases":[\n')
        f.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
        f.write("\n]}\n")


def exports(program):
    for number, case in enumerate(CASES):
        if case[1] == "marian":
            continue
        torch.manual_seed(number)
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder, "source"), Path(folder, "target")
            model = build(AutoModelForSequenceClassification, case).eval()
            with torch.no_grad():  # fresh heads and norms are too regular to tell anything
                for p in model.parameters():
                    p.add_(torch.randn_like(p) * 0.1)
            model.save_pretrained(source)
            subprocess.run([program, "export", source, "--output_dir", target], check=True, capture_output=True)
            again, info = AutoModelForSequenceClassification.from_pretrained(
                target, output_loading_info=True, attn_implementation="eager")
            found = {key: value for key, value in info.items() if value}
            names = [set(safe_open(path / "model.safetensors", "pt").keys()) for path in (source, target)]
            worst = 0.0
            with torch.no_grad():
                for row in texts(model.config, case[3]):
                    for ids in row:
                        one, other = (m.eval()(input_ids=torch.tensor([ids])).logits for m in (model, again))
                        worst = max(worst, (one - other).abs().max().item())
            same = names[0] == names[1] and all(
                torch.equal(p, dict(again.named_parameters())[n]) for n, p in model.named_parameters())
            print(f"{case[0]}: {'ok' if not found and same and worst < 1e-5 else 'DIFFERS'} {found or ''} {worst:g}"
                  f" {len(names[1])} tensors")


if __name__ == "__main__":
    {"golden": golden, "exports": exports}[sys.argv[1]](sys.argv[2])
