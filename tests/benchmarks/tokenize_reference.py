#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tokenizers library's side of tokenize_benchmark: lines and tokens a second, best of five.

    python tokenize_reference.py TOKENIZER_JSON_OR_FOLDER TEXT_FILE [THREADS]
"""
import os
import sys
import time
from pathlib import Path

THREADS = int(sys.argv[3]) if len(sys.argv) > 3 else 1
os.environ["TOKENIZERS_PARALLELISM"] = "true" if THREADS > 1 else "false"
os.environ["RAYON_NUM_THREADS"] = str(THREADS)

from tokenizers import Tokenizer  # noqa: E402

path = Path(sys.argv[1])
tokenizer = Tokenizer.from_file(str(path / "tokenizer.json" if path.is_dir() else path))
tokenizer.no_padding()
tokenizer.no_truncation()
lines = Path(sys.argv[2]).read_text(encoding="utf-8").split("\n")[:-1]
clock = time.process_time if THREADS == 1 else time.perf_counter
for name, encode in (("ids", tokenizer.encode_batch_fast), ("offsets", tokenizer.encode_batch)):
    best = None
    for _ in range(5):
        start = clock()
        tokens = sum(len(encoding.ids) for encoding in encode(lines))
        seconds = clock() - start
        best = seconds if best is None else min(best, seconds)
    print(f"{name}\t{len(lines) / best:.0f} lines/s\t{tokens / best:.0f} tokens/s\t{tokens} tokens")
