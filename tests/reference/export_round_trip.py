# SPDX-License-Identifier: MIT
"""Whether transformers loads what `PROGRAM export` writes, with the same names, numbers and logits."""
import subprocess
import tempfile
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification


def round_trip(program, name, model, inputs, logits_of):
    """Saves `model` with noise on every parameter, exports it, loads it again; says "ok" or what differs. The numbers must be
    the same, the logits only nearly: what is loaded may compute attention in another way."""
    with torch.no_grad():  # fresh heads and norms are too regular to tell anything
        for p in model.parameters():
            p.add_(torch.randn_like(p) * 0.1)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        model.save_pretrained(source)
        done = subprocess.run([program, "export", source, "--output_dir", target], capture_output=True, text=True)
        if done.returncode:
            print(f"{name}: REFUSED {done.stderr.strip().splitlines()[-1]}")
            return False
        again, info = AutoModelForSequenceClassification.from_pretrained(target, output_loading_info=True)
    found = {key: value for key, value in info.items() if value}
    names = dict(again.named_parameters())
    same = all(n in names and torch.equal(p, names[n]) for n, p in model.named_parameters())
    with torch.no_grad():
        worst = max((logits_of(model.eval(), one) - logits_of(again.eval(), one)).abs().max().item() for one in inputs)
    good = not found and same and worst < 1e-5
    print(f"{name}: {'ok' if good else 'DIFFERS'} {found or ''} {worst:g}")
    return good
