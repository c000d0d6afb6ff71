// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/train/metrics.h"

#include <cmath>

namespace studio {

namespace {

using Number = std::optional<double> MetricReport::*;

struct NamedNumber {
    const char* name;
    Number field;
};

/// Keys after the prefix, in the order of the file.
constexpr NamedNumber losses[] = {{"loss", &MetricReport::loss}, {"nll", &MetricReport::nll}};
constexpr NamedNumber classification[] = {{"accuracy", &MetricReport::accuracy},
    {"precision", &MetricReport::precision}, {"recall", &MetricReport::recall}, {"f1", &MetricReport::f1},
    {"f1_weighted", &MetricReport::f1Weighted}, {"f1_micro", &MetricReport::f1Micro}};
constexpr NamedNumber singleLabel[] = {{"mcc", &MetricReport::mcc}};
constexpr NamedNumber twoClasses[] = {{"f1_binary", &MetricReport::f1Binary}};
constexpr NamedNumber area[] = {{"auc", &MetricReport::auc}};
constexpr NamedNumber regression[] = {{"mse", &MetricReport::mse}, {"mae", &MetricReport::mae},
    {"r2", &MetricReport::r2}, {"pearson", &MetricReport::pearson}, {"spearman", &MetricReport::spearman}};

std::vector<NamedNumber> numbersOf(ProblemType type, size_t labelCount)
{
    std::vector<NamedNumber> numbers(std::begin(losses), std::end(losses));
    const auto add
        = [&](const auto& more) { numbers.insert(numbers.end(), std::begin(more), std::end(more)); };
    if (type == ProblemType::Regression) {
        add(regression);
        return numbers;
    }
    add(classification);
    if (type == ProblemType::SingleLabel) {
        if (labelCount == 2)
            add(twoClasses);
        add(singleLabel);
    }
    add(area);
    return numbers;
}

Json orNull(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

} // namespace

Json toJson(const MetricReport& report, const std::string& prefix)
{
    auto json = Json::object();
    const auto key = [&](std::string_view name) { return concat(prefix, '_', name); };
    for (const auto& [name, field] : numbersOf(report.problemType, report.labels.size()))
        json[key(name)] = orNull(report.*field);
    json[key("samples")] = report.samples;
    json[key("problem_type")] = problemTypeName(report.problemType);
    if (report.problemType != ProblemType::Regression) {
        json[key("labels")] = report.labels;
        json[key("confusion_matrix")] = report.confusionMatrix;
        auto perClass = Json::array();
        for (const auto& entry : report.perClass)
            perClass.push_back({{"label", entry.label}, {"precision", entry.precision},
                {"recall", entry.recall}, {"f1", entry.f1}, {"support", entry.support}});
        json[key("per_class")] = std::move(perClass);
    }
    if (!report.warnings.empty())
        json[key("warnings")] = report.warnings;
    return json;
}

MetricReport metricReportFromJson(const Json& json, const std::string& prefix)
{
    MetricReport report;
    const auto key = [&](std::string_view name) { return concat(prefix, '_', name); };
    try {
        report.problemType = parseProblemType(json.at(key("problem_type")).get<std::string>());
        report.samples = json.at(key("samples")).get<int64_t>();
        if (report.problemType != ProblemType::Regression) {
            report.labels = json.at(key("labels")).get<std::vector<std::string>>();
            report.confusionMatrix
                = json.at(key("confusion_matrix")).get<std::vector<std::vector<int64_t>>>();
            for (const auto& entry : json.at(key("per_class")))
                report.perClass.push_back({entry.at("label").get<std::string>(),
                    entry.at("precision").get<double>(), entry.at("recall").get<double>(),
                    entry.at("f1").get<double>(), entry.at("support").get<int64_t>()});
        }
        for (const auto& [name, field] : numbersOf(report.problemType, report.labels.size())) {
            const auto found = json.find(key(name));
            if (found != json.end() && !found->is_null())
                report.*field = found->get<double>();
        }
        if (const auto found = json.find(key("warnings")); found != json.end())
            report.warnings = found->get<std::vector<std::string>>();
    } catch (const Json::exception&) {
        throw Error(ErrorKind::Data,
            concat("A metric report has no or a wrong field beginning with '", prefix, "_'."));
    }
    return report;
}

} // namespace studio
