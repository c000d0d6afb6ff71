#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Thirty steps of transformers' Trainer on a tiny model of several families, dropout 0, rows in file order.

Weights follow a formula that the C++ test repeats: tensor k (sorted by name), element i: 0.08 cos(0.37 i + 1.3 k),
weights of one dimension around 1. Rows are words 0 to 39; a text is token 2, its words from 5 on, token 3; 0 pads.

Usage: family_parity.py OUT.json   (written to tests/core/train/family_parity.json)
"""
import json
import random
import sys
import tempfile

import torch
from torch.utils.data import SequentialSampler
from transformers import AutoConfig, AutoModelForSequenceClassification, Trainer, TrainingArguments

WORDS = 40
STEPS = 30
LABELS = 3
IDS = dict(vocab_size=5 + WORDS, pad_token_id=0, bos_token_id=2, eos_token_id=3, num_labels=LABELS)
LLAMA = dict(**IDS, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=32)
ENCODER = dict(**IDS, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
               max_position_embeddings=32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
CASES = [
    ("gpt2", dict(**IDS, n_embd=32, n_layer=2, n_head=4, n_positions=32, resid_pdrop=0.0, embd_pdrop=0.0,
                  attn_pdrop=0.0), dict(weight_decay=0.3)),
    ("roberta", dict(**ENCODER, type_vocab_size=1), dict()),
    ("deberta-v2", dict(**ENCODER, relative_attention=True, pos_att_type=["p2c", "c2p"], share_att_key=True,
                        position_buckets=6, norm_rel_ebd="layer_norm", position_biased_input=False, type_vocab_size=0,
                        pooler_dropout=0.0, cls_dropout=0.0), dict(weight_decay=0.1)),
    ("modernbert", dict(**IDS, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=40,
                        max_position_embeddings=32, cls_token_id=2, sep_token_id=3, local_attention=6), dict()),
    ("t5", dict(**IDS, d_model=32, d_kv=6, d_ff=48, num_layers=2, num_decoder_layers=1, num_heads=4,
                relative_attention_num_buckets=8, relative_attention_max_distance=12, dropout_rate=0.0,
                feed_forward_proj="gated-gelu", decoder_start_token_id=0), dict(weight_decay=0.1)),
    ("bart", dict(**IDS, d_model=32, encoder_layers=1, decoder_layers=2, encoder_attention_heads=4,
                  decoder_attention_heads=2, encoder_ffn_dim=48, decoder_ffn_dim=40, max_position_embeddings=32,
                  dropout=0.0, decoder_start_token_id=3), dict(max_grad_norm=0.5)),
    ("qwen2", dict(**LLAMA, use_sliding_window=True, sliding_window=6, max_window_layers=1), dict(max_grad_norm=0.5)),
]


def fill(model):
    with torch.no_grad():
        for k, (name, tensor) in enumerate(sorted(model.named_parameters())):
            i = torch.arange(tensor.numel(), dtype=torch.float64)
            values = 0.08 * torch.cos(0.37 * i + 1.3 * k)
            if tensor.dim() == 1 and name.endswith("weight"):
                values = 1 + values
            tensor.copy_(values.reshape(tensor.shape).float())


def rows():
    rng = random.Random(7)
    result = []
    for _ in range(60):
        words = [rng.randrange(WORDS) for _ in range(rng.randint(1, 14))]
        result.append((words, words[-1] % LABELS if rng.random() < 0.8 else rng.randrange(LABELS)))
    return result


def collate(batch):
    longest = max(len(words) for words, _ in batch) + 2
    ids, mask = [], []
    for words, _ in batch:
        row = [2] + [5 + w for w in words] + [3]
        ids.append(row + [0] * (longest - len(row)))
        mask.append([1] * len(row) + [0] * (longest - len(row)))
    return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask),
            "labels": torch.tensor([label for _, label in batch])}


class ReferenceTrainer(Trainer):
    losses = ()

    def _get_train_sampler(self, *_):
        return SequentialSampler(self.train_dataset)

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        loss = super().compute_loss(model, inputs)
        self.losses = (*self.losses, loss.item())
        return loss


def run(model_type, keys, arguments, data):
    config = AutoConfig.for_model(model_type, **keys)
    model = AutoModelForSequenceClassification.from_config(config)
    fill(model)
    with tempfile.TemporaryDirectory() as folder:
        trainer = ReferenceTrainer(
            model=model, train_dataset=data, data_collator=collate,
            args=TrainingArguments(output_dir=folder, learning_rate=1e-3, per_device_train_batch_size=8,
                                   max_steps=STEPS, logging_steps=1, save_strategy="no", report_to=[], use_cpu=True,
                                   disable_tqdm=True, **arguments))
        trainer.train()
    return {"name": model_type, "arguments": arguments, "config": json.loads(config.to_json_string()),
            "tensors": [[name, list(tensor.shape)] for name, tensor in sorted(model.named_parameters())],
            "losses": trainer.losses}


def main():
    torch.set_num_threads(1)
    data = rows()
    with open(sys.argv[1], "w") as out:
        json.dump({"rows": data, "cases": [run(*case, data) for case in CASES]}, out)
        out.write("\n")


main()
