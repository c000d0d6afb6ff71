// SPDX-License-Identifier: MIT
#include "ui/session/data_options.h"

#include "core/train/job_data.h"

namespace studio {

namespace {

std::string joined(const std::vector<std::string>& parts)
{
    std::string out;
    for (const auto& part : parts) {
        if (!out.empty())
            out += ',';
        out += part;
    }
    return out;
}

} // namespace

TableOptions readerOptions(const TrainingArguments& arguments)
{
    return tableOptions(arguments);
}

DatasetOptions datasetOptions(const TrainingArguments& arguments, const ColumnMapping& mapping)
{
    return {mapping, parseProblemType(arguments.problemType), parseCleaning(joined(arguments.clean))};
}

ColumnMapping columnMapping(const TrainingArguments& arguments, const ColumnMapping& suggestion)
{
    auto mapping = suggestion;
    if (!arguments.textColumn.empty()) {
        mapping.text = arguments.textColumn;
        mapping.textPair = arguments.textPairColumn; // a chosen text column settles the pair as well
    } else if (!arguments.textPairColumn.empty()) {
        mapping.textPair = arguments.textPairColumn;
    }
    if (!arguments.labelColumn.empty())
        mapping.labels = arguments.labelColumn;
    else
        std::erase_if(mapping.labels,
            [&](const std::string& label) { return label == mapping.text || label == mapping.textPair; });
    mapping.labelSeparator = arguments.labelSeparator;
    return mapping;
}

void setColumnMapping(TrainingArguments& arguments, const ColumnMapping& mapping)
{
    arguments.textColumn = mapping.text;
    arguments.textPairColumn = mapping.textPair;
    arguments.labelColumn = mapping.labels;
    arguments.labelSeparator = mapping.labelSeparator;
}

} // namespace studio
