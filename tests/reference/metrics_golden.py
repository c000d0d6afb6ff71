#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Metrics by scikit-learn and SciPy for made-up predictions.

Usage: metrics_golden.py OUT.json   (written to tests/core/train/metrics_golden.json)
"""
import json
import math
import sys
import warnings

import numpy as np
from scipy import stats
from sklearn import metrics as sk

warnings.filterwarnings("ignore")


def number(value):
    value = float(value)
    return value if math.isfinite(value) else None


def single(name, classes, truth, scores, predictions=None):
    truth = np.asarray(truth)
    scores = np.asarray(scores, dtype=np.float32)
    predictions = scores.argmax(1) if predictions is None else np.asarray(predictions)
    present = sorted(set(truth) | set(predictions))
    macro = sk.precision_recall_fscore_support(truth, predictions, labels=present, average="macro", zero_division=0)
    each = sk.precision_recall_fscore_support(truth, predictions, labels=range(classes), zero_division=0)
    if classes == 2:
        auc = sk.roc_auc_score(truth, scores[:, 1]) if len(set(truth)) == 2 else None
    elif len(set(truth)) == classes:
        auc = np.mean([sk.roc_auc_score(truth == c, scores[:, c]) for c in range(classes)])
    else:
        auc = None
    expected = {
        "accuracy": sk.accuracy_score(truth, predictions),
        "precision": macro[0], "recall": macro[1], "f1": macro[2],
        "f1_weighted": sk.f1_score(truth, predictions, average="weighted", zero_division=0),
        "f1_micro": sk.f1_score(truth, predictions, labels=present, average="micro", zero_division=0),
        "mcc": sk.matthews_corrcoef(truth, predictions),
        "auc": auc,
    }
    if classes == 2:
        expected["f1_binary"] = sk.f1_score(truth, predictions, pos_label=1, labels=[1], average="macro",
                                            zero_division=0)
    return {
        "name": name, "kind": "single", "labels": classes, "truth": truth.tolist(),
        "predictions": predictions.tolist(), "scores": scores.flatten().tolist(),
        "expected": {k: None if v is None else number(v) for k, v in expected.items()},
        "confusion": sk.confusion_matrix(truth, predictions, labels=range(classes)).tolist(),
        "per_class": [[number(x) for x in column] for column in zip(*each)],
    }


def multi(name, truth, scores):
    truth = np.asarray(truth)
    scores = np.asarray(scores, dtype=np.float32)
    predictions = (scores >= 0.5).astype(int)
    macro = sk.precision_recall_fscore_support(truth, predictions, average="macro", zero_division=0)
    defined = all(0 < column.sum() < len(column) for column in truth.T)
    matrices = sk.multilabel_confusion_matrix(truth, predictions)
    expected = {
        "accuracy": sk.accuracy_score(truth, predictions),
        "precision": macro[0], "recall": macro[1], "f1": macro[2],
        "f1_weighted": sk.f1_score(truth, predictions, average="weighted", zero_division=0),
        "f1_micro": sk.f1_score(truth, predictions, average="micro", zero_division=0),
        "auc": number(sk.roc_auc_score(truth, scores, average="macro")) if defined else None,
    }
    each = sk.precision_recall_fscore_support(truth, predictions, zero_division=0)
    return {
        "name": name, "kind": "multi", "labels": truth.shape[1], "truth": truth.flatten().tolist(),
        "scores": scores.flatten().tolist(),
        "expected": {k: None if v is None else number(v) for k, v in expected.items()},
        "confusion": [m.flatten().tolist() for m in matrices],
        "per_class": [[number(x) for x in column] for column in zip(*each)],
    }


def regression(name, truth, predictions):
    truth = np.asarray(truth, dtype=np.float64)
    predictions = np.asarray(predictions, dtype=np.float32)
    wide = predictions.astype(np.float64)
    expected = {
        "mse": sk.mean_squared_error(truth, wide), "mae": sk.mean_absolute_error(truth, wide),
        "r2": sk.r2_score(truth, wide) if len(truth) > 1 else math.nan,
        "pearson": stats.pearsonr(truth, wide)[0] if len(truth) > 1 else math.nan,
        "spearman": stats.spearmanr(truth, wide)[0] if len(truth) > 1 else math.nan,
    }
    return {
        "name": name, "kind": "regression", "truth": truth.tolist(), "predictions": predictions.tolist(),
        "expected": {k: number(v) for k, v in expected.items()},
    }


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def main():
    rng = np.random.default_rng(20)
    cases = []
    for classes in (2, 3, 6):
        for n in (7, 60):
            cases.append(single(f"random {classes} classes {n} rows", classes, rng.integers(0, classes, n),
                                softmax(rng.normal(size=(n, classes)))))
    coarse = np.round(softmax(rng.normal(size=(50, 2))), 1)
    cases.append(single("two classes with tied scores", 2, rng.integers(0, 2, 50), coarse))
    cases.append(single("three classes with tied scores", 3, rng.integers(0, 3, 50),
                        np.round(softmax(rng.normal(size=(50, 3))), 1)))
    cases.append(single("a class in neither truth nor prediction", 4, [0, 1, 1, 0, 2],
                        np.eye(4)[[0, 1, 0, 0, 1]] * 0.6 + 0.1))
    cases.append(single("a class predicted but never true", 3, [0, 1, 1, 0],
                        np.eye(3)[[0, 2, 1, 2]] * 0.7 + 0.1))
    cases.append(single("one true class", 2, [1, 1, 1], [[0.4, 0.6], [0.7, 0.3], [0.2, 0.8]]))
    cases.append(single("one class everywhere", 2, [0, 0], [[0.9, 0.1], [0.8, 0.2]]))
    cases.append(single("all right", 3, [0, 1, 2, 1], np.eye(3)[[0, 1, 2, 1]]))
    cases.append(single("all wrong", 2, [0, 1, 0, 1], np.eye(2)[[1, 0, 1, 0]]))
    for labels in (2, 5):
        cases.append(multi(f"multi-label {labels}", rng.integers(0, 2, (40, labels)), rng.random((40, labels))))
    rare = rng.integers(0, 2, (20, 3))
    rare[:, 1] = 0
    cases.append(multi("multi-label with a label that is never true", rare, rng.random((20, 3))))
    cases.append(multi("multi-label at the threshold", [[1, 0], [0, 1], [1, 1]], [[0.5, 0.5], [0.49, 0.5], [1, 0]]))
    x = rng.normal(size=80)
    cases.append(regression("regression", x, x * 0.7 + rng.normal(size=80) * 0.5))
    cases.append(regression("regression with ties", np.round(x * 2), np.round(x + rng.normal(size=80))))
    cases.append(regression("constant predictions", x[:10], np.ones(10)))
    cases.append(regression("constant targets", np.ones(5), x[:5]))
    cases.append(regression("constant and right", np.ones(5), np.ones(5)))
    cases.append(regression("one row", [1.5], [1.0]))
    with open(sys.argv[1], "w") as out:
        json.dump(cases, out)
        out.write("\n")


main()
