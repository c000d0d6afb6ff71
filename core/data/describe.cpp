// SPDX-License-Identifier: MIT
#include "core/base/file.h"
#include "core/base/unicode.h"
#include "core/data/dataset.h"

namespace studio {
namespace {

constexpr int64_t exampleRows = 3;
constexpr int64_t exampleCharacters = 200;

std::string characterText(char c)
{
    return c == '\0' ? std::string() : std::string(1, c);
}

std::string issueKindName(TableIssue::Kind kind)
{
    switch (kind) {
    case TableIssue::Kind::RaggedRow:
        return problemKindName(DataProblem::Kind::RaggedRow);
    case TableIssue::Kind::UndecodableBytes:
        return problemKindName(DataProblem::Kind::UndecodableBytes);
    case TableIssue::Kind::UnclosedQuote:
        return problemKindName(DataProblem::Kind::UnclosedQuote);
    case TableIssue::Kind::InvalidJson:
        return problemKindName(DataProblem::Kind::InvalidJson);
    case TableIssue::Kind::NulByte:
        break;
    }
    return problemKindName(DataProblem::Kind::NulByte);
}

} // namespace

Json describe(const Table& table)
{
    const auto& info = table.info();
    Json out;
    out["file"] = pathText(info.file);
    out["bytes"] = info.bytes;
    out["format"] = formatName(info);
    out["encoding"] = info.encoding;
    out["byte_order_mark"] = info.byteOrderMark;
    const bool delimited = info.format == FileFormat::Delimited;
    out["delimiter"] = delimited ? Json(characterText(info.delimiter)) : Json();
    out["quote"] = delimited && info.quote != '\0' ? Json(characterText(info.quote)) : Json();
    out["header"] = info.header;
    out["line_end"] = info.lineEnd;
    Json columns = Json::array();
    for (size_t i = 0; i < info.columns.size(); ++i) {
        Json examples = Json::array();
        for (int64_t row = 0; row < std::min(exampleRows, info.rows); ++row)
            examples.push_back(elided(table.cell(row, int(i)), exampleCharacters));
        columns.push_back({{"name", info.columns[i]}, {"examples", std::move(examples)}});
    }
    out["columns"] = std::move(columns);
    out["rows"] = info.rows;
    out["sha256"] = info.sha256;
    Json issues = Json::array();
    for (const auto& issue : table.issues()) {
        if (issues.size() >= 100)
            break;
        issues.push_back({{"kind", issueKindName(issue.kind)}, {"row", issue.row}, {"line", issue.line},
            {"message", issue.message}});
    }
    out["issue_count"] = table.issueCount();
    out["issues"] = std::move(issues);
    return out;
}

Json describe(const Dataset& dataset)
{
    auto out = describe(dataset.table());
    const auto& mapping = dataset.options().mapping;
    out["text_column"] = mapping.text;
    out["text_pair_column"] = mapping.textPair.empty() ? Json() : Json(mapping.textPair);
    out["label_columns"] = mapping.labels;
    out["problem_type"] = dataset.isLabelled() ? Json(problemTypeName(dataset.problemType())) : Json();
    out["usable_rows"] = dataset.size();
    Json labels = Json::array();
    for (size_t i = 0; i < dataset.labelNames().size(); ++i)
        labels.push_back({{"label", dataset.labelNames()[i]}, {"count", dataset.labelCounts()[i]}});
    out["labels"] = std::move(labels);
    const auto& length = dataset.characterLengths();
    out["length"]["characters"] = {{"min", length.min}, {"mean", length.mean}, {"p50", length.p50},
        {"p95", length.p95}, {"max", length.max}};
    Json problems = Json::array();
    for (const auto& problem : dataset.problems())
        problems.push_back({{"kind", problemKindName(problem.kind)}, {"message", problem.message},
            {"count", problem.count}, {"rows_unusable", problem.rowsUnusable}, {"rows", problem.rows}});
    out["problems"] = std::move(problems);
    return out;
}

} // namespace studio
