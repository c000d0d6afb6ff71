# SPDX-License-Identifier: MIT
"""Reference side: tokenised sentences a second and one typed sentence at a time. Prints one JSON line."""
import argparse
import json
import os
import statistics
import time

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--train-file", required=True, help="lines 'label text'")
parser.add_argument("--what", choices=["tokenize", "typed", "cold"], required=True)
parser.add_argument("--threads", type=int, default=os.cpu_count())
args = parser.parse_args()
os.environ["RAYON_NUM_THREADS"] = str(args.threads)
os.environ["TOKENIZERS_PARALLELISM"] = "true"
texts = [line.rstrip("\n").split(" ", 1)[1] for line in open(args.train_file, encoding="utf-8") if line.strip()]

if args.what == "tokenize":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(os.path.join(args.model, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rates = []
    for _ in range(7):
        start = time.perf_counter()
        tokenizer.encode_batch(texts)
        rates.append(len(texts) / (time.perf_counter() - start))
    print(json.dumps({"sentences_per_second": statistics.median(rates[1:])}))
else:
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
