// SPDX-License-Identifier: MIT
#include "core/train/label_choice.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/train/argument_values.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace studio {

namespace {

bool isPlaceholder(const std::vector<std::string>& labels)
{
    for (size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] != concat("LABEL_", i))
            return false;
    }
    return !labels.empty();
}

std::string listed(const std::vector<std::string>& labels)
{
    std::string text;
    for (size_t i = 0; i < labels.size() && i < 8; ++i)
        text += concat(i == 0 ? "" : ", ", labels[i]);
    return labels.size() > 8 ? text + ", …" : text;
}

float weightOf(const std::string& label, const Json& value)
{
    return static_cast<float>(numberValue(concat("class_weights for '", label, '\''), value, 0.0, 1e6, true));
}

/// "label=weight,…", a JSON object {"label": weight}, or the weights alone in the order of the labels.
std::vector<float> parseWeights(const std::string& argument, const std::vector<std::string>& labels)
{
    std::vector<float> weights(labels.size(), 1.0F);
    const auto set = [&](const std::string& label, const Json& value) {
        const auto found = std::ranges::find(labels, label);
        if (found == labels.end())
            throw Error(ErrorKind::Settings,
                concat("class_weights names the label '", label,
                    "', which the data does not have; its labels are ", listed(labels), '.'));
        weights[static_cast<size_t>(found - labels.begin())] = weightOf(label, value);
    };
    if (argument.starts_with('{')) {
        const auto given = parseJson(argument, "class_weights", true);
        for (const auto& [label, value] : given.items())
            set(label, value);
        return weights;
    }
    const auto entries = textListValue("class_weights", argument);
    const bool named = argument.find('=') != std::string::npos;
    if (!named && entries.size() != labels.size())
        throw Error(ErrorKind::Settings,
            concat("class_weights gives ", entries.size(), " weights, but the data has ", labels.size(),
                " labels: ", listed(labels), '.'));
    for (size_t i = 0; i < entries.size(); ++i) {
        const auto at = entries[i].rfind('=');
        if (!named)
            weights[i] = weightOf(labels[i], entries[i]);
        else if (at == std::string::npos)
            throw Error(ErrorKind::Settings,
                concat("class_weights holds '", entries[i], "'; write label=weight for every entry."));
        else
            set(entries[i].substr(0, at), entries[i].substr(at + 1));
    }
    return weights;
}

} // namespace

ProblemType requestedProblemType(const TrainingArguments& arguments, const Json& config)
{
    const auto asked = parseProblemType(arguments.problemType);
    if (asked != ProblemType::Auto)
        return asked;
    const auto found = config.find("problem_type");
    if (found == config.end() || !found->is_string())
        return ProblemType::Auto;
    return parseProblemType(found->get<std::string>());
}

ProblemType trainedProblemType(ProblemType asked, const Dataset& data, size_t knownLabels)
{
    if (asked != ProblemType::Auto)
        return asked;
    const bool number = knownLabels == 1 && data.problemType() == ProblemType::SingleLabel
        && std::ranges::all_of(data.labelNames(),
            [](const std::string& label) { return parseNumber<double>(label).has_value(); });
    return number ? ProblemType::Regression : data.problemType();
}

LabelChoice chooseLabels(const std::vector<std::string>& known, const std::vector<std::string>& dataLabels,
    ProblemType problemType)
{
    if (problemType == ProblemType::Regression) {
        if (known.size() == 1)
            return {known, {}, true, {}};
        return {{"LABEL_0"}, {}, false, {}};
    }
    auto ids = trainedLabelIds(dataLabels, known);
    if (!known.empty() && std::ranges::find(ids, -1) == ids.end()) {
        std::string warning;
        if (!dataLabels.empty() && known[static_cast<size_t>(ids.front())] != dataLabels.front())
            warning = concat("The data gives its labels by position; they are taken for the model's ",
                listed(known), " in this order, and its classification head is kept.");
        return {known, std::move(ids), true, std::move(warning)};
    }
    ids.resize(dataLabels.size());
    std::iota(ids.begin(), ids.end(), 0);
    if (isPlaceholder(known) && known.size() == dataLabels.size()) {
        auto warning = concat("The model calls its labels ", listed(known), "; they are taken for ",
            listed(dataLabels), " in this order, and its classification head is kept.");
        return {dataLabels, std::move(ids), true, std::move(warning)};
    }
    return {dataLabels, std::move(ids), false, {}};
}

std::vector<int32_t> labelIds(const std::vector<std::string>& names, const std::vector<std::string>& labels)
{
    std::map<std::string_view, int32_t> ids;
    for (size_t i = 0; i < labels.size(); ++i)
        ids.emplace(labels[i], static_cast<int32_t>(i));
    std::vector<int32_t> result;
    for (const auto& name : names) {
        const auto found = ids.find(name);
        result.push_back(found == ids.end() ? -1 : found->second);
    }
    return result;
}

std::vector<int32_t> trainedLabelIds(
    const std::vector<std::string>& names, const std::vector<std::string>& labels)
{
    auto result = labelIds(names, labels);
    const bool noneFound = std::ranges::all_of(result, [](int32_t id) { return id < 0; });
    if (noneFound && names.size() == labels.size() && isPlaceholder(names))
        std::iota(result.begin(), result.end(), 0);
    return result;
}

std::vector<float> chooseClassWeights(const std::string& argument, ProblemType problemType,
    const std::vector<std::string>& labels, const std::vector<int64_t>& counts)
{
    if (argument.empty() || argument == "none")
        return {};
    if (problemType != ProblemType::SingleLabel)
        throw Error(ErrorKind::Settings,
            concat("class_weights is '", argument, "', but the task is ", problemTypeName(problemType),
                "; class weights are for single_label_classification."));
    if (argument != "balanced")
        return parseWeights(argument, labels);
    double rows = 0, present = 0;
    for (const auto count : counts) {
        rows += static_cast<double>(count);
        present += count > 0 ? 1 : 0;
    }
    std::vector<float> weights(labels.size(), 1.0F);
    for (size_t i = 0; i < labels.size(); ++i) {
        if (counts[i] > 0)
            weights[i] = static_cast<float>(rows / (present * static_cast<double>(counts[i])));
    }
    return weights;
}

} // namespace studio
