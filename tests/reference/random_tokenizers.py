#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the program with the `tokenizers` library on random tokenizer.json files and random texts: ids, tokens, places,
type ids, pairs, windows, decodes. Each difference is made small and written to the folder of --keep.

    python random_tokenizers.py --program finetune-studio|encode_lines [--count N] [--seed S] [--data DIR] [--keep DIR]

`encode_lines` (ninja encode_lines) is quicker than `finetune-studio tokenize` and also answers what that does not say:
masks, windows, the ids of the quick way that training takes.
"""
import argparse
import base64
import collections
import glob
import io
import json
import os
import random
import subprocess
import sys
import tempfile

os.environ.update(RUST_BACKTRACE="0", TOKENIZERS_PARALLELISM="false")
import sentencepiece
from tokenizers import Tokenizer, models, trainers

from component_texts import PARTS, component_text
from hard_texts import hard_texts
from random_blocks import add_charsmaps, added_tokens, component, decoder, file_blocks, normalizer, post_processor, pre_tokenizer
from random_texts import POOLS, Random

TEXTS, PAIRS, DECODES, WINDOWS = 40, 8, 10, 14
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def corpus(folder):
    """Lines of real text."""
    lines = []
    for name in ["blns/blns.txt", "tatoeba_cmn_eng/cmn.txt", "thucnews10/dev.txt", "waimai_10k/waimai_10k.csv", "spm_corpora/botchan.txt",
                 "tinyshakespeare/input.txt", "wnut17/*", "xquad/*.json", "llamafactory/alpaca_*.json", "cmrc2018/*.json", "llamacpp_vocab/*.inp"]:
        for path in sorted(glob.glob(os.path.join(folder, name))):
            with open(path, encoding="utf-8", errors="replace", newline="") as file:
                text = file.read(2_000_000)
            lines += json_texts(json.loads(text)) if path.endswith(".json") else text.split("\n")
    return [line[:400] for line in lines if line]


def json_texts(value):
    if isinstance(value, str):
        return [value]
    return [text for part in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else []) for text in json_texts(part)]


def fields(message):
    """(number, bytes) of the fields of a protocol buffer that hold bytes."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte, at = message[at], at + 1
            value, shift = value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value

    while at < len(message):
        tag = varint()
        if tag & 7 == 2:
            size = varint()
            yield tag >> 3, message[at:at + size]
            at += size
        elif tag & 7 == 0:
            varint()
        else:
            at += 4 if tag & 7 == 5 else 8


def charsmaps():
    """SentencePiece's own tables."""
    maps = []
    for rule in ["nmt_nfkc", "nfkc", "nmt_nfkc_cf", "nfkc_cf"]:
        out = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(["a b c d"] * 9), model_writer=out, vocab_size=8, hard_vocab_limit=False,
                                                 normalization_rule_name=rule, minloglevel=2)
        normalizer_spec = dict(fields(out.getvalue()))[3]
        maps.append(base64.b64encode(dict(fields(normalizer_spec))[2]).decode())
    return maps


def random_line(rng, lines, hard):
    choice = rng.randrange(10)
    if choice < 3:
        return component_text(Random(rng.getrandbits(60)))
    if choice < 7 and lines:
        return rng.choice(lines)
    if choice == 7:
        return rng.choice(hard)[:rng.choice([50, 300, 2500])]
    if choice == 8:
        planes = [(0, 0x7F), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x1FFFF), (0x20000, 0x3FFFF), (0xE0000, 0x10FFFF), (0x300, 0x36F),
                  (0x2000, 0x206F), (0, 0x20), (0x0E00, 0x0EFF), (0x1F1E6, 0x1F1FF), *(pool for group in POOLS for pool in group)]
        some = rng.sample(planes, rng.randint(1, 4))
        return "".join(chr(rng.randint(*rng.choice(some))) for _ in range(rng.randint(0, 25)))
    return rng.choice(["", " ", "  ", "\t\n", " a ", "\u2028", "\r\n\r\n", "\u3000", "\u00a0\u00a0"]) * rng.randint(1, 3)


def random_text(rng, lines, hard, contents):
    text = random_line(rng, lines, hard)
    for _ in range(rng.choice([0, 0, 0, 1, 2, 4]) if contents else 0):
        at, content = rng.randint(0, len(text)), rng.choice(contents)
        content = rng.choice([content, content, content.upper(), content.lower(), " " + content, content + " ", content * 2, content[:-1]])
        text = text[:at] + content + text[at:]
    return text.encode("utf-8", "replace").decode()


def trained_model(rng, lines, normalizer_block, pre_block):
    """The model block of a tokenizer.json, trained on `lines`."""
    kind = rng.choice(["WordPiece", "BPE", "BPE", "Unigram", "Unigram", "WordLevel"])
    specials = ["<unk>", "<s>", "</s>", "<pad>", "<mask>"]
    size = rng.choice([60, 150, 300, 600])
    common = dict(show_progress=False, special_tokens=specials)
    if kind == "WordPiece":
        prefix = rng.choice(["##", "##", "@@", ""])
        model = models.WordPiece(unk_token="<unk>", max_input_chars_per_word=rng.choice([100, 100, 5, 1]), continuing_subword_prefix=prefix)
        trainer = trainers.WordPieceTrainer(vocab_size=size, limit_alphabet=rng.choice([20, 80, 1000]), continuing_subword_prefix=prefix, **common)
    elif kind == "WordLevel":
        model, trainer = models.WordLevel(unk_token="<unk>"), trainers.WordLevelTrainer(vocab_size=size, **common)
    elif kind == "BPE":
        prefix, suffix = rng.choice([None, None, "##", ""]), rng.choice([None, None, "</w>", ""])
        options = dict(unk_token=rng.choice(["<unk>", "<unk>", None]), fuse_unk=rng.random() < 0.4, byte_fallback=rng.random() < 0.4, ignore_merges=rng.random() < 0.3)
        ends = {key: value for key, value in [("continuing_subword_prefix", prefix), ("end_of_word_suffix", suffix)] if value is not None}
        model = models.BPE(**options, **ends)
        if options["byte_fallback"]:
            common["special_tokens"] = specials + (BYTES if rng.random() < 0.7 else rng.sample(BYTES, 200))
        trainer = trainers.BpeTrainer(vocab_size=size + len(common["special_tokens"]), limit_alphabet=rng.choice([20, 80, 1000]), **ends, **common)
    else:
        bytes_ = rng.random() < 0.4
        if bytes_:
            common["special_tokens"] = specials + (BYTES if rng.random() < 0.7 else rng.sample(BYTES, 200))
        model = models.Unigram()
        trainer = trainers.UnigramTrainer(vocab_size=size * 5 + len(common["special_tokens"]), unk_token="<unk>", max_piece_length=rng.choice([3, 8, 16]),
                                          n_sub_iterations=1, **common)
    tokenizer = Tokenizer(model)
    if normalizer_block:
        tokenizer.normalizer = component("normalizer", normalizer_block)
    if pre_block:
        tokenizer.pre_tokenizer = component("pre_tokenizer", pre_block)
    tokenizer.train_from_iterator(lines, trainer)
    block = json.loads(tokenizer.to_str())["model"]
    if kind == "Unigram":
        block["byte_fallback"] = bytes_
        if rng.random() < 0.15:
            block["unk_id"] = None
    if kind == "BPE":
        block["dropout"] = rng.choice([None, None, 0.0])
        if rng.random() < 0.3:
            merges = [" ".join(pair) for pair in block["merges"]]
            if all(line.count(" ") == 1 for line in merges):
                block["merges"] = merges
        for key in ["ignore_merges", "byte_fallback", "dropout"]:
            if not block.get(key) and rng.random() < 0.2:
                block.pop(key, None)
    if kind != "WordLevel" and rng.random() < 0.1:
        del block["type"]  # as old files
    return block


def random_definition(rng, lines, hard):
    # The model is sometimes trained with other components than it is used with: more unknown characters.
    norm, pre = normalizer(rng), pre_tokenizer(rng)
    known = rng.random() < 0.7
    texts = [random_line(rng, lines, hard) for _ in range(60)]
    state = rng.getstate()
    try:
        model = trained_model(rng, texts, norm if known else None, pre if known else None)
    except BaseException as error:  # panics of the library: characters of its normalisers, too many characters
        if isinstance(error, KeyboardInterrupt):
            raise
        rng.setstate(state)
        model = trained_model(rng, [text[:15] for text in texts[:20]], None, None)
    vocabulary = model["vocab"]
    ids = dict(vocabulary) if isinstance(vocabulary, dict) else {piece: i for i, (piece, _) in enumerate(vocabulary)}
    added, forms = [], set()
    normalize = component("normalizer", norm).normalize_str if norm else str
    for token in added_tokens(rng, ids):  # which of two with one normalised form counts is chance in the library
        form = normalize(token["content"]) if token["normalized"] else token["content"]
        if (token["normalized"], form) not in forms:
            added.append(token)
        forms.add((token["normalized"], form))
    definition = {"version": "1.0", **file_blocks(rng), "added_tokens": added, "normalizer": norm, "pre_tokenizer": pre,
                  "post_processor": post_processor(rng, ids), "decoder": decoder(rng), "model": model}
    return definition


def requests_of(rng, definition, lines, hard, windows):
    contents = [token["content"] for token in definition["added_tokens"]]
    text = lambda: random_text(rng, lines, hard, contents)
    ids = sorted(Tokenizer.from_str(json.dumps(definition)).get_vocab().values())
    plain = {"max_length": None, "strategy": "LongestFirst", "side": None, "stride": 0}
    requests = [{"texts": [text()], "special": i % 4 != 0, **plain} for i in range(TEXTS)]
    requests += [{"texts": [text(), text()], "special": i % 4 != 0, **plain} for i in range(PAIRS)]
    requests += [{"decode": [rng.choice(ids) for _ in range(rng.randint(0, 30))], "skip": rng.random() < 0.5} for _ in range(DECODES)]
    twice = json.dumps(definition["post_processor"]).count('{"Sequence": {"id": "A"') > 2  # windows times windows: no memory holds them
    for _ in range(WINDOWS if windows and not twice else 0):
        requests.append({"texts": [text() for _ in range(rng.choice([1, 1, 2]))], "special": rng.random() < 0.7, "max_length": rng.choice([1, 2, 3, 5, 8, 12, 20, 40]),
                         "strategy": rng.choice(["LongestFirst", "LongestFirst", "OnlyFirst", "OnlySecond"]), "side": rng.choice(["Left", "Right"]),
                         "stride": rng.choice([0, 0, 1, 2, 4])})
    return requests


STRATEGIES = {"LongestFirst": "longest_first", "OnlyFirst": "only_first", "OnlySecond": "only_second"}


def window(encoding):
    return {"ids": encoding.ids, "type_ids": encoding.type_ids, "tokens": encoding.tokens, "offsets": [list(span) for span in encoding.offsets],
            "special_tokens_mask": encoding.special_tokens_mask, "sequence_ids": [-1 if s is None else s for s in encoding.sequence_ids]}


def reference(definition, requests):
    """The library's answers; None where it refuses the text."""
    tokenizer = Tokenizer.from_str(json.dumps(definition))
    tokenizer.no_padding()
    answers = []
    for request in requests:
        try:
            if "decode" in request:
                answers.append({"text": tokenizer.decode(request["decode"], skip_special_tokens=request["skip"])})
                continue
            tokenizer.no_truncation()
            if request["max_length"] is not None:
                if request["special"] and request["max_length"] < tokenizer.num_special_tokens_to_add(len(request["texts"]) > 1):
                    answers.append(None)  # the library's count runs below zero
                    continue
                tokenizer.enable_truncation(request["max_length"], stride=request["stride"], strategy=STRATEGIES[request["strategy"]],
                                            direction=(request["side"] or "Right").lower())
            encoding = tokenizer.encode(*request["texts"], add_special_tokens=request["special"])
            answers.append({"windows": [window(e) for e in [encoding, *encoding.overflowing]]})
        except BaseException as error:  # the library panics at some
            if isinstance(error, KeyboardInterrupt):
                raise
            answers.append(None)
    return answers


class Studio:
    """The program, asked through a folder."""

    def __init__(self, program):
        self.program = program
        self.helper = os.path.basename(program) == "encode_lines"
        self.folder = tempfile.mkdtemp()

    def answers(self, definition, requests):
        """Answers in the form of reference(); a string when the program refuses the file."""
        with open(os.path.join(self.folder, "tokenizer.json"), "w", encoding="utf-8") as file:
            json.dump(definition, file, ensure_ascii=False)
        return self.ask(self.folder, requests)

    def ask(self, folder, requests):
        if self.helper:
            return self.lines([self.program, str(folder)], requests)
        groups, answers = collections.defaultdict(list), [None] * len(requests)
        for index, request in enumerate(requests):
            decodes = "decode" in request
            flags = ("--decode", *(["--skip_special_tokens"] if request["skip"] else [])) if decodes else () if request["special"] else ("--no_special_tokens",)
            groups[flags].append((index, request["decode"] if decodes else request["texts"] if len(request["texts"]) > 1 else request["texts"][0]))
        for flags, group in groups.items():
            found = self.lines([self.program, "tokenize", "--json", "--model_name_or_path", str(folder), *flags], [text for _, text in group])
            if isinstance(found, str):
                return found
            for (index, _), answer in zip(group, found):
                if "input_ids" in answer:
                    answer = {"windows": [{"ids": answer["input_ids"], "tokens": answer["tokens"], "offsets": answer["offsets"], "type_ids": answer["token_type_ids"]}]}
                answers[index] = answer
        return answers

    @staticmethod
    def lines(command, values):
        done = subprocess.run(command, input="".join(json.dumps(value) + "\n" for value in values).encode(), capture_output=True, check=False)
        found = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
        if len(found) != len(values):
            return f"exit {done.returncode} after {len(found)} of {len(values)} answers: {done.stderr.decode(errors='replace')[-600:]}"
        return found


def difference(request, expected, found):
    """What differs, or None."""
    if expected is None:
        return None
    if "error" in found:
        return f"refused: {found['error']}"
    if "text" in expected:
        return None if expected == found else f"decode: expected {expected['text']!r}, found {found['text']!r}"
    if len(expected["windows"]) != len(found["windows"]):
        return f"windows: expected {len(expected['windows'])}, found {len(found['windows'])}"
    for i, (want, have) in enumerate(zip(expected["windows"], found["windows"])):
        for key in have:
            if i > 0 and key in ("sequence_ids", "type_ids"):
                continue  # the library forgets which text the tokens of a further window come from
            if want[key] != have[key]:
                return f"{key} of window {i}: expected {want[key]!r}, found {have[key]!r}"
    if "ids" in found and found["ids"] != expected["windows"][0]["ids"]:
        return f"quick ids: expected {expected['windows'][0]['ids']}, found {found['ids']}"
    if "ids" in found and found["type_ids"] != expected["windows"][0]["type_ids"]:
        return f"quick type ids: expected {expected['windows'][0]['type_ids']}, found {found['type_ids']}"
    return None


def compare(studio, definition, requests):
    """(request, what differs) pairs; the request None when the program refuses the whole file."""
    found = studio.answers(definition, requests)
    if isinstance(found, str):
        return [(None, found)]
    pairs = [(request, difference(request, want, have)) for request, want, have in zip(requests, reference(definition, requests), found)]
    return [(request, what) for request, what in pairs if what]


def still_differs(studio, definition, request):
    try:
        expected = reference(definition, [request] if request else [])
    except BaseException:
        return None
    found = studio.answers(definition, [request] if request else [])
    if isinstance(found, str):
        return found
    return difference(request, expected[0], found[0]) if request else None


def smaller(block):
    """Simpler forms of a definition's block."""
    if block is None:
        return
    yield None
    for key in ["normalizers", "pretokenizers", "processors", "decoders"]:
        if isinstance(block, dict) and key in block:
            yield from block[key]
            yield from ({**block, key: block[key][:i] + block[key][i + 1:]} for i in range(len(block[key])))
            for i, inner in enumerate(block[key]):
                yield from ({**block, key: block[key][:i] + [form] + block[key][i + 1:]} for form in smaller(inner) if form)


def shrink(studio, definition, request):
    """A smaller definition and request that still differ."""
    def keeps(form, ask):
        try:
            return still_differs(studio, form, ask) is not None
        except Exception:
            return False
    changed = True
    while changed:
        changed = False
        for key in ["normalizer", "pre_tokenizer", "post_processor", "decoder", "truncation", "padding"]:
            for form in smaller(definition[key]):
                if keeps({**definition, key: form}, request):
                    definition, changed = {**definition, key: form}, True
                    break
        tokens = definition["added_tokens"]
        for i in range(len(tokens) - 1, -1, -1):
            form = {**definition, "added_tokens": definition["added_tokens"][:i] + definition["added_tokens"][i + 1:]}
            if keeps(form, request):
                definition, changed = form, True
        for field in (["decode"] if request and "decode" in request else ["texts"] if request else []):
            for which in range(len(request[field]) if field == "texts" else 1):
                value = request[field][which] if field == "texts" else request[field]
                size = max(len(value) // 2, 1)
                while size and value:
                    for start in range(0, len(value), size):
                        shorter = value[:start] + value[start + size:]
                        form = {**request, field: [*request[field][:which], shorter, *request[field][which + 1:]] if field == "texts" else shorter}
                        if keeps(definition, form):
                            request, value, changed = form, shorter, True
                            break
                    else:
                        size //= 2
    return definition, request


def one_case(seed, studio, lines, hard, keep):
    """Numbers of tokenisers, texts, refusals of the library, tokenisers that differ."""
    rng = random.Random(seed)
    try:
        definition = random_definition(rng, lines, hard)
        requests = requests_of(rng, definition, lines, hard, studio.helper)
        reference(definition, [])
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        print(f"seed {seed}: the library refuses: {str(error)[:200]}", file=sys.stderr, flush=True)
        return [0, 0, 1, 0]
    differences = compare(studio, definition, requests)
    if not differences:
        return [1, len(requests), 0, 0]
    small, request = shrink(studio, definition, differences[0][0])
    what = still_differs(studio, small, request) or differences[0][1]
    blocks = {key: value for key, value in small.items() if key not in ("version", "model") and value}
    model = {key: value for key, value in small["model"].items() if key not in ("vocab", "merges")}
    print(f"seed {seed}: {len(differences)} differences, such as\n  {what}\n  request {json.dumps(request)}\n"
          f"  blocks {json.dumps(blocks)[:1500]}\n  model {json.dumps(model)}", flush=True)
    if keep:
        os.makedirs(os.path.join(keep, str(seed)), exist_ok=True)
        for name, content in [("tokenizer.json", small), ("request.json", request)]:
            with open(os.path.join(keep, str(seed), name), "w", encoding="utf-8") as file:
                json.dump(content, file)
    return [1, len(requests), 0, 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", default=os.environ.get("STUDIO_TEST_DATA", ""), help="real texts")
    parser.add_argument("--keep", default="", help="folder for the differences")
    arguments = parser.parse_args()
    lines, hard, studio = corpus(arguments.data) if arguments.data else [], hard_texts() + PARTS, Studio(arguments.program)
    add_charsmaps(charsmaps())
    totals = [0] * 4
    for seed in range(arguments.seed, arguments.seed + arguments.count):
        # A process a case: with some added tokens the library asks for more memory than there is, which ends it.
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writer, json.dumps(one_case(seed, studio, lines, hard, arguments.keep)).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as answer:
            counts = answer.read()
        os.waitpid(child, 0)
        totals = [total + count for total, count in zip(totals, json.loads(counts) if counts else [0, 0, 1, 0])]
    print("{} tokenisers, {} texts compared; {} cases that the library refuses; {} tokenisers with differences".format(*totals))
    sys.exit(1 if totals[3] else 0)


if __name__ == "__main__":
    main()
