// SPDX-License-Identifier: MIT
#include "ui/pages/train/argument_text.h"

#include "core/base/concat.h"

#include <optional>
#include <string_view>

#include <QCoreApplication>

namespace studio {

namespace {

struct ArgumentText {
    Q_DECLARE_TR_FUNCTIONS(studio::ArgumentText)
};

struct Row {
    const char* name;
    const char* label;
    const char* help;
};

constexpr Row rows[] = {
    {"num_train_epochs", QT_TRANSLATE_NOOP("studio::ArgumentText", "Epochs"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "How often every training text is seen. More epochs fit the data better, until validation gets "
            "worse.")},
    {"max_steps", QT_TRANSLATE_NOOP("studio::ArgumentText", "Most steps"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Ends after this many optimizer steps, whatever the epochs say. -1: the epochs decide.")},
    {"per_device_train_batch_size", QT_TRANSLATE_NOOP("studio::ArgumentText", "Batch size"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Texts that are worked on together in one step. Larger is faster on a GPU and needs more "
            "memory.")},
    {"max_tokens_per_batch", QT_TRANSLATE_NOOP("studio::ArgumentText", "Tokens of a batch"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Batches are filled with texts up to so many tokens, whatever their number; a longer text makes "
            "a "
            "batch of its own. 0: the batch size counts.")},
    {"per_device_eval_batch_size", QT_TRANSLATE_NOOP("studio::ArgumentText", "Batch size of evaluation"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Texts that are worked on together while evaluating. Does not change the result.")},
    {"gradient_accumulation_steps", QT_TRANSLATE_NOOP("studio::ArgumentText", "Accumulated batches"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Batches whose gradients are added up before one step: a larger batch in effect, without more "
            "memory.")},
    {"shuffle", QT_TRANSLATE_NOOP("studio::ArgumentText", "Shuffle the rows"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Draws the rows in a new random order each epoch. Off: the order of the file.")},
    {"group_by_length", QT_TRANSLATE_NOOP("studio::ArgumentText", "Group texts of similar length"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Batches hold texts of similar length: faster, but the order is no longer purely random.")},
    {"max_seq_length", QT_TRANSLATE_NOOP("studio::ArgumentText", "Longest input"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "Texts with more tokens are cut. 0: as long as the model allows.")},
    {"max_train_samples", QT_TRANSLATE_NOOP("studio::ArgumentText", "Use only the first rows for training"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "For a quick trial on part of the data. 0: all rows.")},
    {"max_eval_samples", QT_TRANSLATE_NOOP("studio::ArgumentText", "Use only the first rows for evaluation"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "For a quick trial on part of the data. 0: all rows.")},
    {"optim", QT_TRANSLATE_NOOP("studio::ArgumentText", "Optimizer"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "How weights follow the gradients. AdamW suits fine-tuning best.")},
    {"learning_rate", QT_TRANSLATE_NOOP("studio::ArgumentText", "Learning rate"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "How far weights move in one step, at the peak of the schedule. 2e-5 to 1e-4 is usual.")},
    {"classifier_learning_rate", QT_TRANSLATE_NOOP("studio::ArgumentText", "Learning rate of the head"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "A rate of its own for the new classification head. Empty: the same as for the rest.")},
    {"weight_decay", QT_TRANSLATE_NOOP("studio::ArgumentText", "Weight decay"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Pulls weights towards zero a little in each step; biases and norms are left out.")},
    {"adam_beta1", QT_TRANSLATE_NOOP("studio::ArgumentText", "Adam β1"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "How slowly the mean of the gradients changes.")},
    {"adam_beta2", QT_TRANSLATE_NOOP("studio::ArgumentText", "Adam β2"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "How slowly the mean of the squared gradients changes.")},
    {"adam_epsilon", QT_TRANSLATE_NOOP("studio::ArgumentText", "Adam ε"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "Keeps a division from growing without bound.")},
    {"momentum", QT_TRANSLATE_NOOP("studio::ArgumentText", "Momentum"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "Share of the last step that SGD carries on.")},
    {"max_grad_norm", QT_TRANSLATE_NOOP("studio::ArgumentText", "Gradient clipping"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "Gradients with a larger norm are scaled down to it. 0: never.")},
    {"lr_scheduler_type", QT_TRANSLATE_NOOP("studio::ArgumentText", "Schedule"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "How the learning rate falls after the warm-up.")},
    {"warmup_steps", QT_TRANSLATE_NOOP("studio::ArgumentText", "Warm-up"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Steps over which the learning rate rises from 0. Below 1: a share of all steps.")},
    {"dropout", QT_TRANSLATE_NOOP("studio::ArgumentText", "Dropout"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Probability with which values are dropped while training. Empty: as the model's configuration "
            "says.")},
    {"label_smoothing_factor", QT_TRANSLATE_NOOP("studio::ArgumentText", "Label smoothing"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Share of the probability that the loss spreads over all classes. Helps where labels are "
            "noisy.")},
    {"class_weights", QT_TRANSLATE_NOOP("studio::ArgumentText", "Class weights"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "\"balanced\" gives rare classes more weight; or write label=weight, separated by commas. Empty: "
            "all alike.")},
    {"freeze_layers", QT_TRANSLATE_NOOP("studio::ArgumentText", "Frozen layers"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Not trained: a number of lower layers, \"embeddings\", or \"encoder\" for all but the head. "
            "Empty: everything is trained.")},
    {"reinit_layers", QT_TRANSLATE_NOOP("studio::ArgumentText", "Fresh upper layers"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "So many of the last layers start from new random weights.")},
    {"gradient_checkpointing", QT_TRANSLATE_NOOP("studio::ArgumentText", "Gradient checkpointing"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Computes each layer again instead of keeping what it made: much less memory for about a quarter "
            "more time, and the same result.")},
    {"eval_strategy", QT_TRANSLATE_NOOP("studio::ArgumentText", "Evaluate"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "When the validation rows are evaluated.")},
    {"eval_steps", QT_TRANSLATE_NOOP("studio::ArgumentText", "Steps between evaluations"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "Used when evaluating every so many steps.")},
    {"save_strategy", QT_TRANSLATE_NOOP("studio::ArgumentText", "Save checkpoints"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "When a checkpoint is written, from which a run can be resumed.")},
    {"save_steps", QT_TRANSLATE_NOOP("studio::ArgumentText", "Steps between checkpoints"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "Used when saving every so many steps.")},
    {"save_total_limit", QT_TRANSLATE_NOOP("studio::ArgumentText", "Checkpoints kept"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "Older ones are deleted; the best one always stays. 0: all stay.")},
    {"logging_steps", QT_TRANSLATE_NOOP("studio::ArgumentText", "Steps between points"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "How many steps one point of the curves stands for.")},
    {"load_best_model_at_end", QT_TRANSLATE_NOOP("studio::ArgumentText", "Keep the best model"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "The result is the model of the best evaluation. Off: the last one.")},
    {"metric_for_best_model", QT_TRANSLATE_NOOP("studio::ArgumentText", "Best by"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "The metric that decides which evaluation is best.")},
    {"greater_is_better", QT_TRANSLATE_NOOP("studio::ArgumentText", "Greater is better"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "Which way the metric is read. Empty: known from its name.")},
    {"early_stopping_patience", QT_TRANSLATE_NOOP("studio::ArgumentText", "Stop early after"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "Ends after so many evaluations without improvement. 0: never.")},
    {"early_stopping_threshold", QT_TRANSLATE_NOOP("studio::ArgumentText", "Smallest improvement"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "A smaller change of the metric does not count as improvement.")},
    {"seed", QT_TRANSLATE_NOOP("studio::ArgumentText", "Seed"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "The same seed gives the same split, order and dropout, and so the same result.")},
    {"precision", QT_TRANSLATE_NOOP("studio::ArgumentText", "Precision"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Numbers that matrix multiplies are computed in. Automatic: what this machine is good at.")},
    {"device", QT_TRANSLATE_NOOP("studio::ArgumentText", "Device"),
        QT_TRANSLATE_NOOP(
            "studio::ArgumentText", "Where the work is done. Automatic: the first GPU, else the CPU.")},
    {"tf32", QT_TRANSLATE_NOOP("studio::ArgumentText", "Allow TF32"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "GPUs may round the factors of multiplications: faster, a little less exact.")},
    {"deterministic", QT_TRANSLATE_NOOP("studio::ArgumentText", "Deterministic operations"),
        QT_TRANSLATE_NOOP("studio::ArgumentText",
            "Only operations that give the same result each time, where a GPU has them; slower.")},
    {"threads", QT_TRANSLATE_NOOP("studio::ArgumentText", "Threads"),
        QT_TRANSLATE_NOOP("studio::ArgumentText", "Threads that compute. 0: one for each physical core.")},
};

struct Pair {
    const char* name;
    const char* text;
};

/// What other pages decide; only runs that are compared show it.
constexpr Pair dataLabels[] = {
    {"task", QT_TRANSLATE_NOOP("studio::ArgumentText", "Task")},
    {"model_name_or_path", QT_TRANSLATE_NOOP("studio::ArgumentText", "Model")},
    {"train_file", QT_TRANSLATE_NOOP("studio::ArgumentText", "Training file")},
    {"validation_file", QT_TRANSLATE_NOOP("studio::ArgumentText", "Validation file")},
    {"test_file", QT_TRANSLATE_NOOP("studio::ArgumentText", "Test file")},
    {"problem_type", QT_TRANSLATE_NOOP("studio::ArgumentText", "Kind of labels")},
    {"text_column", QT_TRANSLATE_NOOP("studio::ArgumentText", "Text column")},
    {"text_pair_column", QT_TRANSLATE_NOOP("studio::ArgumentText", "Second text column")},
    {"label_column", QT_TRANSLATE_NOOP("studio::ArgumentText", "Label column")},
    {"label_separator", QT_TRANSLATE_NOOP("studio::ArgumentText", "Separator of labels")},
    {"file_format", QT_TRANSLATE_NOOP("studio::ArgumentText", "File format")},
    {"encoding", QT_TRANSLATE_NOOP("studio::ArgumentText", "Encoding")},
    {"delimiter", QT_TRANSLATE_NOOP("studio::ArgumentText", "Delimiter")},
    {"quote", QT_TRANSLATE_NOOP("studio::ArgumentText", "Quotes")},
    {"header", QT_TRANSLATE_NOOP("studio::ArgumentText", "First row holds names")},
    {"clean", QT_TRANSLATE_NOOP("studio::ArgumentText", "Cleaning")},
    {"validation_split", QT_TRANSLATE_NOOP("studio::ArgumentText", "Share for validation")},
    {"test_split", QT_TRANSLATE_NOOP("studio::ArgumentText", "Share for test")},
    {"resume_from_checkpoint", QT_TRANSLATE_NOOP("studio::ArgumentText", "Resumed from")},
    {"overwrite_output_dir", QT_TRANSLATE_NOOP("studio::ArgumentText", "Overwrite the run folder")},
    {"allow_changed_data", QT_TRANSLATE_NOOP("studio::ArgumentText", "Go on with changed data")},
};

constexpr Pair units[] = {
    {"rows", QT_TRANSLATE_NOOP("studio::ArgumentText", "rows")},
    {"epochs", QT_TRANSLATE_NOOP("studio::ArgumentText", "epochs")},
    {"steps", QT_TRANSLATE_NOOP("studio::ArgumentText", "steps")},
    {"batches", QT_TRANSLATE_NOOP("studio::ArgumentText", "batches")},
    {"tokens", QT_TRANSLATE_NOOP("studio::ArgumentText", "tokens")},
    {"layers", QT_TRANSLATE_NOOP("studio::ArgumentText", "layers")},
    {"checkpoints", QT_TRANSLATE_NOOP("studio::ArgumentText", "checkpoints")},
    {"evaluations", QT_TRANSLATE_NOOP("studio::ArgumentText", "evaluations")},
    {"threads", QT_TRANSLATE_NOOP("studio::ArgumentText", "threads")},
    {"share", QT_TRANSLATE_NOOP("studio::ArgumentText", "share")},
    {"probability", QT_TRANSLATE_NOOP("studio::ArgumentText", "probability")},
};

constexpr Pair groups[] = {
    {"length", QT_TRANSLATE_NOOP("studio::ArgumentText", "Length")},
    {"optimizer", QT_TRANSLATE_NOOP("studio::ArgumentText", "Optimizer and schedule")},
    {"model", QT_TRANSLATE_NOOP("studio::ArgumentText", "Model and loss")},
    {"evaluation", QT_TRANSLATE_NOOP("studio::ArgumentText", "Evaluation and checkpoints")},
    {"machine", QT_TRANSLATE_NOOP("studio::ArgumentText", "Machine")},
    {"data", QT_TRANSLATE_NOOP("studio::ArgumentText", "Data")},
};

/// What an empty field stands for, and what it says then.
struct UnsetRow {
    const char* name;
    std::optional<int> value; ///< none: null, or an empty text
    const char* text;
};

constexpr UnsetRow unsetRows[] = {
    {"max_steps", -1, QT_TRANSLATE_NOOP("studio::ArgumentText", "No limit")},
    {"max_tokens_per_batch", 0, QT_TRANSLATE_NOOP("studio::ArgumentText", "Off")},
    {"max_seq_length", 0, QT_TRANSLATE_NOOP("studio::ArgumentText", "Automatic")},
    {"threads", 0, QT_TRANSLATE_NOOP("studio::ArgumentText", "Automatic")},
    {"early_stopping_patience", 0, QT_TRANSLATE_NOOP("studio::ArgumentText", "Never")},
    {"classifier_learning_rate", {}, QT_TRANSLATE_NOOP("studio::ArgumentText", "The same")},
    {"dropout", {}, QT_TRANSLATE_NOOP("studio::ArgumentText", "Default")},
    {"class_weights", {}, QT_TRANSLATE_NOOP("studio::ArgumentText", "All alike")},
    {"freeze_layers", {}, QT_TRANSLATE_NOOP("studio::ArgumentText", "Nothing")},
};

struct ChoiceRow {
    const char* argument;
    const char* choice;
    const char* text;
};

constexpr ChoiceRow choices[] = {
    {"optim", "adamw", QT_TRANSLATE_NOOP("studio::ArgumentText", "AdamW")},
    {"optim", "adam", QT_TRANSLATE_NOOP("studio::ArgumentText", "Adam")},
    {"optim", "sgd", QT_TRANSLATE_NOOP("studio::ArgumentText", "SGD")},
    {"lr_scheduler_type", "linear", QT_TRANSLATE_NOOP("studio::ArgumentText", "Linear to zero")},
    {"lr_scheduler_type", "cosine", QT_TRANSLATE_NOOP("studio::ArgumentText", "Cosine to zero")},
    {"lr_scheduler_type", "constant", QT_TRANSLATE_NOOP("studio::ArgumentText", "Constant")},
    {"lr_scheduler_type", "constant_with_warmup",
        QT_TRANSLATE_NOOP("studio::ArgumentText", "Constant after warm-up")},
    {"eval_strategy", "no", QT_TRANSLATE_NOOP("studio::ArgumentText", "Never")},
    {"eval_strategy", "epoch", QT_TRANSLATE_NOOP("studio::ArgumentText", "After each epoch")},
    {"eval_strategy", "steps", QT_TRANSLATE_NOOP("studio::ArgumentText", "Every N steps")},
    {"save_strategy", "no", QT_TRANSLATE_NOOP("studio::ArgumentText", "Never")},
    {"save_strategy", "epoch", QT_TRANSLATE_NOOP("studio::ArgumentText", "After each epoch")},
    {"save_strategy", "steps", QT_TRANSLATE_NOOP("studio::ArgumentText", "Every N steps")},
    {"precision", "auto", QT_TRANSLATE_NOOP("studio::ArgumentText", "Automatic")},
    {"precision", "fp32", QT_TRANSLATE_NOOP("studio::ArgumentText", "fp32")},
    {"precision", "bf16", QT_TRANSLATE_NOOP("studio::ArgumentText", "bf16")},
    {"precision", "fp16", QT_TRANSLATE_NOOP("studio::ArgumentText", "fp16")},
    {"device", "auto", QT_TRANSLATE_NOOP("studio::ArgumentText", "Automatic")},
    {"device", "cpu", QT_TRANSLATE_NOOP("studio::ArgumentText", "CPU")},
    {"metric_for_best_model", "eval_loss", QT_TRANSLATE_NOOP("studio::ArgumentText", "Validation loss")},
    {"metric_for_best_model", "eval_accuracy", QT_TRANSLATE_NOOP("studio::ArgumentText", "Accuracy")},
    {"metric_for_best_model", "eval_f1", QT_TRANSLATE_NOOP("studio::ArgumentText", "Macro F1")},
    {"metric_for_best_model", "eval_mcc", QT_TRANSLATE_NOOP("studio::ArgumentText", "MCC")},
    {"metric_for_best_model", "eval_pearson", QT_TRANSLATE_NOOP("studio::ArgumentText", "Pearson")},
    {"metric_for_best_model", "eval_spearman", QT_TRANSLATE_NOOP("studio::ArgumentText", "Spearman")},
    {"metric_for_best_model", "eval_mse", QT_TRANSLATE_NOOP("studio::ArgumentText", "Mean squared error")},
    {"freeze_layers", "", QT_TRANSLATE_NOOP("studio::ArgumentText", "Nothing")},
    {"freeze_layers", "embeddings", QT_TRANSLATE_NOOP("studio::ArgumentText", "Embeddings")},
    {"freeze_layers", "encoder", QT_TRANSLATE_NOOP("studio::ArgumentText", "All but the head")},
    {"class_weights", "", QT_TRANSLATE_NOOP("studio::ArgumentText", "All alike")},
    {"task", "text-classification", QT_TRANSLATE_NOOP("studio::ArgumentText", "Text classification")},
    {"problem_type", "single_label_classification", QT_TRANSLATE_NOOP("studio::ArgumentText", "One class")},
    {"problem_type", "multi_label_classification",
        QT_TRANSLATE_NOOP("studio::ArgumentText", "Several classes")},
    {"problem_type", "regression", QT_TRANSLATE_NOOP("studio::ArgumentText", "A number")},
    {"class_weights", "balanced", QT_TRANSLATE_NOOP("studio::ArgumentText", "Balanced")},
};

const Row* findRow(const std::string& name)
{
    for (const auto& row : rows) {
        if (name == row.name)
            return &row;
    }
    return nullptr;
}

QString numberOf(double value)
{
    auto text = QString::fromStdString(numberText(value));
    return text.replace(QLatin1String("e-0"), QLatin1String("e-")); // 1e-4, as people write it
}

} // namespace

QString argumentLabel(const std::string& name)
{
    if (const auto* row = findRow(name))
        return ArgumentText::tr(row->label);
    for (const auto& row : dataLabels) {
        if (name == row.name)
            return ArgumentText::tr(row.text);
    }
    return QString::fromStdString(name);
}

QString argumentHelp(const std::string& name)
{
    const auto* row = findRow(name);
    return row ? ArgumentText::tr(row->help) : QString();
}

QString argumentUnit(const ArgumentInfo& argument, const Json& value)
{
    const auto number = value.is_number() ? value.get<double>() : 0;
    const bool share = argument.name == "warmup_steps" && number > 0 && number < 1;
    const auto name = share ? std::string("share") : argument.unit;
    for (const auto& unit : units) {
        if (name == unit.name)
            return ArgumentText::tr(unit.text);
    }
    return QString::fromStdString(name);
}

Json unsetValue(const ArgumentInfo& argument)
{
    for (const auto& row : unsetRows) {
        if (argument.name == row.name && row.value)
            return *row.value;
    }
    return argument.optional ? Json(nullptr) : Json("");
}

QString argumentUnsetText(const std::string& name)
{
    for (const auto& row : unsetRows) {
        if (name == row.name)
            return ArgumentText::tr(row.text);
    }
    return {};
}

QString argumentGroupLabel(const std::string& group)
{
    for (const auto& one : groups) {
        if (group == one.name)
            return ArgumentText::tr(one.text);
    }
    return QString::fromStdString(group);
}

QString choiceLabel(const std::string& argument, const std::string& choice)
{
    for (const auto& row : choices) {
        if (argument == row.argument && choice == row.choice)
            return ArgumentText::tr(row.text);
    }
    return QString::fromStdString(choice);
}

QString argumentRange(const ArgumentInfo& argument)
{
    const auto& [low, high] = std::pair(argument.minimum, argument.maximum);
    if (low && high && *high < 1e9)
        return argument.minimumExclusive
            ? ArgumentText::tr("above %1, at most %2").arg(numberOf(*low), numberOf(*high))
            : ArgumentText::tr("from %1 to %2").arg(numberOf(*low), numberOf(*high));
    if (low)
        return argument.minimumExclusive ? ArgumentText::tr("above %1").arg(numberOf(*low))
                                         : ArgumentText::tr("at least %1").arg(numberOf(*low));
    return {};
}

QString argumentValueText(const Json& value)
{
    if (value.is_null())
        return {};
    if (value.is_string())
        return QString::fromStdString(value.get<std::string>());
    if (value.is_number_float())
        return numberOf(value.get<double>());
    return QString::fromStdString(value.dump());
}

QString argumentShortText(const ArgumentInfo& argument, const Json& value)
{
    const auto text = argumentValueText(value);
    if (value.is_boolean())
        return value.get<bool>() ? ArgumentText::tr("on", "a setting") : ArgumentText::tr("off", "a setting");
    if (argument.kind == ArgumentKind::File || argument.kind == ArgumentKind::Folder)
        return text.section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty);
    if (value.is_array()) {
        QStringList parts;
        for (const auto& part : value)
            parts.append(argumentValueText(part));
        return parts.join(QStringLiteral(", "));
    }
    if (!value.is_string())
        return text;
    const auto label = choiceLabel(argument.name, text.toStdString());
    return label == QLatin1String("auto") ? ArgumentText::tr("Automatic") : label;
}

QString argumentToolTip(const ArgumentInfo& argument)
{
    QStringList lines{argumentHelp(argument.name)};
    if (const auto range = argumentRange(argument); !range.isEmpty())
        lines.append(ArgumentText::tr("Allowed: %1").arg(range));
    const auto standard = argument.get(TrainingArguments());
    if (argument.kind != ArgumentKind::Boolean) {
        const auto text = choiceLabel(argument.name, argumentValueText(standard).toStdString());
        if (!text.isEmpty())
            lines.append(ArgumentText::tr("Default: %1").arg(text));
    } else if (!standard.is_null()) {
        lines.append(
            standard.get<bool>() ? ArgumentText::tr("Default: on") : ArgumentText::tr("Default: off"));
    }
    lines.append(QStringLiteral("--%1").arg(QString::fromStdString(argument.name)));
    return lines.join(QLatin1Char('\n'));
}

} // namespace studio
