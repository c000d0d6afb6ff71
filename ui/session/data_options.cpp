// SPDX-License-Identifier: MIT
#include "ui/session/data_options.h"

#include "core/base/concat.h"

namespace studio {

namespace {

std::optional<char> character(const std::string& value, const char* field)
{
    if (value == "auto" || value.empty())
        return std::nullopt;
    if (value == "tab" || value == "\\t")
        return '\t';
    if (value == "none")
        return '\0';
    if (value == "comma")
        return ',';
    if (value == "semicolon")
        return ';';
    if (value == "pipe")
        return '|';
    if (value == "space")
        return ' ';
    if (value == "double")
        return '"';
    if (value == "single")
        return '\'';
    if (value.size() != 1)
        throw Error(ErrorKind::Settings,
            concat(field, " is '", value, "'; expected one character, 'tab', 'none' or 'auto'."));
    return value.front();
}

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
    TableOptions options;
    applyFormatName(options, arguments.fileFormat.empty() ? "auto" : arguments.fileFormat);
    options.encoding = arguments.encoding;
    if (const auto delimiter = character(arguments.delimiter, "delimiter"))
        options.delimiter = delimiter;
    options.quote = character(arguments.quote, "quote");
    if (arguments.header != "auto")
        options.header = arguments.header == "true";
    return options;
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
