# SPDX-License-Identifier: MIT
"""Random blocks of a tokenizer.json, for random_tokenizers.py. Some lack keys that old files lack."""
from make_component_goldens import (CHARSMAP, DEEPSEEK, GPT2, LLAMA3, O200K, byte_level, component, metaspace, normalizer_sequence, pre_sequence, replace, roberta,
                                    sequence, special, split)

BEHAVIOURS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
STRINGS = [" ", "", "e", "\u2581", "...", "th", "\n", "\u0301", "\u00e9", "``", "''", ".", "\u4e2d", "ss", "\u200d"]
REGEXES = [r"\s+", " {2,}", r"\p{P}", r"[\p{P}\p{S}]+", r"^\s+", r"\s+$", "^", "$", r"\d", r"\p{N}{1,3}", r"(?i:the|and)", r"(?<=\p{L})(?=\p{Lu})", r"(\w)\1", r"[^\w\s]",
           r"\b", r"\B", r"\p{Han}", r"[\u4e00-\u9fff]+", r"\p{M}+", r"[[:punct:]]+", r"[[:alpha:]]+", r"[[:space:]]", r"[^[:alnum:]]+", r"\X", r"\R", r".", r"(?m:^.)", r"\p{Cyrillic}+",
           r"\p{Lu}\p{Ll}*", r"[a-z&&[^aeiou]]+", r"\h", r"[^\p{L}\p{N}]+", r"\p{Alpha}+", r"(?s:.)", r"\P{L}+", r"\W+", r"\S+|\s", r"x*", r"\p{Cc}|\p{Cf}", r"\x{1F600}", r"\p{Emoji}",
           "'s|'t|'re", r"(?i)[a-c\u00e9]", r"\p{Lo}\p{Mn}?", r"(?=[A-Z])"]
WORD_REGEXES = [GPT2, LLAMA3, LLAMA3.replace("{1,3}", ""), O200K, DEEPSEEK, r"\w+|[^\w\s]+", r" ?[^(\s|[.,!?…。，、।۔،])]+",
                r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
                r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"]
CONTENTS = ["<s>", "</s>", "<mask>", "<s>a", "<pad>", "[MASK]", "New York", "new york", "York", "Caf\u00e9", "cafe\u0301", "\u00c9", "ab", "abc", "a", "##", " lead", "trail ", "a b", "\u4e2d", "\u4e2d\u6587", "ing",
            "\u2581the", "  ", "\n\n", " ", "\ufb01", "\u1ea5", "the", "The", "<|im_start|>", "\u0120", "\u00a0", "\U0001f44d", "x\u0301", "\u0130", "1", "12", ".", "...", "e", "\u212b", "\u200b"]

_charsmaps = [CHARSMAP]


def add_charsmaps(maps):
    """More tables for Precompiled, as base64."""
    _charsmaps.extend(maps)


def flags(rng, count):
    return [rng.random() < 0.5 for _ in range(count)]


def pattern(rng, words=False):
    if rng.random() < 0.35:
        return {"String": rng.choice(STRINGS)}
    return {"Regex": rng.choice(WORD_REGEXES if words and rng.random() < 0.6 else REGEXES)}


def without(rng, block, *keys):
    """As files of old versions: sometimes without one of `keys`, sometimes with keys that nobody knows."""
    if rng.random() < 0.1:
        block.pop(rng.choice(keys), None)
    if rng.random() < 0.03:
        block["comment"] = 1
    return block


def normalizer(rng, depth=0):
    kind = rng.choice(["none", "Bert", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents", "Replace", "Replace", "Prepend", "Precompiled", "Nmt", "ByteLevel"]
                      + ["Sequence"] * (6 if depth == 0 else 1 if depth == 1 else 0))
    if kind == "none":
        return None if depth == 0 else {"type": "NFC"}
    if kind == "Bert":
        clean, chinese, lower = flags(rng, 3)
        return without(rng, {"type": "BertNormalizer", "clean_text": clean, "handle_chinese_chars": chinese, "strip_accents": rng.choice([None, True, False]), "lowercase": lower}, "strip_accents")
    if kind == "Strip":
        left, right = flags(rng, 2)
        return {"type": "Strip", "strip_left": left, "strip_right": right}
    if kind == "Replace":
        content = rng.choice(["", " ", "\u2581", "x", "e\u0301", "(.)", "$1", r"\1", "ab", "\u00e9\u00e9", "\t"])
        return {"type": "Replace", "pattern": pattern(rng), "content": content}
    if kind == "Prepend":
        return {"type": "Prepend", "prepend": rng.choice(["\u2581", "", "x\u00e9 ", " ", "##", "\n"])}
    if kind == "Precompiled":
        return {"type": "Precompiled", "precompiled_charsmap": rng.choice(_charsmaps)}
    if kind == "Sequence":
        return normalizer_sequence(*[normalizer(rng, depth + 1) for _ in range(rng.randint(0, 4))])
    return {"type": kind}


def pre_tokenizer(rng, depth=0):
    kind = rng.choice(["none", "BertPreTokenizer", "Whitespace", "WhitespaceSplit", "Punctuation", "Digits", "Metaspace", "Metaspace", "ByteLevel", "ByteLevel", "Split", "Split", "Split",
                       "UnicodeScripts", "CharDelimiterSplit", "FixedLength"] + ["Sequence"] * (5 if depth == 0 else 1 if depth == 1 else 0))
    if kind == "none":
        return None if depth == 0 else {"type": "Whitespace"}
    if kind == "Punctuation":
        return without(rng, {"type": kind, "behavior": rng.choice(BEHAVIOURS)}, "behavior")
    if kind == "Digits":
        return {"type": kind, "individual_digits": rng.random() < 0.5}
    if kind == "Metaspace":
        block = metaspace(rng.choice(["always", "first", "never"]), rng.random() < 0.7, rng.choice(["\u2581"] * 4 + ["_", " ", "e"]))
        if rng.random() < 0.15:
            block = {"type": kind, "replacement": "\u2581", "add_prefix_space": rng.random() < 0.5, **({"str_rep": "\u2581"} if rng.random() < 0.5 else {})}
        return without(rng, block, "split", "prepend_scheme", "add_prefix_space")
    if kind == "ByteLevel":
        return without(rng, byte_level(*flags(rng, 3)), "use_regex")
    if kind == "Split":
        return split(pattern(rng, True), rng.choice(BEHAVIOURS), rng.random() < 0.35)
    if kind == "CharDelimiterSplit":
        return {"type": kind, "delimiter": rng.choice([" ", "e", "\u4e2d", "\n", "\u0301", "\U0001f44d"])}
    if kind == "FixedLength":
        return without(rng, {"type": kind, "length": rng.choice([1, 2, 3, 5, 20])}, "length")
    if kind == "Sequence":
        return pre_sequence(*[pre_tokenizer(rng, depth + 1) for _ in range(rng.randint(0, 3))])
    return {"type": kind}


def post_processor(rng, ids, depth=0):
    some = lambda: (lambda token: [token, ids[token]])(rng.choice(["<s>", "</s>", "<mask>"]))
    kind = rng.choice(["none", "BertProcessing", "RobertaProcessing", "ByteLevel", "TemplateProcessing", "TemplateProcessing", "Sequence", "Sequence"][:8 if depth == 0 else 4])
    if kind == "none":
        return None if depth == 0 else byte_level(True)
    if kind == "BertProcessing":
        return {"type": kind, "sep": some(), "cls": some()}
    if kind == "RobertaProcessing":
        return {**roberta(*flags(rng, 2)), "sep": some(), "cls": some()}
    if kind == "ByteLevel":
        return without(rng, byte_level(*flags(rng, 3)), "use_regex")
    if kind == "Sequence":
        parts = [post_processor(rng, ids, 1) for _ in range(rng.randint(0, 3))]
        if rng.random() < 0.6:  # one at most: the library panics at what another leaves
            parts.insert(rng.randint(0, len(parts)), template(rng, ids))
        return {"type": kind, "processors": parts}
    return template(rng, ids)


def template(rng, ids):
    names = {"<s>": ["<s>"], "</s>": ["</s>"], "both": ["<s>", "<mask>"]}

    def parts(*texts):
        out = []
        for text in texts:
            out += [special(rng.choice(list(names)), rng.choice([0, 0, 1, 2])) for _ in range(rng.choice([0, 0, 1, 1, 2]))] + [sequence(text, rng.choice([0, 0, 1, 3]))]
        return out + [special(rng.choice(list(names)), rng.choice([0, 1])) for _ in range(rng.choice([0, 1, 1]))]

    return {"type": "TemplateProcessing", "single": parts(*("A",) * rng.choice([1, 1, 1, 1, 2])), "pair": parts(*rng.choice([("A", "B")] * 5 + [("B", "A"), ("A", "B", "A")])),
            "special_tokens": {name: {"id": name, "ids": [ids[token] for token in tokens], "tokens": tokens} for name, tokens in names.items()}}


def decoder(rng, depth=0):
    kind = rng.choice(["none", "ByteLevel", "WordPiece", "Metaspace", "BPEDecoder", "CTC", "ByteFallback", "Fuse", "Strip", "Replace"] + ["Sequence"] * (4 if depth == 0 else 0))
    if kind == "none":
        return None if depth == 0 else {"type": "Fuse"}
    if kind == "ByteLevel":
        return byte_level(*flags(rng, 3))
    if kind == "WordPiece":
        return {"type": kind, "prefix": rng.choice(["##", "", "@@"]), "cleanup": rng.random() < 0.6}
    if kind == "Metaspace":
        return metaspace(rng.choice(["always", "first", "never"]), rng.random() < 0.7, rng.choice(["\u2581", "\u2581", "_"]))
    if kind == "BPEDecoder":
        return {"type": kind, "suffix": rng.choice(["</w>", "", "##"])}
    if kind == "CTC":
        return {"type": kind, "pad_token": rng.choice(["<pad>", "a", ""]), "word_delimiter_token": rng.choice(["|", "e", ""]), "cleanup": rng.random() < 0.6}
    if kind == "Strip":
        return {"type": kind, "content": rng.choice([" ", "\u2581", "e"]), "start": rng.randint(0, 2), "stop": rng.randint(0, 2)}
    if kind == "Replace":
        return replace(*next(iter(pattern(rng).items())), rng.choice([" ", "", "$1", "xy"]))
    if kind == "Sequence":
        return {"type": kind, "decoders": [decoder(rng, 1) for _ in range(rng.randint(0, 4))]}
    return {"type": kind}


def added_tokens(rng, ids):
    """Entries in the order of their ids, as the library writes them; sometimes the numbers are others than it would give."""
    known = [token for token in ["<unk>", "<s>", "</s>", "<pad>", "<mask>"] if rng.random() < 0.7]
    others = rng.sample(CONTENTS, rng.choice([0, 0, 1, 3, 6, 10]))
    others += rng.sample(sorted(ids), min(len(ids), rng.choice([0, 0, 0, 1, 3])))
    contents = list(dict.fromkeys(known + others))
    if rng.random() < 0.2:
        rng.shuffle(contents)
    entries, next_id = [], len(ids)
    for content in contents:
        if content not in ids:
            number, next_id = next_id, next_id + 1
        else:
            number = ids[content]
        plain = content in known and rng.random() < 0.7
        single, left, right, normalized, is_special = [False] * 3 + [False, True] if plain else flags(rng, 5)
        if rng.random() < 0.5:
            single = False
        entries.append({"id": number, "content": content, "single_word": single, "lstrip": left, "rstrip": right, "normalized": normalized, "special": is_special})
    return entries


def file_blocks(rng):
    truncation = {"direction": rng.choice(["Left", "Right"]), "max_length": rng.choice([1, 4, 512]), "strategy": rng.choice(["LongestFirst", "OnlyFirst", "OnlySecond"]), "stride": 0}
    padding = {"strategy": rng.choice(["BatchLongest", {"Fixed": 16}]), "direction": rng.choice(["Left", "Right"]), "pad_to_multiple_of": rng.choice([None, 8]), "pad_id": 3, "pad_type_id": 0,
               "pad_token": "<pad>"}
    return {"truncation": without(rng, truncation, "direction") if rng.random() < 0.4 else None, "padding": padding if rng.random() < 0.4 else None}
