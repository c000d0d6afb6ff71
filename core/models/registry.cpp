// SPDX-License-Identifier: MIT
#include "core/models/registry.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/models/families.h"

#include <algorithm>
#include <array>
#include <iterator>
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

bool hasOwnCode(const Json& config)
{
    const auto map = config.find("auto_map");
    return map != config.end() && map->is_object() && !map->empty();
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
    const auto* const code
        = hasOwnCode(reader.json()) ? " (the code that 'auto_map' names is never run)" : "";
    reader.fail("model_type", concat("a supported one: ", known, code));
}

std::string ownCodeWarning(const Json& config, const ArchitectureFamily& family)
{
    if (!hasOwnCode(config))
        return {};
    return concat("config.json names code that came with the checkpoint (auto_map): it is never run, the "
                  "model is computed as transformers computes ",
        family.displayName, " models.");
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

/// Throws where a tensor scales the quantised numbers of another, by the names that quantisers use.
void requireNoScale(const std::string& name, const CheckpointTensors& tensors)
{
    for (const std::string_view ending : {"weight_scale_inv", "weight_scale", "weight.absmax", "SCB"}) {
        if (!name.ends_with(concat(".", ending)))
            continue;
        const auto weight = name.substr(0, name.size() - ending.size()) + "weight";
        if (tensors.entries().contains(weight))
            throw Error(ErrorKind::Checkpoint,
                concat(tensors.fileOf(name), " holds '", name, "', a quantiser's scale of '", weight,
                    "': quantised weights cannot be read; take the original checkpoint or save it "
                    "dequantised."));
    }
}

/// Whether a name would be a parameter's if one of its numbers were 0: a layer beyond those of config.json.
template <typename IsParameter>
bool isFurtherLayer(const std::string& name, const IsParameter& isParameter)
{
    for (size_t begin = 0; begin < name.size();) {
        const auto end = std::min(name.find('.', begin), name.size());
        const auto part = std::string_view(name).substr(begin, end - begin);
        if (part.find_first_not_of("0123456789") == std::string_view::npos
            && isParameter(concat(name.substr(0, begin), "0", name.substr(end))))
            return true;
        begin = end + 1;
    }
    return false;
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
            requireNoScale(source, tensors);
            if (isFurtherLayer(
                    current, [&](const auto& other) { return byName.contains(parameterOf(other)); }))
                match.furtherLayers.push_back(source);
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

namespace {

std::vector<std::string> placeholders(int64_t count)
{
    std::vector<std::string> labels;
    for (int64_t i = 0; i < count; ++i)
        labels.push_back(concat("LABEL_", i));
    return labels;
}

} // namespace

ConfigLabels readLabels(const ConfigReader& reader)
{
    const auto& config = reader.json();
    const auto count = reader.integer("num_labels", 1, 1'000'000, 2);
    if (const auto map = config.find("id2label"); map != config.end() && !map->is_null()) {
        if (!map->is_object() || map->empty())
            reader.fail("id2label", "an object from ids to names");
        std::vector<std::string> labels(map->size());
        std::vector<bool> seen(map->size());
        if (config.contains("num_labels") && count != int64_t(map->size()))
            return {placeholders(count), true}; // as the reference decides
        for (const auto& [key, value] : map->items()) {
            const auto id = parseNumber<size_t>(key).value_or(labels.size());
            if (id >= labels.size() || seen[id])
                reader.fail("id2label", concat("the ids 0 to ", labels.size() - 1, ", each once"));
            if (!value.is_string() && !value.is_number())
                reader.fail("id2label", "names that are strings");
            labels[id] = value.is_string() ? value.get<std::string>() : jsonLine(value);
            seen[id] = true;
        }
        return {labels, true};
    }
    return {placeholders(count), config.contains("num_labels")};
}

ConfigLabels checkpointLabels(
    const ArchitectureFamily& family, const ConfigReader& reader, const CheckpointTensors& tensors)
{
    auto labels = readLabels(reader);
    if (labels.stated)
        return labels;
    const auto shapes = createShapes(family, reader, int64_t(labels.labels.size()));
    for (const auto& row : matchTensors(family, shapes->parameters(), tensors).misshapen) {
        if (row.parameter == shapes->outputPrefix() + "weight" && row.found.size() == 2 && row.found[0] > 0
            && row.found[1] == row.expected[1])
            labels.labels = placeholders(row.found[0]);
    }
    return labels;
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

std::vector<std::string> leftOutWarnings(const TensorMatch& match, std::string_view kind)
{
    std::vector<std::string> warnings, others;
    std::ranges::copy_if(match.unexpected, std::back_inserter(others), [&](const auto& name) {
        return std::ranges::find(match.furtherLayers, name) == match.furtherLayers.end();
    });
    if (!match.furtherLayers.empty())
        warnings.push_back(concat("The checkpoint holds more layers than config.json describes; what belongs "
                                  "to them is left out: ",
            listText(match.furtherLayers, 3), "."));
    if (!others.empty())
        warnings.push_back(concat(others.size(),
            others.size() == 1 ? " tensor of the checkpoint is" : " tensors of the checkpoint are",
            " not part of a ", kind, " and left out: ", listText(others), "."));
    return warnings;
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
