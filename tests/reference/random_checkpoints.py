#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Small random checkpoints of every family, as transformers saves them, and the program's numbers beside those of transformers.

Each case draws a family, a legal configuration (random_configs.py), weights, a precision, a file format and a spelling of
config.json, and compares `predict` or `score` with transformers in float64 on the same folder: texts of mixed lengths, the
longest, one token, padding tokens within, pairs. Some cases also go through `export`, checkpoints of other heads through a
step of `train` that changes nothing, and some through a step of plain gradient descent, which shows every tensor's gradient. A
case that transformers cannot run is skipped.

Usage: random_checkpoints.py --program PROGRAM [--count N] [--seed S] [--only FAMILY,…] [--case N] [--keep DIR]
Prints a line for each finding and a table at the end; fails if there is any finding.
"""
import argparse
import collections
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (AutoConfig, AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForQuestionAnswering,
                          AutoModelForSeq2SeqLM, AutoModelForSequenceClassification, AutoModelForTokenClassification,
                          PreTrainedTokenizerFast)

import encoder_decoder_families
from decoder_golden import fresh, whole_precision
from random_configs import DECODERS, ENCODER_DECODERS, FAMILIES, IDLE, draw_labels

ABSOLUTE, RELATIVE, GRADIENT = 1e-4, 1e-5, 1e-4


class Skipped(Exception):
    pass


class Finding(Exception):
    pass


def reference(work, *arguments, **keys):
    """What transformers does; where it cannot, there is nothing to compare with."""
    try:
        return work(*arguments, **keys)
    except Exception as problem:
        raise Skipped(f"{type(problem).__name__}: {str(problem).strip().splitlines()[0] if str(problem) else ''}") from problem


# --- writing a checkpoint ---------------------------------------------------------------------------------------------

def tokenizer_of(drawn, rng):
    names = {i: f"w{i}" for i in range(drawn.words)}
    special = {}
    for role, index in (("pad_token", drawn.pad), ("bos_token", drawn.begin), ("eos_token", drawn.end)):
        if index is not None and index >= 0:
            if index not in special.values():
                names[index] = f"<{role[:3]}>"
            special[role] = index
    unknown = next(i for i in range(drawn.words) if i not in special.values())
    names[unknown] = "<unk>"
    tokenizer = Tokenizer(models.WordLevel({name: i for i, name in names.items()}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    begin, end = (names[i] if i is not None else "" for i in (drawn.begin, drawn.end))
    around = [(names[i], i) for i in {drawn.begin, drawn.end} - {None}]
    kind = int(drawn.types)
    single = f"{begin} $A {end}".split()
    if drawn.pairs == "roberta":
        pair = f"{begin} $A {end} {end} $B:{kind} {end}:{kind}".split()
    else:
        pair = f"{begin} $A {end} $B:{kind} {end and f'{end}:{kind}'}".split()
    if around:
        tokenizer.post_processor = processors.TemplateProcessing(single=single, pair=pair, special_tokens=around)
    inputs = ["input_ids", "token_type_ids", "attention_mask"] if drawn.types else ["input_ids", "attention_mask"]
    words = [name for i, name in names.items() if i not in special.values() and i != unknown]
    keys = {role: names[i] for role, i in special.items()}
    if rng.random() < 0.5:
        keys["model_max_length"] = drawn.longest
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", model_input_names=inputs, **keys)
    return wrapped, words, names.get(drawn.pad)


def fill(model, rng):
    generator = torch.Generator().manual_seed(rng.randrange(1 << 30))
    gain = rng.choice([0.6, 1.0, 1.5])
    gemma = model.config.model_type.startswith("gemma")
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            if p.dim() == 1 and name.endswith("weight"):
                p.copy_(noise * 0.2 + (0 if gemma else 1))
            elif p.dim() == 1:
                p.copy_(noise * 0.1)
            elif "embed" in name or "wte" in name or "wpe" in name or "shared" in name:
                p.copy_(noise * 0.5)
            else:
                p.copy_(noise * gain / math.sqrt(p.shape[-1]))
        for name, b in model.named_buffers():
            if name == "final_logits_bias":
                b.copy_(torch.randn(b.shape, generator=generator) * 0.3)


def save_bin(model, folder, rng):
    """pytorch_model.bin as transformers 4.x saved it."""
    for path in folder.glob("*.safetensors*"):
        path.unlink()
    state = model.state_dict()
    if rng.random() < 0.4:  # names and buffers of early releases
        base = f"{model.base_model_prefix}." if hasattr(model, model.base_model_prefix) else ""
        kind = model.config.model_type
        if kind in ("bert", "roberta", "electra", "albert", "xlm-roberta", "camembert"):
            state[f"{base}embeddings.position_ids"] = torch.arange(model.config.max_position_embeddings)[None]
        if kind == "bert":
            state = {name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): value
                     for name, value in state.items()}
        if kind == "gpt2":
            for i in range(model.config.n_layer):
                state[f"{base}h.{i}.attn.bias"] = torch.ones(1, 1, 4, 4, dtype=torch.uint8).tril()
                state[f"{base}h.{i}.attn.masked_bias"] = torch.tensor(-1e4)
        if kind in ("llama", "mistral"):
            for i in range(model.config.num_hidden_layers):
                state[f"{base}layers.{i}.self_attn.rotary_emb.inv_freq"] = torch.ones(4)
    zipped = rng.random() < 0.6
    if rng.random() < 0.25 and len(state) > 3:
        names = list(state)
        cut = rng.randint(1, len(names) - 1)
        shards = {"pytorch_model-00001-of-00002.bin": names[:cut], "pytorch_model-00002-of-00002.bin": names[cut:]}
        for file, part in shards.items():
            torch.save({name: state[name] for name in part}, folder / file, _use_new_zipfile_serialization=zipped)
        index = {"metadata": {"total_size": 1}, "weight_map": {n: file for file, part in shards.items() for n in part}}
        (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index))
        return "bin sharded"
    torch.save(state, folder / "pytorch_model.bin", _use_new_zipfile_serialization=zipped)
    return "bin" if zipped else "bin legacy"


def save(model, folder, rng):
    kind = rng.choice(["whole", "whole", "sharded", "bin"])
    model.save_pretrained(folder, max_shard_size="8KB" if kind == "sharded" else "5GB")
    return save_bin(model, folder, rng) if kind == "bin" else kind


def respell(drawn, folder, rng):
    """config.json as an older release wrote it, or without the keys that have their default value."""
    file = folder / "config.json"
    config = json.loads(file.read_text())
    style = rng.choice(["new", "new", "old", "sparse", "old sparse"])
    if "old" in style:
        for key in drawn.drop:
            config.pop(key, None)
        config.update(drawn.old)
        if "dtype" in config:
            config["torch_dtype"] = config.pop("dtype")
        config["transformers_version"] = "4.31.0"
        config.update({key: value for key, value in IDLE.items() if rng.random() < 0.1})
        names = [f"LABEL_{i}" for i in range(len(config.get("id2label", {})))]
        if names and list(config["id2label"].values()) == names and config["model_type"] != "bart" and rng.random() < 0.3:
            config.pop("id2label"), config.pop("label2id", None)
            config["num_labels"] = len(names) or 2
    count = len(config.get("id2label", {}))
    if count > 1 and rng.random() < 0.1:  # names of another number than the labels
        config.update(id2label={"0": "only"}, label2id={"only": 0}, num_labels=count)
    elif count and rng.random() < 0.1:
        config.update(id2label={str(i): 10 * i for i in range(count)}, label2id={str(10 * i): i for i in range(count)})
    if "sparse" in style:
        plain = json.loads(AutoConfig.for_model(config["model_type"]).to_json_string(use_diff=False))
        for key in list(config):
            # (BART's labels: what transformers saves without them has two, but it reads three)
            needed = key.startswith(("id2label", "label2id", "num_", "n_", "d_", "max_position")) or key.endswith(
                ("size", "_layers", "_heads"))
            if key in plain and config[key] == plain[key] and key != "model_type" and not needed and rng.random() < 0.7:
                config.pop(key)
    file.write_text(json.dumps(config, indent=2, ensure_ascii=rng.random() < 0.5))
    return style


# --- texts ------------------------------------------------------------------------------------------------------------

def texts_of(drawn, words, pad, rng, tokenizer):
    extra = len(tokenizer("").input_ids)

    def text(n):
        return " ".join(rng.choice(words) for _ in range(n))
    lengths = [1, drawn.longest - extra, 3, 7, 7, rng.randint(2, 12), rng.randint(2, 12)]
    texts = [text(max(1, min(n, drawn.longest - extra))) for n in lengths]
    if pad and drawn.pad != drawn.end:
        texts.append(f"{words[0]} {pad} {words[1]} {pad} {pad}")
        texts.append(f"{pad} {words[2]}")
        texts.append(f"{pad}")
    texts.append("of no known word")
    if extra:
        texts.append("")
    rng.shuffle(texts)
    return texts


def limit_of(drawn, rng):
    """A shorter length than the longest, sometimes: what the program is told, and what the tokeniser."""
    if drawn.longest < 9 or rng.random() < 0.7:
        return [], {}
    limit = rng.randint(8, drawn.longest - 1)
    return ["--max_seq_length", limit], {"truncation": True, "max_length": limit}


def run(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                          env={**os.environ, "OMP_NUM_THREADS": "1"})
    if done.returncode:
        raise Finding("REFUSED " + (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1])
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- comparing --------------------------------------------------------------------------------------------------------

class Worst:
    def __init__(self):
        self.error = 0.0
        self.gradient = 0.0  # 1: all that is allowed
        self.noisy = 0  # tensors above it, but within twice what the reference is off in single precision, or within rounding

    def compare(self, what, found, expected):
        if len(found) != len(expected):
            raise Finding(f"DIFFERS {what}: {len(found)} numbers, expected {len(expected)}")
        for a, b in zip(found, expected):
            a = math.nan if a is None else a
            error = abs(a - b)
            if math.isnan(error) and not (math.isnan(a) and math.isnan(b)) or error > max(ABSOLUTE, RELATIVE * abs(b)):
                raise Finding(f"DIFFERS {what}: {a:.7g}, expected {b:.7g}")
            self.error = max(self.error, error)


def loaded(kind, folder):
    model = kind.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").double().eval()
    whole_precision(model)
    encoder_decoder_families.whole_precision(model)
    return model


def classified(model, tokenizer, text, pair=None, **cut):
    fresh(model)
    with torch.no_grad():
        # as lists: with a text alone, an empty second one would count as none
        inputs = tokenizer([text], None if pair is None else [pair], return_tensors="pt", **cut)
        return model(**inputs).logits[0].tolist()


def check_prediction(config, worst, what, row, logits):
    worst.compare(what, row["logits"], logits)
    values = torch.tensor(logits, dtype=torch.float64)
    count, problem = len(logits), config.problem_type
    if problem == "multi_label_classification":
        scores = values.sigmoid()
    elif problem == "regression" or count == 1 and problem is None:
        scores = values
    else:
        scores = values.softmax(0)
    worst.compare(f"{what} scores", [row["scores"][str(config.id2label[i])] for i in range(count)], scores.tolist())
    best = values.topk(min(2, count)).values
    if count > 1 and problem in (None, "single_label_classification") and best[0] - best[1] > 1e-3:
        if row["label"] != str(config.id2label[int(values.argmax())]):
            raise Finding(f"DIFFERS {what}: label {row['label']}")


def check_classifier(program, folder, drawn, words, pad, rng, worst):
    tokenizer = reference(PreTrainedTokenizerFast.from_pretrained, folder)
    model = reference(loaded, AutoModelForSequenceClassification, folder)
    texts = texts_of(drawn, words, pad, rng, tokenizer)
    limit, cut = limit_of(drawn, rng)
    expected = [reference(classified, model, tokenizer, text, **cut) for text in texts]
    batch = ["--per_device_eval_batch_size", rng.choice([1, 3, 8, 32]), *limit]
    rows = run(program, "predict", "--model_name_or_path", folder, "--json", *batch, *(x for t in texts for x in ("--text", t)))
    for text, row, logits in zip(texts, rows, expected):
        if cut or not row.get("truncated"):
            check_prediction(model.config, worst, f"'{text}'", row, logits)
        elif len(tokenizer(text).input_ids) <= drawn.longest:
            raise Finding(f"DIFFERS truncated a text of {len(tokenizer(text).input_ids)} tokens, longest {drawn.longest}")
    if drawn.pairs:
        pairs = [(a, b) for a, b in zip(texts, reversed(texts)) if len(tokenizer(a, b).input_ids) <= drawn.longest][:5]
        if drawn.end == drawn.pad:
            pairs = []
        expected = [reference(classified, model, tokenizer, *pair, **cut) for pair in pairs]
        if pairs:
            rows = run(program, "predict", "--model_name_or_path", folder, "--json", *batch,
                       *(x for a, b in pairs for x in ("--text", a, "--text_pair", b)))
            for pair, row, logits in zip(pairs, rows, expected):
                check_prediction(model.config, worst, f"pair {pair}", row, logits)
    return model, tokenizer, texts


def check_export(program, folder, model, tokenizer, texts, worst):
    with tempfile.TemporaryDirectory() as place:
        target = Path(place, "out")
        run(program, "export", folder, "--output_dir", target, "--json")
        again, info = AutoModelForSequenceClassification.from_pretrained(
            target, output_loading_info=True, dtype=torch.float64, attn_implementation="eager")
        found = {key: value for key, value in info.items() if value}
        if found:
            raise Finding(f"EXPORT {found}")
        names, wanted = dict(again.named_parameters()), dict(model.named_parameters())
        if set(names) != set(wanted) or any(not torch.equal(names[n].double(), p) for n, p in wanted.items()):
            raise Finding(f"EXPORT other weights: {[n for n, p in wanted.items() if n not in names or not torch.equal(names[n].double(), p)][:3]}")
        again = loaded(AutoModelForSequenceClassification, target)
        other = PreTrainedTokenizerFast.from_pretrained(target)
        for text in texts:
            worst.compare(f"EXPORT '{text}'", classified(again, other, text), classified(model, tokenizer, text))


def attempted(folder, words):
    model = AutoModel.from_pretrained(folder).eval()
    ids = torch.tensor([PreTrainedTokenizerFast.from_pretrained(folder)(" ".join(words[:4])).input_ids])
    model(input_ids=ids, **({"decoder_input_ids": ids} if model.config.is_encoder_decoder else {}))


def check_other_head(program, folder, drawn, words, pad, rng, worst):
    """A checkpoint of another head becomes a classifier: the body must be the same."""
    with tempfile.TemporaryDirectory() as place:
        rows, out = Path(place, "rows.csv"), Path(place, "out")
        rows.write_text("text,label\n" + "".join(f"{' '.join(rng.choices(words, k=3))},{'ab'[i % 2]}\n" for i in range(4)))
        reference(attempted, folder, words)
        run(program, "train", "--model_name_or_path", folder, "--train_file", rows, "--output_dir", out, "--max_steps", 1,
            "--learning_rate", 1e-30, "--eval_strategy", "no", "--save_strategy", "no", "--json")
        before, info = reference(AutoModel.from_pretrained, folder, output_loading_info=True, dtype=torch.float64)
        after, drawn_anew = AutoModel.from_pretrained(out, output_loading_info=True, dtype=torch.float64)
        state = after.state_dict()
        for name, tensor in before.state_dict().items():
            if name in info["missing_keys"] or "pooler." in name:  # not every classifier has one
                continue
            if name in drawn_anew["missing_keys"]:
                raise Finding(f"HEAD the body lacks {name}")
            if not torch.allclose(state[name], tensor, rtol=0, atol=1e-20):
                raise Finding(f"HEAD other numbers in {name}")
        check_classifier(program, out, drawn, words, pad, rng, worst)


def check_language(program, folder, drawn, words, pad, rng, worst):
    tokenizer = reference(PreTrainedTokenizerFast.from_pretrained, folder)
    model = reference(loaded, AutoModelForCausalLM, folder)
    texts = texts_of(drawn, words, pad, rng, tokenizer)
    limit, cut = limit_of(drawn, rng)

    def scores(text):
        fresh(model)
        ids = tokenizer(text, **cut).input_ids
        with torch.no_grad():
            rows = torch.log_softmax(model(input_ids=torch.tensor([ids])).logits[0], -1)
        return [rows[k, ids[k + 1]].item() for k in range(len(ids) - 1)]
    expected = [reference(scores, text) for text in texts]
    rows = run(program, "score", "--model_name_or_path", folder, "--json", "--per_device_eval_batch_size",
               rng.choice([1, 3, 32]), *limit, *(x for t in texts for x in ("--text", t)))
    for text, row, values in zip(texts, rows, expected):
        if cut or not row.get("truncated"):
            worst.compare(f"'{text}'", row["logprobs"], values)
        elif len(tokenizer(text).input_ids) <= drawn.longest:
            raise Finding(f"DIFFERS truncated a text of {len(tokenizer(text).input_ids)} tokens, longest {drawn.longest}")


def check_targets(program, folder, drawn, words, pad, rng, worst):
    tokenizer = reference(PreTrainedTokenizerFast.from_pretrained, folder)
    model = reference(loaded, AutoModelForSeq2SeqLM, folder)
    sources, targets = (texts_of(drawn, words, pad, rng, tokenizer) for _ in range(2))
    limit, cut = limit_of(drawn, rng)

    def scores(source, target):
        labels = tokenizer(text_target=target, return_tensors="pt", **cut).input_ids
        with torch.no_grad():
            logits = model(**tokenizer(source, return_tensors="pt", **cut), labels=labels).logits[0]
        return torch.log_softmax(logits, -1)[range(labels.shape[1]), labels[0]].tolist()
    expected = [reference(scores, *pair) for pair in zip(sources, targets)]
    rows = run(program, "score", "--model_name_or_path", folder, "--json", "--per_device_eval_batch_size", rng.choice([1, 3, 32]), *limit,
               *(x for a, b in zip(sources, targets) for x in ("--text", a, "--target", b)))
    for source, target, row, values in zip(sources, targets, rows, expected):
        worst.compare(f"'{target}' of '{source}'", row["logprobs"], values)


def gradients(model, tokenizer, texts, values):
    for text, value in zip(texts, values):
        fresh(model)
        logits = model(**tokenizer(text, return_tensors="pt")).logits
        ((logits[0, 0] - value) ** 2 / len(texts)).backward()
    return {name: torch.zeros_like(p) if p.grad is None else p.grad for name, p in model.named_parameters()}


def check_gradient(program, folder, drawn, words, pad, rng, worst):
    """A step of plain descent shows the gradient; labels of some size keep it above the rounding of the weights."""
    tokenizer = reference(PreTrainedTokenizerFast.from_pretrained, folder)
    model = reference(loaded, AutoModelForSequenceClassification, folder)
    texts = texts_of(drawn, words, pad, rng, tokenizer)
    values = [rng.randint(-400, 400) / 4 for _ in texts]
    expected = reference(gradients, model, tokenizer, texts, values)
    with tempfile.TemporaryDirectory() as place:
        rows, out = Path(place, "rows.csv"), Path(place, "out")
        rows.write_text("text,label\n" + "".join(f"{text},{value}\n" for text, value in zip(texts, values)))
        run(program, "train", "--model_name_or_path", folder, "--train_file", rows, "--output_dir", out, "--max_steps", 1,
            "--text_column", "text", "--label_column", "label", "--problem_type", "regression", "--optim", "sgd",
            "--momentum", 0, "--learning_rate", 1, "--lr_scheduler_type", "constant", "--max_grad_norm", 0, "--dropout", 0,
            "--per_device_train_batch_size", len(texts), "--eval_strategy", "no", "--save_strategy", "no", "--precision",
            "fp32", "--threads", 1, "--json")
        after = dict(AutoModelForSequenceClassification.from_pretrained(out, dtype=torch.float64).named_parameters())
    single = {}  # what transformers itself gives in single precision
    total = math.sqrt(sum(g.norm().item() ** 2 for g in expected.values()))
    for name, p in model.named_parameters():
        step = p.detach() - after[name].detach()
        rounding = 1e-7 * max(p.detach().norm().item(), after[name].detach().norm().item())  # of the weights, not ours
        error = (step - expected[name]).norm().item()
        allowed = GRADIENT * max(expected[name].norm().item(), GRADIENT * total)
        if not error <= allowed + rounding:
            single = single or gradients(loaded(AutoModelForSequenceClassification, folder).float(), tokenizer, texts, values)
            theirs = (single[name].double() - expected[name]).norm().item()
            if error <= max(2 * theirs, 1.2e-7 * total):  # what rounds away beside the other gradients
                worst.noisy += 1
                continue
            raise Finding(f"GRADIENT {name}: off by {error:.3g}, allowed {allowed:.3g} of {expected[name].norm().item():.3g}, "
                          f"transformers in single precision by {theirs:.3g}")
        worst.gradient = max(worst.gradient, max(0.0, error - rounding) / allowed)


# --- a case -----------------------------------------------------------------------------------------------------------

def kinds_of(family, keys, rng):
    """The class that is saved, and the check."""
    tied = keys.get("tie_word_embeddings", family not in ("llama", "mistral", "qwen2", "qwen3", "phi3"))
    heads = [(AutoModelForSequenceClassification, "classify")] * 3 + [(AutoModelForSequenceClassification, "gradient")] * 2
    if family in DECODERS:
        heads += [(AutoModelForCausalLM, "score")] * 3 + [(AutoModelForCausalLM, "head"), (AutoModel, "head")]
        if tied:
            heads.append((AutoModel, "score"))
        if keys.get("use_bidirectional_attention"):
            heads = heads[:5]
    elif family in ENCODER_DECODERS:
        targets = [(AutoModelForSeq2SeqLM, "targets")] * 3
        if tied and keys.get("share_encoder_decoder_embeddings", True):
            targets.append((AutoModel, "targets"))
        heads = targets if family == "marian" else heads + targets + [(AutoModelForSeq2SeqLM, "head"), (AutoModel, "head")]
    else:
        heads += [(kind, "head") for kind in (AutoModelForMaskedLM, AutoModelForTokenClassification,
                                              AutoModelForQuestionAnswering, AutoModel) if rng.random() < 0.4]
    return rng.choice(heads)


def case(program, family, rng, folder, told):
    drawn = FAMILIES[family](rng)
    kind, check = kinds_of(family, drawn.keys, rng)
    labels = draw_labels(rng) if kind is AutoModelForSequenceClassification else {}
    if check == "gradient":
        labels = {"num_labels": 1, "problem_type": "regression"}
    told.update(keys={**drawn.keys, **labels}, kind=kind.__name__, check=check)
    config = reference(AutoConfig.for_model, family, **json.loads(json.dumps(drawn.keys)), **labels)
    model = reference(kind.from_config, config)
    fill(model, rng)
    precision = rng.choice([torch.float32] * 4 + [torch.float16, torch.float16, torch.bfloat16, torch.bfloat16, torch.float64])
    if check == "gradient":
        precision = torch.float32
    told["precision"] = str(precision)
    model = model.to(precision)
    if check != "gradient" and rng.random() < 0.15:
        told["precision"] += " mixed"
        for p in model.parameters():
            p.data = p.data.to(rng.choice([torch.float32, torch.float16, torch.bfloat16, torch.float64]))
    told["format"] = reference(save, model, folder, rng)
    tokenizer, words, pad = tokenizer_of(drawn, rng)
    tokenizer.save_pretrained(folder)
    told["spelling"] = respell(drawn, folder, rng)
    worst = Worst()
    if check == "classify":
        result = check_classifier(program, folder, drawn, words, pad, rng, worst)
        if rng.random() < 0.3:
            told["check"] = "classify, export"
            check_export(program, folder, *result, worst)
    else:
        {"score": check_language, "targets": check_targets, "head": check_other_head, "gradient": check_gradient}[check](
            program, folder, drawn, words, pad, rng, worst)
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="families, with commas")
    parser.add_argument("--case", type=int, help="this case alone")
    parser.add_argument("--keep", help="keep the folders of findings here")
    parser.add_argument("--verbose", action="store_true", help="a line for each case")
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    families = options.only.split(",") if options.only else list(FAMILIES)
    table = collections.defaultdict(collections.Counter)
    largest, steepest = collections.defaultdict(float), collections.defaultdict(float)
    for number in [options.case] if options.case is not None else range(options.count):
        rng = random.Random(f"{options.seed}:{number}:{options.only}")
        torch.manual_seed(number)
        family = rng.choice(families)
        told = {}
        folder = Path(tempfile.mkdtemp())
        try:
            worst = case(options.program, family, rng, folder, told)
            result, line = "same", f"{worst.error:.1e} {worst.gradient:.2g} {worst.noisy or ''}"
            largest[family] = max(largest[family], worst.error)
            steepest[family] = max(steepest[family], worst.gradient)
        except Skipped as problem:
            result, line = "skipped", str(problem)
        except Finding as problem:
            result, line = "finding", str(problem)
        table[family][result] += 1
        if result == "finding" or options.verbose or options.case is not None:
            about = ", ".join(f"{told[key]}" for key in ("kind", "check", "precision", "format", "spelling") if key in told)
            print(f"{number} {family} [{about}] {result}: {line}", flush=True)
        if result == "finding":
            print(f"    {told.get('keys')}", flush=True)
            if options.keep:
                shutil.copytree(folder, Path(options.keep, f"{options.seed}-{number}-{family}"), dirs_exist_ok=True)
        shutil.rmtree(folder)
    print(f"{'family':14}{'same':>7}{'skipped':>9}{'findings':>10}{'largest difference':>20}{'gradient / allowed':>20}")
    for family in families:
        row = table[family]
        print(f"{family:14}{row['same']:7}{row['skipped']:9}{row['finding']:10}{largest[family]:20.1e}{steepest[family]:20.2g}")
    sys.exit(any(row["finding"] for row in table.values()))


if __name__ == "__main__":
    main()
