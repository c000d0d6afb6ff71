// SPDX-License-Identifier: MIT
#include "ui/widgets/warning_text.h"

#include "ui/widgets/format.h"

#include <utility>
#include <vector>

#include <QCoreApplication>
#include <QRegularExpression>

namespace studio {

namespace {

/// The sentences of core, in the plural; core/models, core/train, core/data.
const char* const sentences[] = {
    // clang-format off
    QT_TRANSLATE_NOOP("studio::Warning", "The checkpoint has no classification head: a new one for %1 labels was created with seed %2 (%3); it must be trained before its answers mean anything."),
    QT_TRANSLATE_NOOP("studio::Warning", "The checkpoint's classification head is incomplete: %1 created with seed %2."),
    QT_TRANSLATE_NOOP("studio::Warning", "The checkpoint's classification head is for another number of labels (%1): a new head for %2 labels was created with seed %3."),
    QT_TRANSLATE_NOOP("studio::Warning", "The checkpoint's classification head for %1 labels is not used: a new head for %2 labels was created with seed %3."),
    QT_TRANSLATE_NOOP("studio::Warning", "The checkpoint has no pooler: %1 created with seed %2."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 tensors of the checkpoint are not part of a classifier and left out: %2."),
    QT_TRANSLATE_NOOP("studio::Warning", "Not in the checkpoint, so it will be created and must be trained: %1."),
    QT_TRANSLATE_NOOP("studio::Warning", "The checkpoint holds more layers than config.json describes; what belongs to them is left out: %1."),
    QT_TRANSLATE_NOOP("studio::Warning", "config.json names code that came with the checkpoint (auto_map): it is never run, the model is computed as transformers computes %1 models."),
    QT_TRANSLATE_NOOP("studio::Warning", "The language-model head is the word embedding itself (tied)."),
    QT_TRANSLATE_NOOP("studio::Warning", "Weights: %1, will be dequantised to fp32."),
    QT_TRANSLATE_NOOP("studio::Warning", "Weights: %1, will be converted to fp32."),
    QT_TRANSLATE_NOOP("studio::Warning", "Weights: %1."),
    QT_TRANSLATE_NOOP("studio::Warning", "Classifies on the last token that is not pad_token_id; where that is null on the last token, and transformers then takes one text at a time."),
    QT_TRANSLATE_NOOP("studio::Warning", "Classifies on the last end-of-sequence token, of which transformers wants the same number in all texts of a batch; `score` with targets gives the log-probabilities of translations or summaries."),
    QT_TRANSLATE_NOOP("studio::Warning", "transformers has no sequence classifier of this family; `score` with targets gives the log-probabilities of translations."),
    QT_TRANSLATE_NOOP("studio::Warning", "transformers has no sequence classifier of this family."),
    QT_TRANSLATE_NOOP("studio::Warning", "The tokeniser has %1 entries, but the model's word embedding has %2 rows; take the tokeniser files that belong to this model."),
    QT_TRANSLATE_NOOP("studio::Warning", "The tokeniser adds no token with id %1 (eos_token_id) to a text, but the classifier reads the state at that token; take the tokeniser files that belong to this model."),
    QT_TRANSLATE_NOOP("studio::Warning", "Tensors of the encoder are missing: %1."),
    QT_TRANSLATE_NOOP("studio::Warning", "Tensors have another shape than config.json says: %1."),
    QT_TRANSLATE_NOOP("studio::Warning", "The model calls its labels %1; they are taken for %2 in this order, and its classification head is kept."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 texts are longer than %2 tokens and are cut."),
    QT_TRANSLATE_NOOP("studio::Warning", "The model's vocabulary does not know %1 % of the characters of the training texts; a model for their language will do better."),
    QT_TRANSLATE_NOOP("studio::Warning", "lr_scheduler_type constant has no warm-up; use constant_with_warmup for one."),
    QT_TRANSLATE_NOOP("studio::Warning", "The run computed with %1 threads and goes on with %2; the result will differ a little from that of an uninterrupted run."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 is %2 now and was %3 when the run began; the result will differ from that of an uninterrupted run."),
    QT_TRANSLATE_NOOP("studio::Warning", "The run computed on %1 and goes on on %2; the result will differ a little from that of an uninterrupted run."),
    QT_TRANSLATE_NOOP("studio::Warning", "The run computed in %1, which %2 cannot, and goes on in %3."),
    QT_TRANSLATE_NOOP("studio::Warning", "The run began with %1 and goes on with %2; the result may differ a little from that of an uninterrupted run."),
    QT_TRANSLATE_NOOP("studio::Warning", "On a GPU a resumed run equals an uninterrupted one only within rounding."),
    QT_TRANSLATE_NOOP("studio::Warning", "The %1 file '%2' has changed since the run began (SHA-256 %3 instead of %4); the run goes on with it, and the result will differ from that of an uninterrupted run."),
    QT_TRANSLATE_NOOP("studio::Warning", "The change was not taken: %1"),
    QT_TRANSLATE_NOOP("studio::Warning", "Only %1 of %2 of memory are left, fewer than the %3 below which the system might end the program. A checkpoint was saved and the run is paused. Close other programs, then resume it."),
    QT_TRANSLATE_NOOP("studio::Warning", "No room left in '%1': writing '%2' needs at least %3 more bytes. Free some space or choose another folder. The run is paused and goes on as soon as it can write."),
    QT_TRANSLATE_NOOP("studio::Warning", "The run folder '%1' is gone: it was moved or deleted, or its disk was taken away. Bring it back. The run is paused and goes on as soon as it can write."),
    QT_TRANSLATE_NOOP("studio::Warning", "Cannot write '%1': %2. The run is paused and goes on as soon as it can write."),
    QT_TRANSLATE_NOOP("studio::Warning", "The run needs about %1 MB of memory, and only %2 MB are available; choose smaller batches, gradient_checkpointing, shorter inputs or a smaller model, or close other programs. Before memory runs out, a checkpoint is saved."),
    QT_TRANSLATE_NOOP("studio::Warning", "The run needs about %1 MB of the memory of %2, and only %3 MB are free there. Batches that do not fit are split, which costs time; choose smaller batches, gradient_checkpointing, shorter inputs or a smaller model, or end other programs on this GPU."),
    QT_TRANSLATE_NOOP("studio::Warning", "Memory did not suffice for the micro-batches of step %1: it is repeated, and the run goes on, with each batch in %2 micro-batches of at most %3 rows; gradients stay those of whole batches within rounding."),
    QT_TRANSLATE_NOOP("studio::Warning", "Memory did not suffice for the micro-batches of step %1: it is repeated, and the run goes on, with each batch in %2 micro-batches of at most 1 row; gradients stay those of whole batches within rounding."),
    QT_TRANSLATE_NOOP("studio::Warning", "Memory did not suffice for the micro-batches of step %1: it is repeated, and the run goes on, with each batch in %2 micro-batches; gradients stay those of whole batches within rounding."),
    QT_TRANSLATE_NOOP("studio::Warning", "There is no checkpoint in '%1' yet; the run begins at step 0."),
    QT_TRANSLATE_NOOP("studio::Warning", "The weights of the best evaluation (step %1) are gone; the best model is chosen among the evaluations to come."),
    QT_TRANSLATE_NOOP("studio::Warning", "AUC is undefined: label '%1' needs rows with and without it, and scores that are numbers."),
    QT_TRANSLATE_NOOP("studio::Warning", "AUC is undefined: it needs rows of both classes, and scores that are numbers."),
    QT_TRANSLATE_NOOP("studio::Warning", "The predictions are not numbers; no metric is defined."),
    QT_TRANSLATE_NOOP("studio::Warning", "R² is undefined: it needs at least two rows."),
    QT_TRANSLATE_NOOP("studio::Warning", "Correlations are undefined: targets and predictions must each have two different values."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows repeat the text of an earlier row."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows repeat the text and label of an earlier row."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows repeat the text of an earlier row; cleaning leaves them out."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows repeat the text and label of an earlier row; cleaning leaves them out."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows have a text that occurs with different labels."),
    QT_TRANSLATE_NOOP("studio::Warning", "Labels differ only by case or spaces: %1. They count as different."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 classes have fewer than %2 rows: %3."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows of the validation part have a text that is also in the training part."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows of the test part have a text that is also in the training part."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows have no label in column '%2'."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows have a label that is not a finite number (%2)."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows have a label other than 0 and 1 (%2)."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows have a label list that cannot be read (%2)."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows have an empty text."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows have an empty text; cleaning leaves them out."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows have another number of cells than there are columns."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows are not valid JSON."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows hold a zero byte."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows hold bytes that the file's encoding does not allow; they became U+FFFD."),
    QT_TRANSLATE_NOOP("studio::Warning", "%1 rows begin a quoted cell that nothing closes; the quote was taken as a character."),
    //: who holds a folder: %1 is a number, %2 the name of a machine
    QT_TRANSLATE_NOOP("studio::Warning", "process %1 on %2"),
    // clang-format on
};

struct Pattern {
    const char* sentence;
    QRegularExpression expression;
};

const std::vector<Pattern>& patterns()
{
    static const auto made = [] {
        std::vector<Pattern> all;
        for (const auto* sentence : sentences) {
            static const QRegularExpression blank(QStringLiteral("%[1-9]"));
            static const QRegularExpression counted(QStringLiteral("^%1 (rows|texts|tensors|classes)\\b"));
            const auto text = QString::fromUtf8(sentence);
            QString expression;
            qsizetype from = 0;
            for (auto match = blank.globalMatch(text); match.hasNext();) {
                const auto found = match.next();
                // A count at the beginning takes no name of a file with it: "a.csv: 3 rows …".
                const bool count = found.capturedStart() == 0 && counted.match(text).hasMatch();
                expression += QRegularExpression::escape(text.mid(from, found.capturedStart() - from))
                    + (count ? QStringLiteral("([\\d.,]+)") : QStringLiteral("(.+)"));
                from = found.capturedEnd();
            }
            expression += QRegularExpression::escape(text.mid(from));
            all.push_back({sentence,
                QRegularExpression(QRegularExpression::anchoredPattern(expression),
                    QRegularExpression::DotMatchesEverythingOption)});
        }
        return all;
    }();
    return made;
}

/// Core says one thing in the singular; the table knows the plural.
QString inPlural(QString sentence)
{
    static const std::pair<QRegularExpression, QString> forms[] = {
        {QRegularExpression(QStringLiteral("^1 row has\\b")), QStringLiteral("1 rows have")},
        {QRegularExpression(QStringLiteral("^1 row is\\b")), QStringLiteral("1 rows are")},
        {QRegularExpression(QStringLiteral("^1 row (hold|begin|repeat)s\\b")), QStringLiteral("1 rows \\1")},
        {QRegularExpression(QStringLiteral("^1 row +of the (\\w+) part has\\b")),
            QStringLiteral("1 rows of the \\1 part have")},
        {QRegularExpression(QStringLiteral("^(\\d+) rows +of\\b")), QStringLiteral("\\1 rows of")},
        {QRegularExpression(QStringLiteral("^1 class has\\b")), QStringLiteral("1 classes have")},
        {QRegularExpression(QStringLiteral("^1 tensor of the checkpoint is\\b")),
            QStringLiteral("1 tensors of the checkpoint are")},
    };
    for (const auto& [singular, plural] : forms)
        sentence.replace(singular, plural);
    return sentence;
}

/// Empty: no sentence of the table.
QString translated(const QString& sentence)
{
    const auto plural = inPlural(sentence);
    for (const auto& pattern : patterns()) {
        const auto match = pattern.expression.match(plural);
        if (!match.hasMatch())
            continue;
        const auto text = QCoreApplication::translate("studio::Warning", pattern.sentence);
        if (text == QString::fromUtf8(pattern.sentence))
            return sentence; // the language of core
        // In one pass: what stands in a blank may hold "%2" itself.
        static const QRegularExpression blank(QStringLiteral("%([1-9])"));
        QString filled;
        qsizetype from = 0;
        for (auto blanks = blank.globalMatch(text); blanks.hasNext();) {
            const auto found = blanks.next();
            filled
                += text.mid(from, found.capturedStart() - from) + match.captured(found.captured(1).toInt());
            from = found.capturedEnd();
        }
        return filled + text.mid(from);
    }
    return {};
}

} // namespace

QString warningText(const std::string& sentence)
{
    const auto text = fromCore(sentence);
    if (auto whole = translated(text); !whole.isEmpty())
        return whole;
    // Of a file: "reviews.csv: 3 rows …".
    const auto colon = text.indexOf(QStringLiteral(": "));
    if (colon > 0) {
        if (const auto rest = translated(text.mid(colon + 2)); !rest.isEmpty())
            //: %1 is the name of a file, %2 a warning about it
            return QCoreApplication::translate("studio::Warning", "%1: %2").arg(text.left(colon), rest);
    }
    return text;
}

} // namespace studio
