# SPDX-License-Identifier: MIT
"""Every family beside transformers, in one run on one machine: does a small model of random weights learn, how fast are its
steps, and how near is the estimate of the memory that training needs.

    python tests/benchmarks/families.py --program build/release/bin/finetune-studio --rows ../shared/data/ag_news/test.csv

needs an interpreter with tests/reference/requirements.txt installed. Rows are CSV without header: class (1 to 4), title,
text. Both sides train the same folder on the same rows in turn; steps are timed without evaluation, logging and saving.
The memory is that of one more training, on texts that fill 128 tokens, 32 a batch, as `inspect` estimates it.
"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--program", required=True)
parser.add_argument("--rows", required=True)
parser.add_argument("--count", type=int, default=400)
parser.add_argument("--steps", type=int, default=200)
parser.add_argument("--warmup", type=int, default=5)
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--learning-rate", default="1e-3")
parser.add_argument("--repeats", type=int, default=1, help="of the timing")
parser.add_argument("--only", default="", help="families, separated by commas")
parser.add_argument("--no-memory", action="store_true")
parser.add_argument("--no-reference", action="store_true", help="no timing beside transformers")
args = parser.parse_args()

import torch
from tokenizers import BertWordPieceTokenizer
from transformers import (AutoConfig, AutoModelForSequenceClassification, DataCollatorWithPadding, PreTrainedTokenizerFast,
                          PrinterCallback, Trainer, TrainingArguments)

from reference_clock import StepClock

SPECIAL = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
IDS = dict(vocab_size=6000, pad_token_id=0, num_labels=4)
BERT = dict(IDS, hidden_size=192, num_hidden_layers=3, num_attention_heads=4, intermediate_size=512, max_position_embeddings=256)
T5 = dict(IDS, d_model=192, num_layers=3, num_heads=4, d_kv=48, d_ff=512, eos_token_id=3, decoder_start_token_id=0)
BART = dict(IDS, d_model=192, encoder_layers=3, decoder_layers=3, encoder_attention_heads=4, decoder_attention_heads=4,
            encoder_ffn_dim=512, decoder_ffn_dim=512, max_position_embeddings=256, bos_token_id=2, eos_token_id=3,
            decoder_start_token_id=3, forced_eos_token_id=3)
LLAMA = dict(BERT, num_key_value_heads=2, bos_token_id=2, eos_token_id=3)
FAMILIES = {
    "bert": dict(BERT), "roberta": dict(BERT, type_vocab_size=1), "xlm-roberta": dict(BERT, type_vocab_size=1),
    "distilbert": dict(IDS, dim=192, n_layers=3, n_heads=4, hidden_dim=512, max_position_embeddings=256),
    "electra": dict(BERT, embedding_size=128), "albert": dict(BERT, embedding_size=64),
    "deberta-v2": dict(BERT, relative_attention=True, pos_att_type=["p2c", "c2p"], position_biased_input=False, share_att_key=True,
                       position_buckets=64, norm_rel_ebd="layer_norm", type_vocab_size=0),
    "modernbert": dict(BERT, cls_token_id=2, sep_token_id=3, bos_token_id=2, eos_token_id=3, local_attention=32),
    "gpt2": dict(IDS, n_embd=192, n_layer=3, n_head=4, n_positions=256, bos_token_id=2, eos_token_id=3),
    "llama": dict(LLAMA), "mistral": dict(LLAMA, sliding_window=64), "qwen2": dict(LLAMA), "qwen3": dict(LLAMA, head_dim=48),
    "gemma": dict(LLAMA, head_dim=48), "gemma3_text": dict(LLAMA, head_dim=48, sliding_window=64, sliding_window_pattern=3),
    "phi3": dict(LLAMA), "gemma2": dict(LLAMA, head_dim=48, sliding_window=64),
    "t5": dict(T5), "bart": dict(BART), "mbart": dict(BART),
}
scratch = Path(tempfile.mkdtemp())


def prepare():
    """Rows and a tokeniser of their words."""
    with open(args.rows, encoding="utf-8", newline="") as file:
        table = [(row[0], f"{row[1]} {row[2]}") for row, _ in zip(csv.reader(file), range(args.count))]
    write_rows("rows.jsonl", table)
    write_rows("long.jsonl", [(label, " ".join(text for _, text in (table[i:] + table)[:6])) for i, (label, _) in enumerate(table)])
    trained = BertWordPieceTokenizer()
    trained.train_from_iterator([text for _, text in table], vocab_size=IDS["vocab_size"], special_tokens=list(SPECIAL.values()),
                                show_progress=False)
    trained = BertWordPieceTokenizer(vocab={**trained.get_vocab()})
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=trained._tokenizer, model_max_length=200, **SPECIAL)
    return table, tokenizer


def write_rows(name, table):
    with open(scratch / name, "w", encoding="utf-8") as file:
        for label, text in table:
            file.write(json.dumps({"text": text, "label": label}) + "\n")


def our_training(folder, rows, *flags):
    """Step events, and the process's peak in bytes."""
    command = [args.program, "train", "--model_name_or_path", folder, "--train_file", scratch / rows, "--output_dir",
               scratch / "out", "--overwrite_output_dir", "--learning_rate", args.learning_rate, "--warmup_ratio", "0.1", "--eval_strategy", "no",
               "--save_strategy", "no", "--json", *map(str, flags)]
    report = scratch / "memory.txt" # of a small process between: a child's peak counts from its parent's size
    process = subprocess.run(["/usr/bin/time", "-f", "%M", "-o", report, *map(str, command)], capture_output=True, text=True)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{process.stderr[-2000:]}")
    return [event for event in map(json.loads, process.stdout.splitlines()) if event["event"] == "step"], int(report.read_text().split()[-1]) * 1024


def our_speed(folder):
    steps, _ = our_training(folder, "rows.jsonl", "--max_steps", args.steps, "--per_device_train_batch_size", args.batch)
    seconds = steps[-1]["time"] - steps[args.warmup - 1]["time"]
    losses = [step["loss"] for step in steps]
    return (len(steps) - args.warmup) * args.batch / seconds, statistics.mean(losses[:3]), statistics.mean(losses[-8:])


def reference_speed(folder, table, tokenizer):
    torch.set_num_threads(os.cpu_count())
    features = [dict(tokenizer(text, truncation=True), labels=int(label) - 1) for label, text in table]
    steps = min(args.steps, args.warmup + 20)
    clock = StepClock(args.warmup)
    trainer = Trainer(model=AutoModelForSequenceClassification.from_pretrained(folder), train_dataset=features,
            data_collator=DataCollatorWithPadding(tokenizer), callbacks=[clock],
            args=TrainingArguments(output_dir=str(scratch / "reference"), per_device_train_batch_size=args.batch, max_steps=steps,
                                   learning_rate=float(args.learning_rate), eval_strategy="no", save_strategy="no",
                                   logging_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
                                   dataloader_pin_memory=False))
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return (steps - args.warmup) * args.batch / clock.seconds()


def memory(folder):
    """(estimate, measured) in MB."""
    out = subprocess.run([args.program, "inspect", "--model_name_or_path", folder, "--json"], check=True, capture_output=True, text=True)
    question = json.loads(out.stdout)["model"]["training_memory"]
    _, peak = our_training(folder, "long.jsonl", "--max_steps", 6, "--per_device_train_batch_size", question["batch_size"],
                           "--max_seq_length", question["sequence_length"])
    return question["bytes"] / 1e6, peak / 1e6


table, tokenizer = prepare()
wanted = args.only.split(",") if args.only else FAMILIES
print("| family | loss at first | after %d steps | samples/s | transformers | ratio | memory estimated | measured |" % args.steps)
print("|---|---|---|---|---|---|---|---|", flush=True)
learned = True
for family in wanted:
    folder = scratch / family
    torch.manual_seed(1)
    AutoModelForSequenceClassification.from_config(AutoConfig.for_model(family, **FAMILIES[family])).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    runs = [(our_speed(folder), None if args.no_reference else reference_speed(folder, table, tokenizer))
            for _ in range(args.repeats)]
    ours, first, last = runs[0][0]
    learned = learned and last < 0.8 * first
    if args.no_reference:
        speed = f"{ours:.0f} | – | –"
    else:
        ratios = [mine[0] / theirs for mine, theirs in runs]
        speed = (f"{statistics.median(mine[0] for mine, _ in runs):.0f} | {statistics.median(theirs for _, theirs in runs):.0f} | "
                 f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})")
    sizes = "– | –" if args.no_memory else "{:.0f} MB | {:.0f} MB".format(*memory(folder))
    print(f"| {family} | {first:.3f} | {last:.3f} | {speed} | {sizes} |", flush=True)
sys.exit(not learned)
