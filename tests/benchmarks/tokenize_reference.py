#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tokenizers library's side of tokenize_benchmark: one thread, by its processor time.

    python tokenize_reference.py TOKENIZER_FOLDER TEXT_FILE
"""
import os
import sys
import time
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"

from tokenizers import Tokenizer  # noqa: E402

tokenizer = Tokenizer.from_file(str(Path(sys.argv[1]) / "tokenizer.json"))
tokenizer.no_padding()
tokenizer.no_truncation()
lines = Path(sys.argv[2]).read_text(encoding="utf-8").split("\n")[:-1]
for name, encode in (("ids", tokenizer.encode_batch_fast), ("offsets", tokenizer.encode_batch)):
    for _ in range(5):
        start = time.process_time()
        tokens = sum(len(encoding.ids) for encoding in encode(lines))
        seconds = time.process_time() - start
        print(f"{name}\t{len(lines) / seconds:.0f} lines/s\t{tokens / seconds:.0f} tokens/s")
