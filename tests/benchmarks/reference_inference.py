# SPDX-License-Identifier: MIT
"""Reference side: one typed sentence at a time, warm or from a cold start. Prints one JSON line."""
import argparse
import json
import os
import statistics
import time

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--train-file", required=True, help="lines 'label text'")
parser.add_argument("--what", choices=["typed", "cold"], required=True)
parser.add_argument("--threads", type=int, default=os.cpu_count())
args = parser.parse_args()
texts = [line.rstrip("\n").split(" ", 1)[1] for line in open(args.train_file, encoding="utf-8") if line.strip()]

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

torch.set_num_threads(args.threads)
tokenizer = AutoTokenizer.from_pretrained(args.model)
model = AutoModelForSequenceClassification.from_pretrained(args.model, num_labels=2).eval()
times = []
with torch.inference_mode():
    for text in texts[:200] if args.what == "typed" else texts[:1]:
        start = time.perf_counter()
        model(**tokenizer(text, return_tensors="pt")).logits.softmax(-1).tolist()
        times.append(time.perf_counter() - start)
print(json.dumps({"milliseconds": 1000 * statistics.median(times)}))
