# SPDX-License-Identifier: MIT
"""A classifier of BERT-base's shape with random weights and the tokeniser of --model, and rows whose texts fill --length
tokens: what a comparison at uniform length trains."""
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--train-file", required=True, help="lines 'label text'")
parser.add_argument("--length", type=int, default=128)
parser.add_argument("--rows", type=int, default=256)
parser.add_argument("--output", required=True)
parser.add_argument("--output-rows", required=True)
args = parser.parse_args()

import torch
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

tokenizer = AutoTokenizer.from_pretrained(args.model)
torch.manual_seed(1)
BertForSequenceClassification(BertConfig(vocab_size=len(tokenizer), num_labels=2)).save_pretrained(args.output)
tokenizer.save_pretrained(args.output)
sentences = [line.rstrip("\n").split(" ", 1) for line in open(args.train_file, encoding="utf-8") if line.strip()]
with open(args.output_rows, "w", encoding="utf-8") as file:
    for row in range(args.rows):
        label, text = sentences[row]
        for _, more in sentences[row + 1:] + sentences:
            if len(tokenizer(text).input_ids) > args.length:
                break
            text += " " + more
        file.write(f"{label} {text}\n")
