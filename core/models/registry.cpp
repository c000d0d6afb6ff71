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
                 bertFamilies(),
                 robertaFamilies(),
                 distilbertFamilies(),
                 electraFamilies(),
                 albertFamilies(),
                 debertaV2Families(),
                 modernbertFamilies(),
                 // decoders
                 gpt2Families(),
                 llamaFamilies(),
                 mistralFamilies(),
                 qwenFamilies(),
                 gemmaFamilies(),
                 phi3Families(),
                 // encoder–decoders
                 t5Families(),
                 bartFamilies(),
                 mbartFamilies(),
                 marianFamilies(),
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

namespace {

constexpr std::string_view g_head = "lm_head.weight";

template <typename Make>
auto possibleSize(const ConfigReader& reader, const Make& make)
{
    try {
        return make();
    } catch (const c10::Error&) {
        throw Error(ErrorKind::Checkpoint, concat(reader.file(), " describes a model of impossible size."));
    }
}

/// Apart from the family's prefix.
std::string bareName(const ArchitectureFamily& family, const std::string& name)
{
    return name.starts_with(family.basePrefix) ? name.substr(family.basePrefix.size()) : name;
}

} // namespace

std::set<std::string> separateTensors(
    const ArchitectureFamily& family, const CheckpointTensors& tensors, bool withHead)
{
    std::set<std::string> separate;
    if (family.ties.empty())
        return separate;
    std::map<std::string, std::string> files; // bare name → name in the file
    for (const auto& [source, entry] : tensors.entries())
        files[bareName(family, family.currentName(source))] = source;
    for (const auto& tie : family.ties) {
        const auto copy = files.find(std::string(tie.copy));
        if (copy == files.end() || (!withHead && copy->first == g_head))
            continue;
        // where the source is absent, its first copy stands for it
        const auto& source = files.try_emplace(std::string(tie.source), copy->second).first->second;
        const auto &one = tensors.entries().at(copy->second), &other = tensors.entries().at(source);
        if (one.shape != other.shape || !tensors.tensor(copy->second).equal(tensors.tensor(source)))
            separate.insert(copy->first);
    }
    return separate;
}

std::unique_ptr<ClassificationModel> createShapes(
    const ArchitectureFamily& family, const ConfigReader& reader, int64_t labelCount)
{
    return possibleSize(reader, [&] { return family.create(reader, labelCount, at::kMeta); });
}

std::unique_ptr<SequenceToSequenceModel> createLanguageShapes(
    const ArchitectureFamily& family, const ConfigReader& reader)
{
    return possibleSize(reader, [&] { return family.createSequenceToSequence(reader, at::kMeta); });
}

TensorMatch matchTensors(
    const ArchitectureFamily& family, const ParameterList& parameters, const CheckpointTensors& tensors)
{
    std::map<std::string, const Parameter*> byName;
    for (const auto& parameter : parameters)
        byName[parameter.name] = &parameter;

    TensorMatch match;
    std::set<std::string> met;
    std::map<std::string, std::string> copies; // name in the file → the parameter that it is tied to
    const auto parameterOf
        = [&](std::string name) { return byName.contains(name) ? name : concat(family.basePrefix, name); };
    const auto take = [&](const std::string& source, const std::string& name) {
        met.insert(name);
        const auto expected = byName.at(name)->tensor.sizes().vec();
        if (const auto& shape = tensors.entries().at(source).shape; shape == expected)
            match.sources[name] = source;
        else
            match.misshapen.push_back({name, source, shape, expected});
    };
    for (const auto& [source, entry] : tensors.entries()) {
        const auto current = family.currentName(source);
        if (current.empty())
            continue;
        const auto name = parameterOf(current);
        if (!byName.contains(name)) {
            const auto tie
                = std::ranges::find_if(family.ties, [&, bare = bareName(family, current)](const auto& row) {
                      return row.copy == bare && byName.contains(parameterOf(std::string(row.source)));
                  });
            if (tie == family.ties.end())
                match.unexpected.push_back(source);
            else
                copies[source] = parameterOf(std::string(tie->source));
            continue;
        }
        if (met.contains(name))
            throw Error(ErrorKind::Checkpoint,
                concat(tensors.fileOf(source), " holds two tensors for '", name, "'; one of them is '",
                    source, "'."));
        take(source, name);
    }
    for (const auto& [source, name] : copies) {
        if (!met.contains(name))
            take(source, name);
        else if (source == g_head)
            match.unexpected.push_back(source);
        else
            match.repeated.push_back(source);
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
