#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The floor a fine-tuned model has to beat: multinomial naive Bayes on word uni- and bigrams.

Usage: naive_bayes.py TRAIN.csv TEST.csv [TEXT_COLUMN [LABEL_COLUMN]]   (needs scikit-learn)
Prints the accuracy on the test file.
"""
import csv
import sys

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline


def read(path, text_column, label_column):
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {text_column, label_column} - set(reader.fieldnames or [])
        if missing:
            sys.exit(f"{path} has no column {', '.join(sorted(missing))}; it has {', '.join(reader.fieldnames or [])}")
        rows = [(row[text_column], row[label_column]) for row in reader]
    return [text for text, _ in rows], [label for _, label in rows]


def main():
    if not 3 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    columns = (sys.argv[3:] + ["text", "label"][len(sys.argv) - 3 :])[:2]
    texts, labels = read(sys.argv[1], *columns)
    test_texts, test_labels = read(sys.argv[2], *columns)
    # One-character words count too, and each CJK character is a word: Chinese has no spaces.
    words = CountVectorizer(ngram_range=(1, 2), token_pattern=r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+(?:['’]\w+)?")
    model = make_pipeline(words, MultinomialNB()).fit(texts, labels)
    accuracy = model.score(test_texts, test_labels)
    print(f"naive Bayes: accuracy {accuracy:.4f} ({round(accuracy * len(test_labels))} of {len(test_labels)})")


main()
