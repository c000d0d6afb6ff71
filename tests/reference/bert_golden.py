# SPDX-License-Identifier: MIT
"""Writes bert_golden.json: logits and gradient norms of transformers' BertForSequenceClassification in float64, on
weights and inputs given by formula (fill() below equals formulaWeights() in tests/core/models/bert_fixture.h).

python bert_golden.py OUT.json
"""
import json
import sys

import numpy as np
import torch
from transformers import BertConfig, BertForSequenceClassification

BASE = dict(
    vocab_size=61, hidden_size=24, num_hidden_layers=3, num_attention_heads=3, intermediate_size=40,
    max_position_embeddings=20, type_vocab_size=2, num_labels=3, initializer_range=0.02,
    hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
# Mixed lengths, the longest input the positions allow, one token, a pair; ids by formula.
LENGTHS = [7, 20, 1, 7, 12]
PAIR = 4  # this sequence has type 1 from its fifth token on
LABELS = [2, 0, 1, 1, 0]


def sequence(index):
    n = LENGTHS[index]
    ids = [(7 * index + 5 * k + 3) % 60 + 1 for k in range(n)]
    types = [1 if index == PAIR and k >= 5 else 0 for k in range(n)]
    return ids, types


def fill(model):
    with torch.no_grad():
        for number, (name, p) in enumerate(model.named_parameters()):
            i = torch.arange(p.numel(), dtype=torch.float64)
            v = torch.cos(i * (1 + 0.1 * (number % 7)) + number)
            if name.endswith("LayerNorm.weight"):
                v = 1 + 0.2 * v
            elif name.endswith("bias"):
                v = 0.1 * v
            else:
                v = 0.3 * v
            # the C++ side holds float32
            p.copy_(v.to(torch.float32).to(p.dtype).view(p.shape))


def run(model, indices):
    """Unpadded, one sequence at a time: mean cross entropy over the batch."""
    model.zero_grad()
    loss = 0
    logits = []
    for i in indices:
        ids, types = sequence(i)
        out = model(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types])).logits
        logits.append(out[0].tolist())
        loss = loss + torch.nn.functional.cross_entropy(out, torch.tensor([LABELS[i]])) / len(indices)
    loss.backward()
    return logits, loss.item()


def main(out_path):
    result = {"cases": []}
    for act in ["gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh", "gelu_accurate",
                "gelu_python", "gelu_10", "quick_gelu", "relu", "relu2", "relu6", "leaky_relu", "silu", "swish",
                "mish", "sigmoid", "tanh", "linear", "hardswish", "laplace", "sqrtsoftplus"]:
        config = BertConfig(**BASE, hidden_act=act)
        model = BertForSequenceClassification(config).double().train()  # dropout 0: gradients
        fill(model)
        logits, loss = run(model, range(len(LENGTHS)))
        case = {"hidden_act": act, "logits": logits, "loss": loss}
        if act in ("gelu", "gelu_new", "silu"):
            # each gradient as norm and three projections onto cosines: enough to tell one tensor from another
            gradients = {}
            for name, p in model.named_parameters():
                g = p.grad.flatten().numpy()
                i = np.arange(g.size, dtype=np.float64)
                gradients[name] = [float(np.linalg.norm(g))] + [
                    float((g * np.cos(i * f + 0.5)).sum()) for f in (0.37, 1.1, 2.3)]
                case["gradients"] = gradients
            small = ["classifier.weight", "bert.encoder.layer.1.attention.self.key.weight",
                     "bert.embeddings.token_type_embeddings.weight", "bert.encoder.layer.2.output.LayerNorm.weight",
                     "bert.encoder.layer.0.attention.self.key.bias", "bert.encoder.layer.0.output.dense.bias"]
            full = dict(model.named_parameters())
            case["full_gradients"] = {n: [float(f"{x:.9g}") for x in full[n].grad.flatten().tolist()] for n in small}
        result["cases"].append(case)
    result["parameter_names"] = [n for n, _ in BertForSequenceClassification(BertConfig(**BASE)).named_parameters()]
    with open(out_path, "w") as f:
        json.dump(result, f, indent=None, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
