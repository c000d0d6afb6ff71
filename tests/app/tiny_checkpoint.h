// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace studio::test {

/// Writes a BERT checkpoint that fits on a page into `folder`: 2 layers of width 16, weights by formula,
/// a WordPiece vocabulary of letters and a few words, no classification head.
void writeTinyCheckpoint(const QString& folder);
/// The same vocabulary below a GPT-2 language model: 2 layers of width 16, weights by formula.
void writeTinyLanguageModel(const QString& folder);
/// A T5 of one layer a half with the same tokeniser, whose [SEP] ends a text.
void writeTinyEncoderDecoder(const QString& folder);
/// Its vocabulary, by id.
[[nodiscard]] QStringList tinyVocabulary();

/// `rows` labelled sentences as CSV with the header text,label: "good" words are positive, "bad" negative.
[[nodiscard]] QByteArray reviewsCsv(int rows);

void writeFile(const QString& file, const QByteArray& content);
[[nodiscard]] QByteArray fileContent(const QString& file);

} // namespace studio::test
