#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Twenty steps of transformers' Trainer on a tiny BERT, for each setting of a table.

The weights follow a formula that the C++ test repeats (tests/core/train/tiny_model.h). Gradient accumulation is
compared with the unaccumulated batch, since the Trainer's own accumulated loss of classification heads is k times
too large.

Usage: trainer_parity.py OUT.json   (written to tests/core/train/trainer_parity.json)
"""
import json
import random
import sys
import tempfile

import torch
from torch.utils.data import SequentialSampler
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainerCallback, TrainingArguments

WORDS = 40
STEPS = 20


def tiny_config(labels, problem):
    return BertConfig(vocab_size=5 + WORDS, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                      intermediate_size=64, max_position_embeddings=32, type_vocab_size=2, hidden_dropout_prob=0.0,
                      attention_probs_dropout_prob=0.0, num_labels=labels, problem_type=problem)


def fill(model):
    """Tensor k (sorted by name), element i: 0.08 cos(0.37 i + 1.3 k), norm weights around 1."""
    with torch.no_grad():
        for k, (name, tensor) in enumerate(sorted(model.named_parameters())):
            i = torch.arange(tensor.numel(), dtype=torch.float64)
            values = 0.08 * torch.cos(0.37 * i + 1.3 * k)
            if name.endswith("LayerNorm.weight"):
                values = 1 + values
            tensor.copy_(values.reshape(tensor.shape).float())


def rows(problem, labels):
    rng = random.Random(5)
    result = []
    for _ in range(50):
        words = [rng.randrange(WORDS) for _ in range(rng.randint(2, 14))]
        if problem == "regression":
            label = round(sum(words) / len(words) / 10 - 2 + rng.uniform(-0.2, 0.2), 3)
        elif problem == "multi_label_classification":
            label = [int(any(w % labels == j for w in words[:3])) for j in range(labels)]
        else:
            label = words[0] % labels if rng.random() < 0.8 else rng.randrange(labels)
        result.append((words, label))
    return result


def collate(problem):
    def pack(batch):
        longest = max(len(words) for words, _ in batch) + 2
        ids, mask = [], []
        for words, _ in batch:
            row = [2] + [5 + w for w in words] + [3]
            ids.append(row + [0] * (longest - len(row)))
            mask.append([1] * len(row) + [0] * (longest - len(row)))
        kind = torch.long if problem == "single_label_classification" else torch.float
        return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask),
                "labels": torch.tensor([label for _, label in batch], dtype=kind)}
    return pack


class Recorder(TrainerCallback):
    def __init__(self):
        self.rates, self.norms = [], []

    def on_pre_optimizer_step(self, args, state, control, optimizer=None, **kwargs):
        self.rates.append(optimizer.param_groups[0]["lr"])

    def on_log(self, args, state, control, logs=None, **kwargs):
        if "grad_norm" in logs:
            self.norms.append(logs["grad_norm"])


class ReferenceTrainer(Trainer):
    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.case, self.losses = case, []

    def _get_train_sampler(self, *_):
        return SequentialSampler(self.train_dataset)

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        weights = self.case.get("weights")
        if weights:
            labels = inputs.pop("labels")
            loss = torch.nn.functional.cross_entropy(model(**inputs).logits, labels, weight=torch.tensor(weights),
                                                     label_smoothing=self.case.get("smoothing", 0.0))
        else:
            loss = super().compute_loss(model, inputs)
        self.losses.append(loss.item())
        return loss

    def create_optimizer(self, *_):
        super().create_optimizer()
        groups = [{k: v for k, v in group.items() if k in ("params", "weight_decay")}
                  for group in self.optimizer.param_groups]
        head_rate = self.case.get("head_rate")
        if head_rate:
            head = {id(p) for n, p in self.model.named_parameters() if n.startswith("classifier")}
            groups = [{**g, "params": [p for p in g["params"] if (id(p) in head) == is_head],
                       "lr": head_rate if is_head else self.args.learning_rate}
                      for g in groups for is_head in (False, True)]
        rate = self.args.learning_rate
        kind = self.case.get("optimizer", "adamw")
        if kind == "sgd":
            self.optimizer = torch.optim.SGD(groups, lr=rate, momentum=self.case.get("momentum", 0.9))
        elif kind == "adam":
            self.optimizer = torch.optim.Adam(groups, lr=rate)
        elif head_rate:
            self.optimizer = torch.optim.AdamW(groups, lr=rate)
        return self.optimizer


CASES = [
    {"name": "adamw linear", "studio": {}},
    {"name": "adamw weight decay", "hf": {"weight_decay": 0.1}, "studio": {"weight_decay": 0.1}},
    {"name": "adamw betas epsilon", "hf": {"adam_beta1": 0.8, "adam_beta2": 0.95, "adam_epsilon": 1e-5},
     "studio": {"adam_beta1": 0.8, "adam_beta2": 0.95, "adam_epsilon": 1e-5}},
    {"name": "adam weight decay", "optimizer": "adam", "hf": {"weight_decay": 0.05},
     "studio": {"optim": "adam", "weight_decay": 0.05}},
    {"name": "sgd momentum", "optimizer": "sgd", "hf": {"learning_rate": 0.05, "weight_decay": 0.01},
     "studio": {"optim": "sgd", "learning_rate": 0.05, "weight_decay": 0.01}},
    {"name": "sgd without momentum", "optimizer": "sgd", "momentum": 0.0, "hf": {"learning_rate": 0.05},
     "studio": {"optim": "sgd", "learning_rate": 0.05, "momentum": 0.0}},
    {"name": "cosine warm-up steps", "hf": {"lr_scheduler_type": "cosine", "warmup_steps": 5},
     "studio": {"lr_scheduler_type": "cosine", "warmup_steps": 5}},
    {"name": "linear warm-up share", "hf": {"warmup_steps": 0.13}, "studio": {"warmup_ratio": 0.13}},
    {"name": "constant", "hf": {"lr_scheduler_type": "constant"}, "studio": {"lr_scheduler_type": "constant"}},
    {"name": "constant with warm-up", "hf": {"lr_scheduler_type": "constant_with_warmup", "warmup_steps": 4},
     "studio": {"lr_scheduler_type": "constant_with_warmup", "warmup_steps": 4}},
    {"name": "accumulation with short tail", "batch": 16,
     "studio": {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 4}},
    {"name": "accumulation with class weights", "batch": 16, "weights": [0.5, 2.0, 1.25],
     "studio": {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 4,
                "class_weights": "0.5,2.0,1.25"}},
    {"name": "clipping", "hf": {"max_grad_norm": 0.05}, "studio": {"max_grad_norm": 0.05}},
    {"name": "no clipping", "hf": {"max_grad_norm": 0.0}, "studio": {"max_grad_norm": 0.0}},
    {"name": "label smoothing", "hf": {"label_smoothing_factor": 0.2}, "studio": {"label_smoothing_factor": 0.2}},
    {"name": "class weights and smoothing", "weights": [0.5, 2.0, 1.25], "smoothing": 0.1,
     "studio": {"class_weights": "class0=0.5,class1=2.0,class2=1.25", "label_smoothing_factor": 0.1}},
    {"name": "balanced class weights", "weights": "balanced", "studio": {"class_weights": "balanced"}},
    {"name": "frozen embeddings", "freeze": ["bert.embeddings"], "studio": {"freeze_layers": "embeddings"}},
    {"name": "first layer frozen", "freeze": ["bert.embeddings", "bert.encoder.layer.0."],
     "studio": {"freeze_layers": "1"}},
    {"name": "frozen encoder", "freeze": ["bert."], "studio": {"freeze_layers": "encoder"}},
    {"name": "classifier learning rate", "head_rate": 0.01, "studio": {"classifier_learning_rate": 0.01}},
    {"name": "regression", "problem": "regression", "labels": 1, "studio": {"problem_type": "regression"}},
    {"name": "multi-label", "problem": "multi_label_classification", "labels": 4,
     "studio": {"problem_type": "multi_label_classification"}},
    {"name": "multi-label accumulated", "problem": "multi_label_classification", "labels": 4, "batch": 16,
     "studio": {"problem_type": "multi_label_classification", "per_device_train_batch_size": 4,
                "gradient_accumulation_steps": 4}},
    {"name": "two classes", "labels": 2, "studio": {}},
]


def run(case, data):
    problem, labels = case.get("problem", "single_label_classification"), case.get("labels", 3)
    torch.manual_seed(0)
    model = BertForSequenceClassification(tiny_config(labels, problem))
    fill(model)
    for name, parameter in model.named_parameters():
        if any(name.startswith(prefix) for prefix in case.get("freeze", [])):
            parameter.requires_grad_(False)
    if case.get("weights") == "balanced":
        counts = [sum(label == c for _, label in data) for c in range(labels)]
        case["weights"] = [len(data) / (labels * count) for count in counts]
    settings = {"learning_rate": 1e-3, "per_device_train_batch_size": case.get("batch", 8), "max_steps": STEPS,
                "logging_steps": 1, "save_strategy": "no", "report_to": [], "use_cpu": True, "disable_tqdm": True,
                **case.get("hf", {})}
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder()
        trainer = ReferenceTrainer(model=model, args=TrainingArguments(output_dir=folder, **settings),
                                   train_dataset=data, data_collator=collate(problem), callbacks=[recorder],
                                   case=case)
        trainer.train()
    weights = {name: [round(v, 8) for v in tensor.flatten()[:6].tolist()]
               for name, tensor in model.named_parameters()
               if name in ("classifier.weight", "bert.encoder.layer.0.output.LayerNorm.weight",
                           "bert.encoder.layer.1.attention.self.query.weight",
                           "bert.embeddings.position_embeddings.weight")}
    return {"name": case["name"], "problem_type": problem, "labels": labels, "arguments": case["studio"],
            "losses": trainer.losses, "learning_rates": recorder.rates, "grad_norms": recorder.norms,
            "weights": weights}


def main():
    torch.set_num_threads(1)
    data, cases = {}, []
    for case in CASES:
        key = f'{case.get("problem", "single_label_classification")} {case.get("labels", 3)}'
        data[key] = rows(*key.split(" ")[:1], int(key.split(" ")[1]))
        cases.append({**run(case, data[key]), "rows": key})
    with open(sys.argv[1], "w") as out:
        json.dump({"rows": data, "cases": cases}, out)
        out.write("\n")


main()
