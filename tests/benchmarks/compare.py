# SPDX-License-Identifier: MIT
"""Side by side with the Python stack, in one run on one machine: ratios with their spread.

    python tests/benchmarks/compare.py --program build/release/bin/finetune-studio --model .deps/starter \\
        --train-file ../shared/data/sst/stsa.binary.train --validation-file ../shared/data/sst/stsa.binary.dev

needs an interpreter with tests/reference/requirements.txt installed; the program and the reference run in turn, each as
a process of its own. Every dropout of the config and gradient clipping are active on both sides; the reference's steps are
timed without evaluation, logging and saving. Files are evaluated and classified from text to written answers; what starting
and loading take is left out. The rows of BERT-base train random weights on texts of 128 tokens, 8 a batch; the share of the
peak counts the multiply-adds of a step by the shapes of its matrices, against the fastest of some matrix multiplies of torch
alone. tests/benchmarks/table sets up what the reference needs and calls this. Writes results.json and prints a Markdown table. Tokenising alone has
programs of its own: tokenize_benchmark (ninja tokenize_benchmark) and tokenize_reference.py. The time to the first window
needs a display and xdotool (xvfb-run python tests/benchmarks/compare.py …).
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--program", required=True)
parser.add_argument("--model", required=True)
parser.add_argument("--train-file", required=True)
parser.add_argument("--validation-file", required=True)
parser.add_argument("--steps", type=int, default=60)
parser.add_argument("--warmup", type=int, default=5)
parser.add_argument("--repeats", type=int, default=3)
parser.add_argument("--only", default="train,grouped,files,typed,base,cold,window")
parser.add_argument("--results", default="results.json")
args = parser.parse_args()
program = os.path.abspath(args.program)
scratch = tempfile.mkdtemp()


def measured(command, **kwargs):
    """Runs a command; returns (stdout, wall seconds, peak resident MB of that process)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kwargs)
    out, err = process.communicate()
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{err[-2000:]}")
    return out, seconds


def with_memory(command):
    report = os.path.join(scratch, "memory.txt")
    out, seconds = measured(["/usr/bin/time", "-f", "%M", "-o", report] + command)
    return out, seconds, int(open(report).read().split()[-1]) / 1024


def our_training(model, train_file, batch, flags=(), count=args.steps):
    """(samples/s, MB); the trained model is in scratch/ours."""
    folder = os.path.join(scratch, "ours")
    shutil.rmtree(folder, ignore_errors=True)
    out, _, memory = with_memory(
        [program, "train", "--model_name_or_path", model, "--train_file", train_file, "--output_dir", folder,
         "--per_device_train_batch_size", str(batch), "--learning_rate", "1e-4", "--max_steps", str(count),
         "--eval_strategy", "no", "--save_strategy", "no", "--json", *flags])
    steps = [event for event in map(json.loads, out.splitlines()) if event["event"] == "step"]
    seconds = steps[-1]["time"] - steps[args.warmup - 1]["time"]
    return (len(steps) - args.warmup) * batch / seconds, memory


def reference_training(model, train_file, batch, flags=(), count=args.steps):
    out, _, memory = with_memory(
        [sys.executable, os.path.join(here, "reference_trainer.py"), "--model", model, "--train-file", train_file,
         "--steps", str(count), "--warmup", str(args.warmup), "--batch", str(batch), "--output",
         os.path.join(scratch, "reference"), *flags])
    return json.loads(out.splitlines()[-1])["samples_per_second"], memory


def trainings(name, model, train_file, batch, ours=(), reference=(), count=args.steps):
    pairs = [(our_training(model, train_file, batch, ours, count), reference_training(model, train_file, batch, reference, count))
             for _ in repeats]
    row(name, [o[0] for o, r in pairs], [r[0] for o, r in pairs], "samples/s")
    row(f"peak memory: {name}", [o[1] for o, r in pairs], [r[1] for o, r in pairs], "MB", True)
    return statistics.median(o[0] for o, r in pairs)


def reference_inference(what, model=args.model, file=args.train_file):
    command = [sys.executable, os.path.join(here, "reference_inference.py"), "--model", model, "--train-file", file, "--what", what,
               "--output", os.path.join(scratch, "answers." + what)]
    out, seconds, memory = with_memory(command)
    return json.loads(out.splitlines()[-1]), seconds, memory


def our_typed(model):
    process = subprocess.Popen([program, "predict", "--model_name_or_path", model, "--json"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1)
    times = []
    for text in texts_of(args.train_file)[:200]:
        start = time.perf_counter()
        process.stdin.write(text + "\n")
        process.stdin.flush()
        process.stdout.readline()
        times.append(time.perf_counter() - start)
    process.stdin.close()
    process.wait()
    return 1000 * statistics.median(times[1:])


def texts_of(file):
    with open(file, encoding="utf-8") as lines:
        return [line.rstrip("\n").split(" ", 1)[1] for line in lines if line.strip()]


def our_rate(command, model):
    """Rows a second of `evaluate` or `predict`: what the whole file takes beyond its first row."""
    first = os.path.join(scratch, "first.txt")
    with open(args.validation_file, encoding="utf-8") as rows, open(first, "w", encoding="utf-8") as file:
        file.write(next(rows))
    count = len(texts_of(args.validation_file))

    def seconds(file):
        return measured([program, command, "--model_name_or_path", model, "--file", file, "--file_format", "label-text",
                         "--text_column", "text", "--json"])[1]

    return (count - 1) / (seconds(args.validation_file) - seconds(first))


def our_window():
    """Seconds from start to a mapped window, under a display that is there (xvfb-run)."""
    environment = dict(os.environ, XDG_DATA_HOME=scratch, XDG_CONFIG_HOME=scratch, XDG_CACHE_HOME=scratch)
    start = time.perf_counter()
    process = subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(process.pid)], stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    process.terminate()
    process.wait()
    return seconds


rows = []


def row(name, ours, reference, unit, lower_is_better=False):
    ratios = [r / o if lower_is_better else o / r for o, r in zip(ours, reference)]
    rows.append({"name": name, "unit": unit, "ours": ours, "reference": reference, "ratio": statistics.median(ratios),
                 "ratio_min": min(ratios), "ratio_max": max(ratios), "lower_is_better": lower_is_better})
    print(f"{name}: {statistics.median(ours):.4g} against {statistics.median(reference):.4g} {unit}, "
          f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})", file=sys.stderr, flush=True)


wanted = args.only.split(",")
repeats = range(args.repeats)
if "train" in wanted:
    trainings("training, uniform sampling", args.model, args.train_file, 32)
if "grouped" in wanted:
    trainings("training, uniform against length-grouped reference", args.model, args.train_file, 32,
              reference=["--sampling", "group_by_length"])
if "files" in wanted:
    our_training(args.model, args.train_file, 32)
    trained = os.path.join(scratch, "ours")
    for name, command, what in (("evaluating a file", "evaluate", "evaluate"), ("classifying a file", "predict", "file")):
        pairs = [(our_rate(command, trained), reference_inference(what, trained, args.validation_file)[0]["samples_per_second"])
                 for _ in repeats]
        row(name, [o for o, r in pairs], [r for o, r in pairs], "samples/s")
if "typed" in wanted:
    pairs = [(our_typed(args.model), reference_inference("typed")[0]["milliseconds"]) for _ in repeats]
    row("one typed sentence, tokeniser and model", [o for o, r in pairs], [r for o, r in pairs], "ms", True)
if "base" in wanted:
    base, base_rows = os.path.join(scratch, "base"), os.path.join(scratch, "base.txt")
    measured([sys.executable, os.path.join(here, "reference_checkpoint.py"), "--model", args.model, "--train-file",
              args.train_file, "--output", base, "--output-rows", base_rows])
    length, batch = 128, 8
    speed = trainings("BERT-base shape, uniform length 128", base, base_rows, batch, ["--max_seq_length", str(length)],
                      ["--max-length", str(length)], min(args.steps, args.warmup + 10))
    # A token of a layer: four h x h and two h x 4h matrices, and attention to every token; backward takes twice as much.
    width, layers = 768, 12
    operations = 3 * layers * length * (2 * 12 * width * width + 4 * length * width)
    peaks = [reference_inference("peak")[0]["flops"] for _ in repeats]
    row("share of the matrix-multiply peak in that training", [speed * operations / 1e9 for _ in peaks], [p / 1e9 for p in peaks],
        "GFLOP/s")
    pairs = [(our_typed(base), reference_inference("typed", base)[0]["milliseconds"]) for _ in repeats]
    row("one typed sentence, BERT-base shape", [o for o, r in pairs], [r for o, r in pairs], "ms", True)
if "cold" in wanted:
    pairs = [(with_memory([program, "predict", "--model_name_or_path", args.model, "--text", "A fine film."]),
              reference_inference("cold")) for _ in repeats]
    row("one sentence from a cold start", [o[1] for o, r in pairs], [r[1] for o, r in pairs], "s", True)
    row("memory of one sentence", [o[2] for o, r in pairs], [r[2] for o, r in pairs], "MB", True)
if "window" in wanted and os.environ.get("DISPLAY"):
    windows = [our_window() for _ in repeats]
    rows.append({"name": "time to the first window", "unit": "s", "ours": windows, "reference": None})

cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
machine = {"cpu": cpu, "cores": os.cpu_count(), "system": platform.platform()}
json.dump({"machine": machine, "rows": rows}, open(args.results, "w"), indent=1)
print(f"Machine: {cpu}, {os.cpu_count()} cores\n\n| what | studio | reference | ratio (min–max) |\n|---|---|---|---|")
for entry in rows:
    ours = statistics.median(entry["ours"])
    if entry["reference"] is None:
        print(f"| {entry['name']} | {ours:.3g} {entry['unit']} | – | – |")
    else:
        print(f"| {entry['name']} | {ours:.4g} {entry['unit']} | {statistics.median(entry['reference']):.4g} {entry['unit']} "
              f"| {entry['ratio']:.2f} ({entry['ratio_min']:.2f}–{entry['ratio_max']:.2f}) |")
shutil.rmtree(scratch, ignore_errors=True)
