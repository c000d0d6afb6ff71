// SPDX-License-Identifier: MIT
#include "ui/pages/data/data_figures.h"

#include "core/base/resource_paths.h"
#include "core/text/tokenizer.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <unordered_set>

namespace studio {

namespace {

constexpr int64_t sampledRows = 20'000;
constexpr int64_t sampledForUnknown = 2'000;
constexpr int64_t comparedRows = 1'000'000;
constexpr size_t shownChanges = 50;
constexpr size_t keptRows = 1'000;
constexpr double coveredShare = 0.05; ///< unknown characters that still count as covered

/// `count` row numbers spread evenly over `rows`.
int64_t sampled(int64_t i, int64_t count, int64_t rows)
{
    // 128 bits are not needed: i < 20,000.
    return count == rows ? i : i * (rows / count) + i * (rows % count) / count;
}

uint64_t textsHash(const std::vector<std::string>& texts)
{
    uint64_t hash = 0;
    for (const auto& text : texts)
        hash = hash * 1'099'511'628'211ULL ^ std::hash<std::string>{}(text);
    return hash;
}

DataProblem sharedTextsOf(const Dataset& dataset, const std::vector<int64_t>& part,
    const std::unordered_set<uint64_t>& train, const TaskControl& control)
{
    DataProblem problem;
    problem.kind = DataProblem::Kind::TextInSeveralParts;
    std::vector<std::string> texts;
    for (const auto index : part) {
        control.throwIfStopped();
        dataset.texts(index, texts);
        if (!train.contains(textsHash(texts)))
            continue;
        ++problem.count;
        if (problem.rows.size() < keptRows)
            problem.rows.push_back(dataset.tableRow(index) + 1);
    }
    return problem;
}

SplitFigures::Part partOf(const Dataset& dataset, const std::vector<int64_t>& indices)
{
    SplitFigures::Part part;
    part.rows = static_cast<int64_t>(indices.size());
    if (!dataset.isLabelled() || dataset.problemType() == ProblemType::Regression)
        return part;
    part.perLabel.assign(dataset.labelNames().size(), 0);
    const bool single = dataset.problemType() == ProblemType::SingleLabel;
    for (const auto index : indices) {
        if (single) {
            ++part.perLabel[static_cast<size_t>(dataset.label(index))];
            continue;
        }
        for (const auto label : dataset.labels(index))
            ++part.perLabel[static_cast<size_t>(label)];
    }
    return part;
}

} // namespace

double TokenLengths::shareAbove(int64_t limit) const
{
    if (lengths.empty())
        return 0;
    const auto above = lengths.end()
        - std::upper_bound(lengths.begin(), lengths.end(), limit,
            [](int64_t value, int32_t length) { return value < length; });
    return static_cast<double>(above) / static_cast<double>(lengths.size());
}

int32_t TokenLengths::percentile(double share) const
{
    if (lengths.empty())
        return 0;
    const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(lengths.size())));
    return lengths[std::clamp<size_t>(rank, 1, lengths.size()) - 1];
}

TokenLengths measureTokenLengths(
    const Dataset& dataset, const std::filesystem::path& modelFolder, const TaskControl& control)
{
    const auto tokenizer = Tokenizer::load(modelFolder);
    TokenLengths result;
    result.rows = dataset.size();
    const auto count = std::min(sampledRows, result.rows);
    result.lengths.reserve(static_cast<size_t>(count));
    std::vector<std::string> texts, forUnknown;
    const auto every = std::max<int64_t>(1, count / sampledForUnknown);
    for (int64_t i = 0; i < count; ++i) {
        control.throwIfStopped();
        if (i % 256 == 0)
            control.report(i, count);
        dataset.texts(sampled(i, count, result.rows), texts);
        const std::string_view second = texts.size() > 1 ? std::string_view(texts[1]) : std::string_view();
        const auto ids = tokenizer->encodeIds(texts[0], texts.size() > 1 ? &second : nullptr,
            {.truncation = TruncationStrategy::DoNotTruncate});
        result.lengths.push_back(static_cast<int32_t>(ids.ids.size()));
        if (i % every == 0)
            forUnknown.insert(forUnknown.end(), texts.begin(), texts.end());
    }
    std::sort(result.lengths.begin(), result.lengths.end());
    result.unknownShare = unknownShare(*tokenizer, forUnknown);
    return result;
}

std::vector<double> regressionTargets(const Dataset& dataset, const TaskControl& control)
{
    const auto count = std::min(sampledRows, dataset.size());
    std::vector<double> targets;
    targets.reserve(static_cast<size_t>(count));
    control.throwIfStopped();
    for (int64_t i = 0; i < count; ++i)
        targets.push_back(dataset.target(sampled(i, count, dataset.size())));
    std::sort(targets.begin(), targets.end());
    return targets;
}

CleaningPreview previewCleaning(const Table& table, const ColumnMapping& mapping,
    const CleaningOptions& cleaning, const TaskControl& control)
{
    CleaningPreview preview;
    preview.rows = table.rowCount();
    preview.examined = std::min(sampledRows, preview.rows);
    std::vector<int> columns{table.columnIndex(mapping.text)};
    if (!mapping.textPair.empty())
        columns.push_back(table.columnIndex(mapping.textPair));
    std::vector<std::string> cells;
    for (int64_t i = 0; i < preview.examined; ++i) {
        control.throwIfStopped();
        const auto row = sampled(i, preview.examined, preview.rows);
        table.cells(row, columns, cells);
        bool changed = false, emptied = false;
        for (const auto& before : cells) {
            auto after = cleanText(before, cleaning);
            if (after == before)
                continue;
            emptied = emptied || after.empty();
            if (!changed && preview.changes.size() < shownChanges)
                preview.changes.push_back({row + 1, before, std::move(after)});
            changed = true;
        }
        preview.changed += changed;
        preview.emptied += emptied;
    }
    return preview;
}

SplitFigures splitFigures(const Dataset& dataset, const SplitOptions& options, const TaskControl& control)
{
    const auto split = stratifiedSplit(dataset, options);
    control.throwIfStopped();
    SplitFigures figures;
    figures.train = partOf(dataset, split.train);
    figures.validation = partOf(dataset, split.validation);
    figures.test = partOf(dataset, split.test);
    if (dataset.size() > comparedRows)
        return figures;
    std::unordered_set<uint64_t> train;
    train.reserve(split.train.size());
    std::vector<std::string> texts;
    for (const auto index : split.train) {
        control.throwIfStopped();
        dataset.texts(index, texts);
        train.insert(textsHash(texts));
    }
    figures.sharedTexts.push_back(sharedTextsOf(dataset, split.validation, train, control));
    figures.sharedTexts.push_back(sharedTextsOf(dataset, split.test, train, control));
    figures.checkedTexts = true;
    return figures;
}

bool coversChineseDemo(const std::filesystem::path& modelFolder, const TaskControl& control)
{
    const auto tokenizer = Tokenizer::load(modelFolder);
    const auto table = Table::open(demoFolder() / "reviews_zh_test.csv", {}, control);
    const auto mapping = suggestMapping(*table);
    const int column = table->columnIndex(mapping.text);
    std::vector<std::string> texts;
    for (int64_t row = 0; row < std::min<int64_t>(100, table->rowCount()); ++row)
        texts.push_back(table->cell(row, column));
    return unknownShare(*tokenizer, texts) <= coveredShare;
}

} // namespace studio
