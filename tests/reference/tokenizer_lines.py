# SPDX-License-Identifier: MIT
"""The line of text that stands for one encoding in a digest; tests/core/text/encoding_line.h writes the same."""
import hashlib


def encoding_line(tokenizer, encoding):
    spans = ",".join(f"{start}-{end}" for start, end in encoding.offsets)
    sequences = ",".join("-1" if s is None else str(s) for s in encoding.sequence_ids)
    return "|".join([
        ",".join(map(str, encoding.ids)), ",".join(map(str, encoding.type_ids)), spans,
        ",".join(map(str, encoding.special_tokens_mask)), sequences, "\x1f".join(encoding.tokens),
        tokenizer.decode(encoding.ids, skip_special_tokens=False), tokenizer.decode(encoding.ids, skip_special_tokens=True)])


def short_line(encoding):
    return ",".join(map(str, encoding.ids)) + "|" + ",".join(f"{start}-{end}" for start, end in encoding.offsets)


def digest(lines):
    return hashlib.sha256("".join(line + "\n" for line in lines).encode("utf-8")).hexdigest()[:16]
