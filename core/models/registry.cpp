// SPDX-License-Identifier: MIT
#include "core/models/registry.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/models/families.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <c10/util/Exception.h>

namespace studio {

namespace {

const std::vector<ArchitectureFamily>& families()
{
    static const auto table = [] {
        std::vector<ArchitectureFamily> rows;
        for (const auto& ofFile : {
                 // encoders
                 bertFamilies(), robertaFamilies(), distilbertFamilies(), electraFamilies(), albertFamilies(),
                 debertaV2Families(), modernbertFamilies(),
                 // decoders
                 gpt2Families(), llamaFamilies(), mistralFamilies(), qwenFamilies(), gemmaFamilies(),
                 phi3Families(),
                 // encoder–decoders
             })
            rows.insert(rows.end(), ofFile.begin(), ofFile.end());
        return rows;
    }();
    return table;
}

} // namespace

const ArchitectureFamily& findFamily(const ConfigReader& reader)
{
    const auto modelType = reader.text("model_type");
    std::string known;
    for (const auto& family : families()) {
        if (family.modelType == modelType)
            return family;
        known += concat(known.empty() ? "" : ", ", '"', family.modelType, '"');
    }
    reader.fail("model_type", concat("a supported one: ", known));
}

std::string unchangedName(const std::string& name)
{
    return name;
}

std::unique_ptr<ClassificationModel> createShapes(
    const ArchitectureFamily& family, const ConfigReader& reader, int64_t labelCount)
{
    try {
        return family.create(reader, labelCount, at::kMeta);
    } catch (const c10::Error&) {
        throw Error(ErrorKind::Checkpoint, concat(reader.file(), " describes a model of impossible size."));
    }
}

TensorMatch matchTensors(
    const ArchitectureFamily& family, const ParameterList& parameters, const CheckpointTensors& tensors)
{
    std::map<std::string, const Parameter*> byName;
    for (const auto& parameter : parameters)
        byName[parameter.name] = &parameter;

    TensorMatch match;
    std::set<std::string> met;
    for (const auto& [source, entry] : tensors.entries()) {
        auto name = family.currentName(source);
        if (name.empty())
            continue;
        if (!byName.contains(name))
            name = concat(family.basePrefix, name);
        const auto parameter = byName.find(name);
        if (parameter == byName.end()) {
            match.unexpected.push_back(source);
            continue;
        }
        if (!met.insert(name).second)
            throw Error(ErrorKind::Checkpoint,
                concat(tensors.fileOf(source), " holds two tensors for '", name, "'; one of them is '",
                    source, "'."));
        const auto expected = parameter->second->tensor.sizes().vec();
        if (entry.shape == expected)
            match.sources[name] = source;
        else
            match.misshapen.push_back({name, source, entry.shape, expected});
    }
    for (const auto& parameter : parameters) {
        if (!met.contains(parameter.name))
            match.missing.push_back(parameter.name);
    }
    return match;
}

ConfigLabels readLabels(const ConfigReader& reader)
{
    constexpr int64_t maxLabels = 1'000'000;
    const auto& config = reader.json();
    if (const auto map = config.find("id2label"); map != config.end() && !map->is_null()) {
        if (!map->is_object() || map->empty())
            reader.fail("id2label", "an object from ids to names");
        std::vector<std::string> labels(map->size());
        std::vector<bool> seen(map->size());
        for (const auto& [key, value] : map->items()) {
            size_t id = 0;
            const auto [end, problem] = std::from_chars(key.data(), key.data() + key.size(), id);
            if (problem != std::errc() || end != key.data() + key.size() || id >= labels.size() || seen[id])
                reader.fail("id2label", concat("the ids 0 to ", labels.size() - 1, ", each once"));
            if (!value.is_string())
                reader.fail("id2label", "names that are strings");
            labels[id] = value.get<std::string>();
            seen[id] = true;
        }
        return {labels, true};
    }
    const bool stated = config.contains("num_labels");
    std::vector<std::string> labels;
    for (int64_t i = 0, count = reader.integer("num_labels", 1, maxLabels, 2); i < count; ++i)
        labels.push_back(concat("LABEL_", i));
    return {labels, stated};
}

ProblemType readProblemType(const ConfigReader& reader)
{
    const auto value = reader.json().find("problem_type");
    if (value == reader.json().end() || value->is_null())
        return ProblemType::Auto;
    const auto name = reader.text("problem_type");
    if (name == "single_label_classification")
        return ProblemType::SingleLabel;
    if (name == "multi_label_classification")
        return ProblemType::MultiLabel;
    if (name == "regression")
        return ProblemType::Regression;
    reader.fail("problem_type",
        "null, \"single_label_classification\", \"multi_label_classification\" or \"regression\"");
}

std::string shapeText(const std::vector<int64_t>& shape)
{
    std::string text = "[";
    for (size_t i = 0; i < shape.size(); ++i)
        text += concat(i ? ", " : "", shape[i]);
    return text + "]";
}

std::string listText(const std::vector<std::string>& names, size_t limit)
{
    std::string text;
    for (size_t i = 0; i < std::min(limit, names.size()); ++i)
        text += concat(i ? ", " : "", names[i]);
    if (names.size() > limit)
        text += concat(" and ", names.size() - limit, " more");
    return text;
}

} // namespace studio
