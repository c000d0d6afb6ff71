# SPDX-License-Identifier: MIT
"""The encoder families' expected values, and the check that transformers loads what was exported.

encoder_families.py golden OUT.json     writes tests/core/models/golden/encoder_families.json: logits and gradients in
                                        float64 of small models whose weights and inputs are given by formula (the
                                        same formulas stand in tests/core/models/tst_encoder_families.cpp)
encoder_families.py exports PROGRAM     saves each model with random weights, lets `PROGRAM export` write it again,
                                        loads both with transformers and compares names and logits
"""
import json
import sys

import numpy as np
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification

from export_round_trip import round_trip

BERT = dict(vocab_size=61, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40,
            max_position_embeddings=24, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, num_labels=3)
DISTIL = dict(vocab_size=61, dim=24, n_layers=2, n_heads=3, hidden_dim=40, max_position_embeddings=24, dropout=0.0,
              attention_dropout=0.0, seq_classif_dropout=0.0, num_labels=3)
ALBERT = dict(BERT, embedding_size=16, classifier_dropout_prob=0.0)
DEBERTA = dict(BERT, relative_attention=True, pos_att_type=["p2c", "c2p"], position_biased_input=False,
               type_vocab_size=0, pooler_dropout=0.0)
MODERN = dict(vocab_size=61, hidden_size=24, num_hidden_layers=4, num_attention_heads=3, intermediate_size=20,
              max_position_embeddings=40, pad_token_id=2, bos_token_id=3, eos_token_id=4, cls_token_id=3,
              sep_token_id=4, num_labels=3, local_attention=6)
YARN = {"rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 16, "rope_theta": 10000.0}

# name, model_type, changed keys, longest input; "types": token types reach the model
CASES = [
    ("roberta", "roberta", dict(BERT, type_vocab_size=1), 22),
    ("roberta gelu_new types", "roberta", dict(BERT, num_hidden_layers=3, num_attention_heads=2, type_vocab_size=2,
                                               hidden_act="gelu_new", layer_norm_eps=1e-5, pad_token_id=0), 23),
    ("camembert relu", "camembert", dict(BERT, type_vocab_size=1, hidden_act="relu", num_labels=2), 22),
    ("xlm-roberta one layer", "xlm-roberta", dict(BERT, type_vocab_size=1, num_hidden_layers=1), 22),
    ("distilbert", "distilbert", DISTIL, 24),
    ("distilbert relu", "distilbert", dict(DISTIL, n_layers=3, n_heads=4, activation="relu"), 24),
    ("electra projected", "electra", dict(BERT, embedding_size=16), 24),
    ("electra silu", "electra", dict(BERT, embedding_size=24, hidden_act="silu", num_attention_heads=6,
                                     layer_norm_eps=1e-6), 24),
    ("albert", "albert", dict(ALBERT, num_hidden_layers=3), 24),
    ("albert groups", "albert", dict(ALBERT, num_hidden_layers=4, num_hidden_groups=2, inner_group_num=2,
                                     hidden_act="gelu", num_labels=1), 24),
    ("deberta v3", "deberta-v2", dict(DEBERTA, share_att_key=True, position_buckets=6, max_relative_positions=-1,
                                      norm_rel_ebd="layer_norm"), 24),
    ("deberta v2 convolution", "deberta-v2", dict(DEBERTA, share_att_key=True, position_buckets=8,
                                                  norm_rel_ebd="layer_norm", conv_kernel_size=3, conv_act="gelu",
                                                  attention_head_size=8, num_hidden_layers=3), 24),
    ("deberta own position keys", "deberta-v2", dict(DEBERTA, pos_att_type="c2p|p2c", max_relative_positions=9,
                                                     type_vocab_size=2, pooler_hidden_act="tanh"), 24),
    ("deberta c2p", "deberta-v2", dict(DEBERTA, pos_att_type=["c2p"], position_buckets=4, embedding_size=16,
                                       conv_kernel_size=5, conv_groups=2), 24),
    ("deberta p2c absolute", "deberta-v2", dict(DEBERTA, pos_att_type=["p2c"], position_biased_input=True,
                                                num_attention_heads=2, hidden_act="relu"), 24),
    ("deberta without relative positions", "deberta-v2", dict(DEBERTA, relative_attention=False,
                                                              position_biased_input=True, type_vocab_size=2), 24),
    ("deberta idle table", "deberta-v2", dict(DEBERTA, pos_att_type=None, position_buckets=4), 24),
    ("modernbert", "modernbert", MODERN, 40),
    ("modernbert mean biases", "modernbert", dict(MODERN, classifier_pooling="mean", norm_bias=True,
                                                  attention_bias=True, mlp_bias=True, classifier_bias=True,
                                                  hidden_activation="silu", classifier_activation="relu"), 40),
    ("modernbert old spelling", "modernbert", dict(MODERN, global_attn_every_n_layers=2, global_rope_theta=5000.0,
                                                   local_rope_theta=300.0, num_attention_heads=2), 40),
    ("modernbert layer types", "modernbert",
     dict(MODERN, num_hidden_layers=3, layer_types=["sliding_attention", "full_attention", "sliding_attention"],
          local_attention=11, rope_parameters={
              "full_attention": YARN,
              "sliding_attention": {"rope_type": "linear", "factor": 3.0, "rope_theta": 500.0}}), 40),
    ("modernbert without local layers", "modernbert",
     dict(MODERN, num_hidden_layers=2, layer_types=["full_attention", "full_attention"], local_rope_theta=None), 40),
]
TYPED = ("electra", "albert", "deberta-v2")
LABELS = [2, 0, 1, 1, 0]
PAIR = 4  # this sequence has type 1 from its sixth token on


def sequence(index, longest):
    n = [7, longest, 1, 7, 12][index]
    ids = [(7 * index + 5 * k + 3) % 60 + 1 for k in range(n)]
    types = [1 if index == PAIR and k >= 5 else 0 for k in range(n)]
    return ids, types


def fill(model):
    with torch.no_grad():
        for number, (name, p) in enumerate(model.named_parameters()):
            i = torch.arange(p.numel(), dtype=torch.float64)
            v = torch.cos(i * (1 + 0.1 * (number % 7)) + number)
            if "norm" in name.lower() and name.endswith("weight"):
                v = 1 + 0.2 * v
            elif name.endswith("bias"):
                v = 0.1 * v
            else:
                v = 0.3 * v
            p.copy_(v.to(torch.float32).to(p.dtype).view(p.shape))  # the C++ side holds float32


def build(model_type, keys):
    config = AutoConfig.for_model(model_type, **json.loads(json.dumps(keys)))
    config._attn_implementation = "eager"
    return AutoModelForSequenceClassification.from_config(config)


def uses_types(model):
    kind = model.config.model_type
    return kind in TYPED or getattr(model.config, "type_vocab_size", 0) == 2


def logits_of(model, ids, types):
    arguments = {"input_ids": torch.tensor([ids])}
    if uses_types(model):
        arguments["token_type_ids"] = torch.tensor([types])
    return model(**arguments).logits


def numbers(values):
    return [float(f"{x:.9g}") for x in values]


def golden(out_path):
    cases = []
    for name, model_type, keys, longest in CASES:
        model = build(model_type, keys).double().eval()
        fill(model)
        loss, rows = 0, []
        for i, label in enumerate(LABELS):
            out = logits_of(model, *sequence(i, longest))
            rows.append(numbers(out[0].tolist()))
            if out.shape[1] == 1:
                loss = loss + (out[0, 0] - label) ** 2 / len(LABELS)
            else:
                loss = loss + torch.nn.functional.cross_entropy(
                    out, torch.tensor([label % out.shape[1]])) / len(LABELS)
        loss.backward()
        parameters = []
        for parameter, p in model.named_parameters():
            g = (p.grad if p.grad is not None else torch.zeros_like(p)).flatten().numpy()
            i = np.arange(g.size, dtype=np.float64)
            parameters.append([parameter, list(p.shape), numbers(
                [float(np.linalg.norm(g))] + [float((g * np.cos(i * f + 0.5)).sum()) for f in (0.37, 1.1, 2.3)])])
        # the keys as a person has them: config.json also holds what transformers makes of them
        written = {**keys, "model_type": model_type, "id2label": model.config.id2label}
        written.pop("num_labels")
        saved = json.loads(model.config.to_json_string())
        for key in ("architectures", "transformers_version", "dtype"):
            saved.pop(key, None)
        cases.append({"name": name, "config": written, "saved_config": saved, "longest": longest,
                      "typed": uses_types(model), "logits": rows, "loss": loss.item(), "parameters": parameters})
    with open(out_path, "w") as f:
        f.write('{"cases":[\n')
        f.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
        f.write("\n]}\n")


def exports(program):
    good = True
    for number, (name, model_type, keys, longest) in enumerate(CASES):
        torch.manual_seed(number)
        inputs = [sequence(i, longest) for i in range(len(LABELS))]
        good = round_trip(program, name, build(model_type, keys), inputs, lambda model, one: logits_of(model, *one)) and good
    sys.exit(not good)


if __name__ == "__main__":
    {"golden": golden, "exports": exports}[sys.argv[1]](sys.argv[2])
