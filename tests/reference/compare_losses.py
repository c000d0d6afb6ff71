#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs `finetune-studio train` beside the losses of sst2_parity.py and compares them.

  compare_losses.py first STUDIO MODEL_DIR TRAIN_FILE losses.jsonl
      no dropout, file order: greatest difference of the first 10 and the first 50 losses (limits 1e-5 and 1e-4)
  compare_losses.py mean  STUDIO MODEL_DIR TRAIN_FILE losses.jsonl
      dropout on, one run a seed: mean loss at the last step, difference in standard errors (limit 2)
"""
import json
import math
import subprocess
import sys
import tempfile


def studio_losses(program, model, file, steps, seed, batch, extra):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "train", "--model_name_or_path", model, "--train_file", file, "--output_dir",
                   f"{folder}/run", "--file_format", "label-text", "--max_steps", str(steps), "--learning_rate", "1e-4",
                   "--per_device_train_batch_size", str(batch), "--eval_strategy", "no", "--save_strategy", "no",
                   "--device", "cpu", "--precision", "fp32", "--seed", str(seed), "--json", *extra]
        lines = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()
    return [event["loss"] for event in map(json.loads, lines) if event["event"] == "step"]


def main():
    kind, program, model, file, reference = sys.argv[1:6]
    runs = [json.loads(line) for line in open(reference)]
    if kind == "first":
        expected = runs[0]["losses"]
        found = studio_losses(program, model, file, len(expected), 42, runs[0]["batch"],
                              ["--dropout", "0", "--shuffle", "false"])
        apart = [abs(a - b) for a, b in zip(found, expected)]
        print(json.dumps({"steps": len(apart), "first_10": max(apart[:10]), "all": max(apart)}))
        sys.exit(0 if max(apart[:10]) <= 1e-5 and max(apart) <= 1e-4 else 1)
    reference_last = [run["losses"][-1] for run in runs]
    own_last = [studio_losses(program, model, file, len(run["losses"]), run["seed"], run["batch"], [])[-1]
                for run in runs]

    def mean_and_variance(values):
        mean = sum(values) / len(values)
        return mean, sum((v - mean) ** 2 for v in values) / (len(values) - 1) / len(values)

    (a, va), (b, vb) = mean_and_variance(reference_last), mean_and_variance(own_last)
    errors = abs(a - b) / math.sqrt(va + vb)
    print(json.dumps({"seeds": len(runs), "transformers": a, "studio": b, "standard_errors": errors}))
    sys.exit(0 if errors <= 2 else 1)


main()
