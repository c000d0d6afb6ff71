#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Losses of transformers' Trainer on real "label text" rows, for compare_losses.py.

Two questions: the first losses without dropout (file order, the head's weights shared), and the mean loss at one step
over several seeds with dropout.

  sst2_parity.py head   MODEL_DIR OUT_DIR [LABEL…]      a copy of the checkpoint with a seeded classification head
  sst2_parity.py losses MODEL_DIR TRAIN_FILE STEPS [--dropout P] [--seed N …] [--batch N] [--threads N] > losses.jsonl
"""
import argparse
import json
import sys
import tempfile

import torch
from torch.utils.data import SequentialSampler
from transformers import (AutoConfig, AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding,
                          PrinterCallback, Trainer, TrainingArguments)


def make_head(model_dir, out_dir, labels):
    torch.manual_seed(7)
    names = dict(enumerate(labels))
    model = AutoModelForSequenceClassification.from_pretrained(
        model_dir, num_labels=len(labels), id2label=names, label2id={v: k for k, v in names.items()})
    model.save_pretrained(out_dir)
    AutoTokenizer.from_pretrained(model_dir).save_pretrained(out_dir)


class OrderedTrainer(Trainer):
    losses, in_order = None, False

    def _get_train_sampler(self, *args):
        return SequentialSampler(self.train_dataset) if self.in_order else super()._get_train_sampler(*args)

    def compute_loss(self, *args, **kwargs):
        loss = super().compute_loss(*args, **kwargs)
        self.losses.append(loss[0].item() if isinstance(loss, tuple) else loss.item())
        return loss


def losses_of(args, seed):
    config = AutoConfig.from_pretrained(args.model)
    if args.dropout is not None:
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = args.dropout
    model = AutoModelForSequenceClassification.from_pretrained(args.model, config=config)
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    rows = []
    with open(args.file, encoding="utf-8") as lines:
        for line in lines:
            label, text = line.rstrip("\n").split(" ", 1)
            rows.append({**tokenizer(text, truncation=True), "labels": model.config.label2id[label]})
    with tempfile.TemporaryDirectory() as folder:
        trainer = OrderedTrainer(
            model=model, train_dataset=rows, data_collator=DataCollatorWithPadding(tokenizer),
            args=TrainingArguments(output_dir=folder, learning_rate=1e-4, per_device_train_batch_size=args.batch,
                                   max_steps=args.steps, logging_steps=10**9, save_strategy="no", report_to=[],
                                   use_cpu=True, disable_tqdm=True, seed=seed))
        trainer.remove_callback(PrinterCallback)
        trainer.losses, trainer.in_order = [], args.dropout == 0
        trainer.train()
    return trainer.losses


def main():
    if sys.argv[1] == "head":
        return make_head(sys.argv[2], sys.argv[3], sys.argv[4:] or ["0", "1"])
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    parser.add_argument("model")
    parser.add_argument("file")
    parser.add_argument("steps", type=int)
    parser.add_argument("--dropout", type=float)
    parser.add_argument("--seed", type=int, nargs="+", default=[42])
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    for seed in args.seed:
        print(json.dumps({"seed": seed, "batch": args.batch, "losses": losses_of(args, seed)}), flush=True)


main()
