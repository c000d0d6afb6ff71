#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The table of tokenising beside the tokenizers library, for each kind, in one run: lines a second with the same threads on the same
lines, and the memory of a vocabulary of 128,000 entries.

    python tokenize_table.py TOKENIZE_BENCHMARK TEXT_FILE… [--threads 1 2] [--rounds 3] [--vocabulary 30000]

Vocabularies are trained on the text files; the two sides take turns. Wants a quiet machine; one thread is measured by its processor time.
"""
import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

HERE = Path(__file__).parent
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def trained(kind, lines, size):
    """A tokeniser as BERT, GPT-2 or XLM-R have."""
    options = {"vocab_size": size, "show_progress": False}
    if kind == "wordpiece":
        tokenizer, trainer = Tokenizer(models.WordPiece(unk_token="[UNK]")), trainers.WordPieceTrainer(special_tokens=SPECIAL, **options)
        tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    elif kind == "bpe":
        tokenizer = Tokenizer(models.BPE())
        trainer = trainers.BpeTrainer(special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), **options)
        tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    else:
        tokenizer, trainer = Tokenizer(models.Unigram()), trainers.UnigramTrainer(special_tokens=["<s>", "</s>", "<unk>"], unk_token="<unk>", **options)
        tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.NFKC(), pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def rates(command):
    """{"ids": lines a second, "offsets": …} and the number of tokens, which must be the same on both sides."""
    out = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^(ids|offsets)\t(\d+) lines/s\t\d+ tokens/s\t(\d+) tokens$", out, re.MULTILINE)
    return {name: int(rate) for name, rate, _ in found}, [int(tokens) for _, _, tokens in found], out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="tokenize_benchmark of a release build")
    parser.add_argument("texts", nargs="+", help="files of lines")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vocabulary", type=int, default=30_000)
    arguments = parser.parse_args()
    lines = [line for path in arguments.texts for line in Path(path).read_text(encoding="utf-8", errors="replace").split("\n") if line]
    print("| kind | what | threads | lines/s | tokenizers | times (least–most) |\n|---|---|---|---|---|---|")
    memory = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = folder / "lines.txt"
        text.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")
        for kind in ["wordpiece", "bpe", "unigram"]:
            file = folder / f"{kind}.json"
            trained(kind, lines, arguments.vocabulary).save(str(file))
            for threads in arguments.threads:
                ours, theirs = [], []
                for _ in range(arguments.rounds):
                    mine, tokens, _ = rates([arguments.program, file, text, threads])
                    reference, expected, _ = rates([sys.executable, HERE / "tokenize_reference.py", file, text, threads])
                    if tokens != expected:
                        sys.exit(f"{kind}: {tokens} tokens, but {expected} in the reference")
                    ours.append(mine)
                    theirs.append(reference)
                for what in ["ids", "offsets"]:
                    times = [mine[what] / reference[what] for mine, reference in zip(ours, theirs)]
                    middle = [statistics.median(run[what] for run in runs) for runs in (ours, theirs)]
                    print(f"| {kind} | {what} | {threads} | {middle[0]:,.0f} | {middle[1]:,.0f} | "
                          f"{statistics.median(times):.1f} ({min(times):.1f}–{max(times):.1f}) |", flush=True)
            large = folder / f"large_{kind}.json"
            subprocess.run([sys.executable, HERE / "large_vocabulary.py", kind, large], check=True)
            size = len(json.loads(large.read_text(encoding="utf-8"))["model"]["vocab"])
            before, after, peak = re.search(r"memory (\d+) -> (\d+) MiB, (\d+) at the peak", rates([arguments.program, large, text])[2]).groups()
            memory.append(f"| {kind} | {size:,} | {int(after) - int(before)} MiB | {peak} MiB |")
    print("\n| kind | entries | memory | whole process at its peak |\n|---|---|---|---|", *memory, sep="\n")


if __name__ == "__main__":
    main()
