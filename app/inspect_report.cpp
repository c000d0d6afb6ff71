// SPDX-License-Identifier: MIT
#include "app/inspect_report.h"

#include "app/console.h"
#include "app/text_layout.h"
#include "core/base/concat.h"
#include "core/base/file.h"
#include "core/base/parse_number.h"
#include "core/base/unicode.h"

#include <algorithm>

namespace studio::app {
namespace {

constexpr size_t mostLabels = 30, mostRows = 10, mostTensors = 20;
constexpr int exampleWidth = 40;

std::string joined(const std::vector<std::string>& parts)
{
    std::string out;
    for (const auto& part : parts)
        out += (out.empty() ? "" : ", ") + part;
    return out;
}

/// A cell on one line of a terminal.
std::string shown(std::string_view cell)
{
    std::string flat;
    for (const char c : repairUtf8(cell))
        flat += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    return elided(flat, exampleWidth);
}

std::string listed(std::string_view title, const std::vector<std::string>& names)
{
    if (names.empty())
        return {};
    auto out = concat("\n", title, ":\n");
    for (size_t i = 0; i < std::min(names.size(), mostTensors); ++i)
        out += concat("  ", names[i], "\n");
    if (names.size() > mostTensors)
        out += concat("  … and ", names.size() - mostTensors, " more\n");
    return out;
}

std::string characterName(char c)
{
    if (c == '\0')
        return "none";
    if (c == '\t')
        return "tab";
    return std::string("'") + c + "'";
}

std::string lineEndName(const std::string& lineEnd)
{
    return lineEnd == "\n" ? "LF" : lineEnd == "\r\n" ? "CRLF" : lineEnd == "\r" ? "CR" : lineEnd;
}

std::string lengthsText(const LengthStatistics& lengths, std::string_view unit)
{
    return concat("Length in ", unit, ": ", countText(lengths.minimum), " to ", countText(lengths.maximum),
        ", median ", countText(lengths.median), ", mean ", fixedText(lengths.mean, 1), ", 95 % at most ",
        countText(lengths.percentile95), "\n");
}

Json lengthsJson(const LengthStatistics& lengths)
{
    return {{"min", lengths.minimum}, {"mean", lengths.mean}, {"p50", lengths.median},
        {"p95", lengths.percentile95}, {"max", lengths.maximum}};
}

/// Whether the classes are numbers with a fraction, as the targets of a regression are.
bool looksLikeTargets(const Dataset& dataset)
{
    const auto& names = dataset.labelNames();
    const auto isNumber = [](const std::string& name) { return parseNumber<double>(name).has_value(); };
    return dataset.problemType() == ProblemType::SingleLabel && names.size() > 10
        && std::all_of(names.begin(), names.end(), isNumber)
        && std::any_of(
            names.begin(), names.end(), [](const auto& name) { return name.find('.') != std::string::npos; });
}

std::string rowsText(const DataProblem& problem)
{
    std::string out;
    for (size_t i = 0; i < std::min(problem.rows.size(), mostRows); ++i)
        out += (i ? ", " : "") + numberText(problem.rows[i]);
    return problem.count > static_cast<int64_t>(mostRows) ? out + ", …" : out;
}

} // namespace

std::string modelText(const CheckpointInfo& info)
{
    std::vector<std::vector<std::string>> rows = {{"Model", pathText(info.folder)}};
    rows.push_back({"architecture",
        info.architectures.empty() ? info.modelType
                                   : concat(info.modelType, " (", joined(info.architectures), ")")});
    rows.push_back({"size",
        concat(countText(info.layerCount), " layers, ", countText(info.hiddenSize), " wide, ",
            countText(info.headCount), " heads")});
    rows.push_back({"parameters",
        concat(countText(info.parameterCount), " as ", info.dtype, " in ", info.format, ", ",
            bytesText(static_cast<double>(info.weightBytes)))});
    rows.push_back({"vocabulary", concat(countText(info.vocabularySize), " (", info.tokenizerKind, ")")});
    rows.push_back({"longest input",
        concat(info.maxLength == anyLength ? "any" : countText(info.maxLength) + " tokens", " (",
            info.maxPositions == anyLength ? "no limit of" : countText(info.maxPositions), " positions)")});
    const MemoryQuestion question;
    const auto memory = [&](bool checkpointing) {
        auto asked = question;
        asked.gradientCheckpointing = checkpointing;
        return bytesText(static_cast<double>(estimateTrainingMemory(info, asked)));
    };
    rows.push_back({"memory to train",
        concat("about ", memory(false), ", with gradient_checkpointing ", memory(true), " (batches of ",
            question.batchSize, " texts of ", question.sequenceLength, " tokens)")});
    if (!info.languages.empty())
        rows.push_back({"languages", joined(info.languages)});
    auto labels = info.labels;
    const auto count = labels.size();
    if (count > mostLabels)
        labels.resize(mostLabels);
    rows.push_back({"labels",
        info.hasClassifier ? concat(count, ": ", joined(labels), count > mostLabels ? ", …" : "")
                           : std::string("none yet: there is no classification head")});
    if (!info.problemType.empty())
        rows.push_back({"problem type", info.problemType});
    auto out = tableText(rows, {1});
    out += listed("Missing tensors", info.missing) + listed("Unexpected tensors", info.unexpected)
        + listed("Tensors of another shape", info.misshapen);
    for (const auto& note : info.notes)
        out += concat("\nNote: ", note, "\n");
    for (const auto& error : info.errors)
        out += concat("\nThis model cannot be trained: ", error, "\n");
    return out + "\n";
}

std::string tableReport(const Table& table)
{
    const auto& info = table.info();
    auto encoding = info.encoding;
    if (info.byteOrderMark)
        encoding += " with byte order mark";
    auto format = formatName(info);
    if (info.format == FileFormat::Delimited)
        format += concat(" (delimiter ", characterName(info.delimiter), ", quote ", characterName(info.quote),
            ", ", info.header ? "with header" : "without header", ")");
    auto out = tableText(
        {{"File", pathText(info.file)}, {"format", format},
            {"encoding", concat(encoding, ", lines end with ", lineEndName(info.lineEnd))},
            {"size", concat(countText(info.rows), " rows, ", bytesText(static_cast<double>(info.bytes)))},
            {"sha256", info.sha256}},
        {1});
    std::vector<std::vector<std::string>> rows = {{"column", "first rows"}};
    for (size_t column = 0; column < info.columns.size(); ++column) {
        std::vector<std::string> row = {info.columns[column]};
        for (int64_t i = 0; i < std::min<int64_t>(2, table.rowCount()); ++i)
            row.push_back(shown(table.cell(i, static_cast<int>(column))));
        rows.push_back(std::move(row));
    }
    out += "\n" + tableText(rows, {1, 2});
    if (table.issueCount() > 0) {
        out += concat("\n", counted(table.issueCount(), "row does", "rows do"), " not fit:\n");
        for (size_t i = 0; i < std::min(table.issues().size(), mostRows); ++i) {
            const auto& issue = table.issues()[i];
            out += concat("  row ", issue.row, " (line ", issue.line, "): ", issue.message, "\n");
        }
    }
    return out;
}

std::string datasetReport(const Dataset* dataset, const FileStatistics& statistics)
{
    if (!dataset)
        return "\nNo column looks like a text; name it with --text_column.\n";
    const auto& mapping = statistics.mapping;
    auto out = concat("\nText: ", mapping.text);
    if (!mapping.textPair.empty())
        out += concat(", second text: ", mapping.textPair);
    out += mapping.labels.empty()
        ? std::string(", no label column\n")
        : concat(", label: ", joined(mapping.labels), " (", problemTypeName(dataset->problemType()), ")\n");
    out += concat(counted(dataset->size(), "usable row", "usable rows"), "\n");
    if (statistics.characters)
        out += lengthsText(*statistics.characters, "characters");
    if (const auto& tokens = statistics.tokens) {
        out += lengthsText(tokens->lengths, "tokens");
        out += concat(counted(tokens->rowsCut, "row is", "rows are"), " longer than the model's ",
            countText(tokens->maxLength), " tokens and would be cut\n");
        out += concat(fixedText(100 * tokens->unknownShare, 2),
            " % of the characters are unknown to the model's vocabulary\n");
    }
    if (!dataset->labelNames().empty()) {
        std::vector<std::vector<std::string>> rows = {{"label", "rows", "share"}};
        for (size_t i = 0; i < std::min(dataset->labelNames().size(), mostLabels); ++i) {
            const auto count = dataset->labelCounts()[i];
            rows.push_back({shown(dataset->labelNames()[i]), countText(count),
                concat(
                    fixedText(100.0 * static_cast<double>(count) / static_cast<double>(dataset->size()), 1),
                    " %")});
        }
        out += "\n" + tableText(rows);
        if (dataset->labelNames().size() > mostLabels)
            out += concat("  … and ", dataset->labelNames().size() - mostLabels, " more labels\n");
    }
    if (looksLikeTargets(*dataset))
        out += "\nThe labels are numbers with fractions: --problem_type regression would predict the "
               "value.\n";
    out += dataset->problems().empty() ? "\nNo problems found.\n" : "\nProblems:\n";
    for (const auto& problem : dataset->problems())
        out += concat("  ", problem.message, problem.rowsUnusable ? " Left out of training." : "",
            problem.rows.empty() ? std::string() : concat(" Rows: ", rowsText(problem)), "\n");
    return out;
}

Json fileJson(const Table& table, const Dataset* dataset, const FileStatistics& statistics)
{
    auto json = dataset ? describe(*dataset) : describe(table);
    if (const auto& tokens = statistics.tokens) {
        json["length"]["tokens"] = lengthsJson(tokens->lengths);
        json["max_length"] = tokens->maxLength;
        json["rows_cut"] = tokens->rowsCut;
        json["unknown_character_share"] = tokens->unknownShare;
    }
    return json;
}

} // namespace studio::app
