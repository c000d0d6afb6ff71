# SPDX-License-Identifier: MIT
"""Reference side: one typed sentence at a time, warm or from a cold start; a file of texts, classified or evaluated; the
machine's matrix multiplies. Prints one JSON line."""
import argparse
import json
import os
import statistics
import time

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--train-file", required=True, help="lines 'label text'")
parser.add_argument("--what", choices=["typed", "cold", "file", "evaluate", "peak"], required=True)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--output", help="file: the answers; evaluate: a folder")
parser.add_argument("--threads", type=int, default=os.cpu_count())
args = parser.parse_args()
rows = [line.rstrip("\n").split(" ", 1) for line in open(args.train_file, encoding="utf-8") if line.strip()]
texts = [text for _, text in rows]

import torch
from transformers import (AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, Trainer,
                          TrainingArguments)

torch.set_num_threads(args.threads)


def peak():
    """Floating-point operations a second of fp32 matrix multiplies in the shapes of a BERT-base layer: the best of some, by
    either library that torch has for them."""
    best = 0.0
    for inner, outer in ((768, 768), (768, 3072), (3072, 768)):
        a, b = torch.rand(1024, inner), torch.rand(outer, inner)
        packed = a.to_mkldnn(), b.to_mkldnn()
        for multiply in (lambda: a @ b.T, lambda: torch._C._nn.mkldnn_linear(*packed)):
            for _ in range(20):
                start = time.perf_counter()
                multiply()
                best = max(best, 2 * 1024 * inner * outer / (time.perf_counter() - start))
    return {"flops": best}


def one_by_one(model, tokenizer):
    times = []
    for text in texts[:200] if args.what == "typed" else texts[:1]:
        start = time.perf_counter()
        model(**tokenizer(text, return_tensors="pt")).logits.softmax(-1).tolist()
        times.append(time.perf_counter() - start)
    return {"milliseconds": 1000 * statistics.median(times)}


def whole_file(model, tokenizer):
    start = time.perf_counter()
    with open(args.output, "w", encoding="utf-8") as file:
        for first in range(0, len(texts), args.batch):
            batch = texts[first:first + args.batch]
            scores = model(**tokenizer(batch, return_tensors="pt", padding=True, truncation=True)).logits.softmax(-1)
            for text, row in zip(batch, scores.tolist()):
                file.write(json.dumps({"text": text, "scores": row}) + "\n")
    return {"samples_per_second": len(texts) / (time.perf_counter() - start)}


def evaluation(model, tokenizer):
    trainer = Trainer(
        model=model, data_collator=DataCollatorWithPadding(tokenizer),
        args=TrainingArguments(output_dir=args.output, per_device_eval_batch_size=args.batch, report_to=[], use_cpu=True,
                               disable_tqdm=True, dataloader_pin_memory=False),
        compute_metrics=lambda answer: {"accuracy": float((answer.predictions.argmax(-1) == answer.label_ids).mean())})
    start = time.perf_counter()
    trainer.evaluate([dict(tokenizer(text, truncation=True), labels=int(label)) for label, text in rows])
    return {"samples_per_second": len(texts) / (time.perf_counter() - start)}


if args.what == "peak":
    answer = peak()
else:
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForSequenceClassification.from_pretrained(args.model, num_labels=2).eval()
    with torch.inference_mode():
        answer = {"file": whole_file, "evaluate": evaluation}.get(args.what, one_by_one)(model, tokenizer)
print(json.dumps(answer))
