# SPDX-License-Identifier: MIT
"""The decoder families' expected values, and the check that transformers loads what was exported.

decoder_golden.py OUT.json          writes tests/core/models/golden/decoders.json: logits, gradients and log-probabilities
                                    in float64, on weights and inputs given by formula
                                    (tests/core/models/tst_decoder_families.cpp makes the same)
decoder_golden.py exports PROGRAM   saves each model with random weights, lets `PROGRAM export` write it again, loads both
                                    with transformers and compares names and logits
"""
import json
import sys

import numpy as np
import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSequenceClassification

from export_round_trip import round_trip

LABELS = [2, 0, 1, 1, 0, 2]
SKETCHES = 6


def sequences(longest):
    """Mixed lengths, one token, the longest; the fifth ends with id 0 and the sixth holds nothing else."""
    result = []
    for index, n in enumerate([7, longest, 1, 7, 12, 3]):
        ids = [(7 * index + 5 * k + 3) % 58 + 2 for k in range(n)]
        if index == 4:
            ids[-2:] = [0, 0]
        if index == 5:
            ids = [0] * n
        result.append(ids)
    return result


def mix(key, counter):
    """studio::mixBits."""
    with np.errstate(over="ignore"):
        def scramble(v):
            v = (v ^ (v >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            v = (v ^ (v >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            return v ^ (v >> np.uint64(31))
        golden = np.uint64(0x9E3779B97F4A7C15)
        return scramble(scramble(np.uint64(key) + golden) + counter * golden)


def sketch(values):
    """Sums under random signs: the mean square of differences estimates the squared norm of the difference."""
    counter = np.arange(values.size, dtype=np.uint64)
    signs = [np.where(mix(k, counter) & np.uint64(1), 1.0, -1.0) for k in range(SKETCHES)]
    return [float(f"{(values * s).sum():.9g}") for s in signs]


def fill(model, offset):
    with torch.no_grad():
        for number, (name, p) in enumerate(model.named_parameters()):
            i = torch.arange(p.numel(), dtype=torch.float64)
            v = torch.cos(i * (1 + 0.1 * (number % 7)) + number)
            if p.dim() == 1 and name.endswith("weight"):
                v = 1 - offset + 0.2 * v
            elif name.endswith("bias"):
                v = 0.1 * v
            else:
                v = 0.3 * v
            p.copy_(v.to(torch.float32).to(p.dtype).view(p.shape))  # the other side holds float32


def whole_precision(model):
    """The reference rounds its norms and softmax to float32 on the way: not here."""
    for module in model.modules():
        name = type(module).__name__
        if "RMSNorm" in name:
            offset = 1.0 if "Gemma" in name else 0.0
            epsilon = getattr(module, "variance_epsilon", None) or module.eps
            module.forward = (lambda x, m=module, o=offset, e=epsilon:
                              x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + e) * (m.weight + o))


softmax = torch.nn.functional.softmax
torch.nn.functional.softmax = lambda x, dim=None, dtype=None, **_: softmax(x, dim=dim)

BASE = dict(vocab_size=60, hidden_size=16, intermediate_size=20, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=24, pad_token_id=0, bos_token_id=1, eos_token_id=2,
            num_labels=3, attention_dropout=0.0)
GPT2 = dict(vocab_size=60, n_embd=16, n_layer=2, n_head=2, n_positions=24, pad_token_id=0, bos_token_id=1,
            eos_token_id=2, num_labels=3, embd_pdrop=0.0, attn_pdrop=0.0, resid_pdrop=0.0)
SHORT = [1.0, 1.2]
LONG = [2.0, 5.0]


def rope(kind, theta=100.0, **more):
    return {"rope_parameters": {"rope_type": kind, "rope_theta": theta, **more}}


# name, model_type, keys over the base (None: left out), longest text, spelling of 4.x
CASES = [
    ("gpt2", "gpt2", dict(), 24, False),
    ("gpt2 scales", "gpt2", dict(scale_attn_by_inverse_layer_idx=True, n_inner=20, activation_function="relu",
                                 n_head=4, layer_norm_epsilon=1e-3), 20, False),
    ("gpt2 unscaled", "gpt2", dict(scale_attn_weights=False, activation_function="gelu", n_layer=3), 20, False),
    ("gpt2 no padding id", "gpt2", dict(pad_token_id=None, tie_word_embeddings=False,
                                        activation_function="silu"), 24, False),
    ("llama", "llama", dict(num_key_value_heads=4), 24, False),
    ("llama one key head", "llama", dict(num_key_value_heads=1, rms_norm_eps=1e-3, hidden_act="gelu"), 24, False),
    ("llama head_dim", "llama", dict(head_dim=6, tie_word_embeddings=True), 24, False),
    ("llama biases", "llama", dict(attention_bias=True, mlp_bias=True, num_hidden_layers=3), 24, False),
    ("llama no padding id", "llama", dict(pad_token_id=None, hidden_act="relu"), 24, False),
    ("llama padding id -1", "llama", dict(pad_token_id=-1), 24, False),
    ("llama linear", "llama", rope("linear", factor=2.5), 40, False),
    ("llama dynamic", "llama", rope("dynamic", factor=2.0), 50, False),
    ("llama llama3", "llama", dict(head_dim=12, **rope("llama3", factor=8.0, low_freq_factor=1.0,
     high_freq_factor=4.0, original_max_position_embeddings=12)), 40, False),
    ("llama yarn", "llama", dict(head_dim=12, **rope("yarn", factor=4.0, beta_fast=4.0, beta_slow=1.0,
     original_max_position_embeddings=12)), 40, False),
    ("llama yarn keys", "llama", dict(head_dim=12, **rope(
        "yarn", 1000.0, factor=4.0, beta_fast=3.0, beta_slow=0.7, truncate=False, mscale=1.5, mscale_all_dim=0.8,
        original_max_position_embeddings=10)), 40, False),
    ("llama yarn attention_factor", "llama", rope("yarn", factor=2.0, attention_factor=1.3,
                                                  original_max_position_embeddings=12), 30, False),
    ("llama longrope", "llama", rope("longrope", short_factor=SHORT, long_factor=LONG, factor=3.0,
                                     original_max_position_embeddings=8), 24, False),
    ("llama old linear", "llama", dict(rope_theta=500.0, rope_scaling={"type": "linear", "factor": 3.0}), 24, True),
    ("llama old llama3", "llama", dict(rope_theta=50.0, rope_scaling={
        "rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 2.0,
        "original_max_position_embeddings": 10}), 24, True),
    ("llama old dynamic", "llama", dict(rope_theta=50.0, rope_scaling={"type": "dynamic", "factor": 4.0}), 60, True),
    ("mistral", "mistral", dict(sliding_window=5), 24, False),
    ("mistral no window", "mistral", dict(sliding_window=None, head_dim=8), 24, False),
    ("mistral window of one", "mistral", dict(sliding_window=1, num_key_value_heads=4), 24, False),
    ("mistral long", "mistral", dict(sliding_window=37, max_position_embeddings=100), 90, False),
    ("mistral old", "mistral", dict(sliding_window=40, rope_theta=300.0), 24, True),
    ("qwen2", "qwen2", dict(tie_word_embeddings=True), 24, False),
    ("qwen2 windows", "qwen2", dict(use_sliding_window=True, sliding_window=4, max_window_layers=1,
                                    num_hidden_layers=3), 24, False),
    ("qwen2 layer types", "qwen2", dict(use_sliding_window=True, sliding_window=6, layer_types=[
        "sliding_attention", "full_attention"]), 24, False),
    ("qwen2 old yarn", "qwen2", dict(head_dim=12, rope_theta=1000.0, use_sliding_window=False, sliding_window=4,
                                     max_window_layers=0, rope_scaling={
        "type": "yarn", "factor": 4.0, "original_max_position_embeddings": 12}), 40, True),
    ("qwen3", "qwen3", dict(head_dim=8), 24, False),
    ("qwen3 bias", "qwen3", dict(head_dim=6, attention_bias=True, num_key_value_heads=1, tie_word_embeddings=True,
                                 **rope("linear", factor=2.0)), 30, False),
    ("qwen3 windows", "qwen3", dict(head_dim=4, use_sliding_window=True, sliding_window=3, max_window_layers=1,
                                    rms_norm_eps=1e-3), 24, False),
    ("gemma", "gemma", dict(head_dim=6, num_key_value_heads=1), 24, False),
    ("gemma gelu", "gemma", dict(head_dim=4, hidden_act="gelu", attention_bias=True,
                                 tie_word_embeddings=False), 24, False),
    ("gemma exact gelu", "gemma", dict(head_dim=4, hidden_act="gelu_python"), 24, False),
    ("gemma old", "gemma", dict(head_dim=8, rope_theta=200.0, hidden_act="gelu_pytorch_tanh"), 24, True),
    ("gemma2", "gemma2", dict(head_dim=6, sliding_window=4, query_pre_attn_scalar=5, attn_logit_softcapping=2.0,
                              final_logit_softcapping=3.0, num_hidden_layers=3), 24, False),
    ("gemma2 no caps", "gemma2", dict(head_dim=4, sliding_window=6, attn_logit_softcapping=None,
                                      final_logit_softcapping=None, attention_bias=True, layer_types=[
        "full_attention", "sliding_attention"]), 24, False),
    ("gemma3", "gemma3_text", dict(head_dim=8, sliding_window=4, sliding_window_pattern=2, num_hidden_layers=3,
                                   query_pre_attn_scalar=7), 24, False),
    ("gemma3 ropes", "gemma3_text", dict(head_dim=6, sliding_window=5, final_logit_softcapping=4.0, rope_parameters={
        "full_attention": {"rope_type": "linear", "factor": 4.0, "rope_theta": 400.0},
        "sliding_attention": {"rope_type": "default", "rope_theta": 30.0}}, layer_types=[
        "full_attention", "sliding_attention"]), 40, False),
    ("gemma3 old", "gemma3_text", dict(head_dim=6, sliding_window=4, sliding_window_pattern=2, rope_theta=900.0,
                                       rope_local_base_freq=20.0, rope_scaling={
        "rope_type": "linear", "factor": 8.0}), 24, True),
    ("gemma3 bidirectional", "gemma3_text", dict(head_dim=6, sliding_window=7, use_bidirectional_attention=True,
                                                 layer_types=["sliding_attention", "full_attention"]), 24, False),
    ("gemma3 bidirectional alone", "gemma3_text", dict(head_dim=6, sliding_window=1, use_bidirectional_attention=True,
                                                       layer_types=["sliding_attention", "full_attention"]), 24, False),
    ("phi3", "phi3", dict(resid_pdrop=0.0), 24, False),
    ("phi3 window", "phi3", dict(sliding_window=5, num_key_value_heads=1, tie_word_embeddings=True), 24, False),
    ("phi3 partial", "phi3", dict(num_attention_heads=2, **rope("default", partial_rotary_factor=0.5)), 24, False),
    ("phi3 longrope", "phi3", dict(max_position_embeddings=60, original_max_position_embeddings=10, **rope(
        "longrope", short_factor=SHORT, long_factor=LONG)), 50, False),
    ("phi3 old su", "phi3", dict(max_position_embeddings=40, original_max_position_embeddings=12, rope_theta=100.0,
                                 partial_rotary_factor=0.5, num_attention_heads=2, rope_scaling={
        "type": "su", "short_factor": SHORT, "long_factor": LONG, "original_max_position_embeddings": 9}), 36, True),
]


def described(model_type, keys, old):
    """The configuration, and config.json as it is written."""
    base = {**(GPT2 if model_type == "gpt2" else BASE), **keys}
    if old:
        labels = base.pop("num_labels")
        file = {"model_type": model_type, "id2label": {str(i): f"LABEL_{i}" for i in range(labels)},
                "label2id": {f"LABEL_{i}": i for i in range(labels)}, **base}
        config = AutoConfig.for_model(**file)
    else:
        config = AutoConfig.for_model(model_type, **base)
        file = json.loads(config.to_json_string())
    return config, file


def build(kind, model_type, keys, old):
    config, file = described(model_type, keys, old)
    attention = "eager" if model_type == "gemma2" else "sdpa"
    model = kind.from_config(config, attn_implementation=attention).double().train()
    whole_precision(model)
    fill(model, 1.0 if model_type.startswith("gemma") else 0.0)
    return file, model


def fresh(model):
    """Dynamic frequencies depend on earlier texts in the reference: each text begins anew."""
    for module in model.modules():
        if hasattr(module, "original_inv_freq"):
            module.inv_freq = module.original_inv_freq.clone()
            module.max_seq_len_cached = module.original_max_seq_len


def run(name, model_type, keys, longest, old):
    file, model = build(AutoModelForSequenceClassification, model_type, keys, old)
    texts = sequences(longest)
    logits, losses = [], []
    for ids, label in zip(texts, LABELS):
        fresh(model)
        out = model(input_ids=torch.tensor([ids])).logits
        logits.append([float(f"{v:.12g}") for v in out[0].tolist()])
        losses.append(torch.nn.functional.cross_entropy(out, torch.tensor([label])))
    (sum(losses) / len(losses)).backward()
    case = {"name": name, "longest": longest, "config": file, "logits": logits, "gradients": {
        n: [list(p.shape), float(f"{p.grad.norm().item():.9g}"), *sketch(p.grad.flatten().numpy())]
        for n, p in model.named_parameters()}}
    if keys.get("use_bidirectional_attention"):
        return case
    _, model = build(AutoModelForCausalLM, model_type, keys, old)
    case["log_probabilities"] = []
    with torch.no_grad():
        for ids in texts:
            fresh(model)
            scores = torch.log_softmax(model(input_ids=torch.tensor([ids])).logits[0], -1)
            case["log_probabilities"].append(
                [float(f"{scores[k, ids[k + 1]].item():.8g}") for k in range(len(ids) - 1)])
    case["language_model_head"] = any(n == "lm_head.weight" for n, _ in model.named_parameters())
    return case


def exports(program):
    good = True
    for number, (name, model_type, keys, longest, old) in enumerate(CASES):
        torch.manual_seed(number)
        model = AutoModelForSequenceClassification.from_config(described(model_type, keys, old)[0])

        def logits_of(one, ids):
            fresh(one)
            return one(input_ids=torch.tensor([ids])).logits
        good = round_trip(program, name, model, sequences(longest), logits_of) and good
    sys.exit(not good)


def main(out_path):
    cases = [run(*case) for case in CASES]
    with open(out_path, "w") as f:
        f.write('{"transformers":"%s","cases":[\n' % transformers.__version__)
        f.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
        f.write("\n]}\n")


if __name__ == "__main__":
    if sys.argv[1] == "exports":
        exports(sys.argv[2])
    main(sys.argv[1])
