#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the program with transformers on folders as transformers writes them, and on the same without tokenizer.json: ids of
texts and pairs, decodes. Vocabularies are small, trained here, with random settings.

    python random_folders.py --program finetune-studio|encode_lines [--count N] [--seed S] [--data DIR] [--keep DIR] [--family NAME]

Needs protobuf beside requirements.txt.
"""
import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.update(RUST_BACKTRACE="0", TOKENIZERS_PARALLELISM="false", TRANSFORMERS_VERBOSITY="critical")
import sentencepiece
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from hard_texts import hard_texts
from random_tokenizers import Studio, corpus, random_text

FAIRSEQ = {}
PIECES = {  # class: file, settings of the trainer
    "XLMRobertaTokenizer": ("sentencepiece.bpe.model", FAIRSEQ), "CamembertTokenizer": ("sentencepiece.bpe.model", FAIRSEQ), "MBartTokenizer": ("sentencepiece.bpe.model", FAIRSEQ),
    "T5Tokenizer": ("spiece.model", {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}),
    "AlbertTokenizer": ("spiece.model", {"pad_id": 0, "unk_id": 1, "bos_id": -1, "eos_id": -1, "control_symbols": ["[CLS]", "[SEP]", "[MASK]"]}),
    "DebertaV2Tokenizer": ("spm.model", {"pad_id": 0, "bos_id": 1, "eos_id": 2, "unk_id": 3, "pad_piece": "[PAD]", "bos_piece": "[CLS]", "eos_piece": "[SEP]", "unk_piece": "[UNK]"}),
    "LlamaTokenizer": ("tokenizer.model", {"model_type": "bpe", "byte_fallback": True, "normalization_rule_name": "identity", "remove_extra_whitespaces": False, "split_digits": True}),
}
MODEL_TYPES = {"BertTokenizer": "bert", "BertTokenizerFast": "bert", "RobertaTokenizer": "roberta", "GPT2Tokenizer": "gpt2", "XLMRobertaTokenizer": "xlm-roberta", "T5Tokenizer": "t5",
               "AlbertTokenizer": "albert", "LlamaTokenizer": "llama", "MBartTokenizer": "mbart", "MarianTokenizer": "marian", "DebertaV2Tokenizer": "deberta-v2",
               "CamembertTokenizer": "camembert"}
CONTENTS = ["<s>", "</s>", "<pad>", "<unk>", "<mask>", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "<|endoftext|>", "<extra_id_0>", "<extra_id_99>", "en_XX", "<new>", ">>de<<"]


def train_pieces(rng, lines, path, settings):
    options = {"normalization_rule_name": rng.choice(["nmt_nfkc", "nmt_nfkc", "nmt_nfkc_cf", "nfkc", "identity"]), "vocab_size": rng.choice([1300, 1800]), "character_coverage": rng.choice([0.995, 0.98]),
               "hard_vocab_limit": False, "byte_fallback": False, **settings}
    options["vocab_size"] += 256 * bool(options["byte_fallback"])
    if options.get("model_type") == "bpe":
        options["vocab_size"] += 700
        options.pop("hard_vocab_limit")
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_prefix=str(path.with_suffix("")), num_threads=1, minloglevel=2, **options)
    path.with_suffix(".vocab").unlink()
    if path.suffix != ".model":
        path.with_suffix(".model").rename(path)


def write_sources(rng, name, lines, folder):
    """The vocabulary files of the family."""
    if name in PIECES:
        file, settings = PIECES[name]
        train_pieces(rng, lines, folder / file, settings)
    elif name == "MarianTokenizer":
        for side in ["source.spm", "target.spm"]:
            train_pieces(rng, lines, folder / side, {"character_coverage": 0.99})
        pieces = {}
        for side in ["source.spm", "target.spm"]:
            processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / side))
            pieces.update({processor.id_to_piece(i): None for i in range(processor.get_piece_size()) if rng.random() < 0.97})
        names = list(dict.fromkeys(["</s>", "<unk>", *[piece for piece in pieces if piece != "<s>"], ">>de<<", "<pad>"]))
        (folder / "vocab.json").write_text(json.dumps({piece: i for i, piece in enumerate(names)}))
    elif name.startswith("Bert"):
        tokenizer = transformers.BertTokenizer().backend_tokenizer
        trainer = trainers.WordPieceTrainer(vocab_size=600, limit_alphabet=400, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False)
        trained = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        trained.pre_tokenizer = tokenizer.pre_tokenizer
        trained.train_from_iterator([line.lower() for line in lines], trainer)
        vocabulary = sorted(trained.get_vocab().items(), key=lambda item: item[1])
        (folder / "vocab.txt").write_text("".join(piece + "\n" for piece, _ in vocabulary if piece.strip()), encoding="utf-8", newline="\n")
    else:
        trained = Tokenizer(models.BPE())
        trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] if name == "RobertaTokenizer" else ["<|endoftext|>"]
        trained.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=rng.choice([400, 900]), special_tokens=special, show_progress=False,
                                                               initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
        trained.model.save(str(folder))


def random_settings(rng, name):
    """Arguments of the tokeniser's class."""
    some = lambda chance, **options: {key: rng.choice(values) for key, values in options.items() if rng.random() < chance}
    settings = some(0.3, model_max_length=[16, 512], truncation_side=["left"], padding_side=["left"])
    if name.startswith("Bert"):
        settings |= some(0.5, do_lower_case=[True, False], strip_accents=[True, False], tokenize_chinese_chars=[True, False])
    elif name in ("RobertaTokenizer", "GPT2Tokenizer"):
        settings |= some(0.4, add_prefix_space=[True, False])
        if name == "GPT2Tokenizer":
            settings |= some(0.3, pad_token=["<|endoftext|>", "<pad>"], add_bos_token=[True])
    elif name == "AlbertTokenizer":
        settings |= some(0.5, do_lower_case=[True, False], keep_accents=[True, False])
    elif name == "LlamaTokenizer":
        settings |= some(0.5, legacy=[True, False], add_bos_token=[True, False], add_eos_token=[True, False], pad_token=["</s>"], add_prefix_space=[True, False])
    elif name == "T5Tokenizer":
        settings |= some(0.4, extra_ids=[3, 100])
    elif name == "DebertaV2Tokenizer":
        settings |= some(0.4, do_lower_case=[True, False], split_by_punct=[True, False])
    return settings


def ids_of(tokenizer, texts, special=True):
    try:
        return tokenizer(*texts, add_special_tokens=special)["input_ids"]
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return None


def compare(studio, folder, tokenizer, texts, what):
    plain = {"max_length": None, "strategy": "LongestFirst", "side": None, "stride": 0}
    requests = [{"texts": text, "special": i % 4 != 1, **plain} for i, text in enumerate(texts)]
    expected = [ids_of(tokenizer, request["texts"], request["special"]) for request in requests]
    decodes = [{"decode": ids, "skip": i % 2 == 0} for i, ids in enumerate(expected) if ids][:20]
    found = studio.ask(folder, requests + decodes)
    if isinstance(found, str):
        return len(requests), [f"{what}: refused: {found}"]
    differences = []
    for request, want, have in zip(requests, expected, found):
        if want is None:
            continue
        if "error" in have:
            differences.append(f"{what}: {json.dumps(request['texts'])[:300]}: {have['error'][:300]}")
            continue
        for key, ids in [("ids", have["windows"][0]["ids"]), ("quick ids", have.get("ids", want))]:
            if ids != want:
                names = tokenizer.convert_ids_to_tokens
                at = next((i for i, (a, b) in enumerate(zip(want, ids)) if a != b), min(len(want), len(ids)))
                differences.append(f"{what}, {key}: {json.dumps(request['texts'])[:300]} special {request['special']}: from token {at} on expected {want[at:at + 6]} "
                                   f"{names(want[at:at + 6])}, found {ids[at:at + 6]} {names(ids[at:at + 6])}")
    for request, have in zip(decodes, found[len(requests):]):
        want = tokenizer.decode(request["decode"], skip_special_tokens=request["skip"], clean_up_tokenization_spaces=False)
        if have.get("text") != want:
            differences.append(f"{what}, decode: {request['decode'][:30]}: expected {want!r}, found {have!r}"[:700])
    return len(requests) + len(decodes), differences


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", default=os.environ.get("STUDIO_TEST_DATA", ""), help="real texts")
    parser.add_argument("--keep", default="", help="folder for the folders that differ")
    parser.add_argument("--family", default="", help="the tokeniser's class, instead of all")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    lines, hard, studio = corpus(arguments.data) if arguments.data else hard_texts() * 5, hard_texts(), Studio(arguments.program)
    folders = compared = bad = 0
    for name in [arguments.family] if arguments.family else MODEL_TYPES:
        for seed in range(arguments.seed, arguments.seed + arguments.count):
            rng = random.Random(f"{name} {seed}")
            work = Path(tempfile.mkdtemp())
            sources, saved = work / "sources", work / "saved"
            sources.mkdir()
            training = [line for line in rng.sample(lines, min(len(lines), 250)) if line.strip()]
            settings = random_settings(rng, name)
            try:
                write_sources(rng, name, training, sources)
                (sources / "config.json").write_text(json.dumps({"model_type": MODEL_TYPES[name]}))
                (sources / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": name, **settings}))
                tokenizer = transformers.AutoTokenizer.from_pretrained(sources)
                if rng.random() < 0.3:
                    tokenizer.add_tokens(["<new>", "boat"][:rng.randint(1, 2)])
                tokenizer.save_pretrained(saved)
            except Exception as error:
                print(f"{name} {seed}: transformers refuses: {str(error)[:300]}", file=sys.stderr, flush=True)
                continue
            shutil.copy(sources / "config.json", saved)
            texts = [[random_text(rng, lines, hard, CONTENTS) for _ in range(2 if i % 6 == 5 else 1)] for i in range(60)]
            results = [compare(studio, saved, tokenizer, texts, "as saved")]
            # The same settings beside the vocabulary's own files, as people's older folders have them.
            for file in sources.iterdir():
                if not (saved / file.name).exists():
                    shutil.copy(file, saved)
            (saved / "tokenizer.json").unlink(missing_ok=True)
            for folder, what in [(sources, "sources"), (saved, "without tokenizer.json")]:
                results.append(compare(studio, folder, transformers.AutoTokenizer.from_pretrained(folder), texts, what))
            differences = [line for _, found in results for line in found]
            folders, compared = folders + len(results), compared + sum(count for count, _ in results)
            if differences:
                bad += 1
                print(f"{name} {seed} {settings}: {len(differences)} differences, such as", *differences[:2], *differences[-1:], sep="\n  ", flush=True)
                if arguments.keep:
                    shutil.copytree(work, Path(arguments.keep) / f"{name}_{seed}", dirs_exist_ok=True)
            shutil.rmtree(work)
    print(f"{folders} folders, {compared} texts compared; {bad} tokenisers with differences")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
