# SPDX-License-Identifier: MIT
"""Reference side of the comparison: transformers' Trainer on the same model, rows and batch. Prints one JSON line."""
import argparse
import json
import os

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--train-file", required=True, help="lines 'label text'")
parser.add_argument("--steps", type=int, default=60)
parser.add_argument("--warmup", type=int, default=5)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--learning-rate", type=float, default=1e-4)
parser.add_argument("--sampling", choices=["random", "group_by_length"], default="random")
parser.add_argument("--max-length", type=int, default=512)
parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="cuda: in bf16")
parser.add_argument("--output", required=True)
args = parser.parse_args()

import torch
from transformers import (AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer,
                          TrainingArguments)

from reference_clock import StepClock

torch.set_num_threads(os.cpu_count())
rows = [line.rstrip("\n").split(" ", 1) for line in open(args.train_file, encoding="utf-8") if line.strip()]
tokenizer = AutoTokenizer.from_pretrained(args.model)
model = AutoModelForSequenceClassification.from_pretrained(args.model, num_labels=2)
features = [dict(tokenizer(text, truncation=True, max_length=args.max_length), labels=int(label)) for label, text in rows]


clock = StepClock(args.warmup)
trainer = Trainer(
    model=model,
    args=TrainingArguments(output_dir=args.output, per_device_train_batch_size=args.batch,
                           learning_rate=args.learning_rate, max_steps=args.steps, eval_strategy="no",
                           save_strategy="no", logging_strategy="no", report_to=[], use_cpu=args.device == "cpu",
                           bf16=args.device == "cuda", disable_tqdm=True, train_sampling_strategy=args.sampling,
                           dataloader_pin_memory=args.device == "cuda"),
    train_dataset=features, data_collator=DataCollatorWithPadding(tokenizer), callbacks=[clock])
trainer.train()
seconds = clock.seconds()
print(json.dumps({"samples_per_second": (args.steps - args.warmup) * args.batch / seconds, "seconds": seconds}))
