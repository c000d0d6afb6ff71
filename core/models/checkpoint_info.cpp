// SPDX-License-Identifier: MIT
#include "core/models/checkpoint_info.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/io/checkpoint_tensors.h"
#include "core/models/model.h"
#include "core/models/registry.h"
#include "core/models/scores.h"
#include "core/models/special_ids.h"
#include "core/text/tokenizer.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>
#include <system_error>

namespace studio {

namespace {

/// `language` of the YAML block at the top of a model card: one value, a [list] or lines of "- value".
std::vector<std::string> cardLanguages(const std::filesystem::path& file)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error))
        return {};
    std::istringstream lines(readFile(file));
    std::string line;
    std::vector<std::string> languages;
    const auto add = [&](std::string value) {
        std::erase_if(value, [](char c) { return c == '"' || c == '\'' || c == ' ' || c == '\r'; });
        if (!value.empty())
            languages.push_back(value);
    };
    bool inside = false, inList = false;
    while (std::getline(lines, line)) {
        if (line.starts_with("---")) {
            if (inside)
                break;
            inside = true;
        } else if (!inside) {
            break;
        } else if (line.starts_with("language:")) {
            auto value = line.substr(line.find(':') + 1);
            std::ranges::replace(value, '[', ' ');
            std::ranges::replace(value, ']', ' ');
            std::istringstream parts(value);
            for (std::string part; std::getline(parts, part, ',');)
                add(part);
            inList = languages.empty();
        } else if (inList && line.find_first_not_of(' ') != std::string::npos
            && line[line.find_first_not_of(' ')] == '-') {
            add(line.substr(line.find('-') + 1));
        } else {
            inList = false;
        }
    }
    return languages;
}

/// The model of a checkpoint without memory for its numbers: a classifier where the family has one.
struct Shapes {
    std::unique_ptr<ClassificationModel> classifier;
    std::unique_ptr<SequenceToSequenceModel> languageModel;

    Shapes(const ArchitectureFamily& family, const ConfigReader& reader, int64_t labelCount)
    {
        if (family.create)
            classifier = createShapes(family, reader, labelCount);
        else
            languageModel = createLanguageShapes(family, reader);
    }
    const ParameterList& parameters() const
    {
        return classifier ? classifier->parameters() : languageModel->parameters();
    }
    bool mayBeCreated(const std::string& name) const { return classifier && classifier->mayBeCreated(name); }
    bool isHead(const std::string& name) const { return classifier && classifier->isHead(name); }
    bool mayLack(const std::string& name) const { return languageModel && languageModel->mayLack(name); }
    void describe(CheckpointInfo& info) const
    {
        if (classifier) {
            info.layerCount = classifier->layerCount();
            info.hiddenSize = classifier->hiddenSize();
            info.headCount = classifier->headCount();
            info.keptPerToken = classifier->keptPerToken();
            info.keptPerPair = classifier->keptPerPair();
            info.vocabularySize = classifier->vocabularySize();
            info.maxPositions = classifier->maxPositions();
            return;
        }
        const auto& traits = languageModel->traits();
        info.layerCount = traits.layerCount;
        info.hiddenSize = traits.hiddenSize;
        info.headCount = traits.headCount;
        info.keptPerToken = traits.keptPerToken;
        info.vocabularySize = traits.vocabularySize;
        info.maxPositions = traits.maxPositions;
        info.errors.emplace_back("transformers has no sequence classifier of this family.");
    }
};

void describeTokenizer(
    const std::filesystem::path& folder, const Json& config, const Shapes& shapes, CheckpointInfo& info)
{
    try {
        const auto tokenizer = Tokenizer::load(folder);
        info.tokenizerKind = tokenizer->kind();
        info.maxLength = longestInput(*tokenizer, info.maxPositions);
        if (!vocabularyFits(tokenizer->vocabularySize(), info.vocabularySize))
            info.errors.push_back(concat("The tokeniser has ", tokenizer->vocabularySize(),
                " entries, but the model's word embedding has ", info.vocabularySize,
                " rows; take the tokeniser files that belong to this model."));
        else if (tokenizer->vocabularySize() > info.vocabularySize)
            info.notes.push_back(concat("The tokeniser has ", tokenizer->vocabularySize(),
                " entries, the model's word embedding ", info.vocabularySize,
                " rows: texts with the others are refused."));
        const auto required = shapes.classifier ? shapes.classifier->requiredToken() : std::nullopt;
        if (auto mismatch = endTokenMismatch(*tokenizer, required); !mismatch.empty())
            info.errors.push_back(std::move(mismatch));
        if (auto mismatch = specialIdMismatch(*tokenizer, config); !mismatch.empty())
            info.errors.push_back(std::move(mismatch));
    } catch (const Error& error) {
        info.errors.emplace_back(error.what());
    }
}

void describeWeights(const CheckpointTensors& tensors, const ArchitectureFamily& family, const Shapes& shapes,
    CheckpointInfo& info)
{
    const auto match = matchTensors(family, shapes.parameters(), tensors);
    std::set<std::string> dtypes;
    for (const auto& [name, entry] : tensors.entries()) {
        if (family.currentName(name).empty()
            || std::ranges::find(match.repeated, name) != match.repeated.end())
            continue;
        int64_t count = 1;
        for (const auto size : entry.shape)
            count *= size;
        info.parameterCount += count;
        dtypes.insert(entry.dtype);
    }
    info.weightBytes = tensors.fileBytes();
    info.format = tensors.format();
    if (tensors.mainDtype() != "F32" || info.format != "model.safetensors")
        info.notes.push_back(tensors.describe());
    info.dtype = dtypes.size() == 1 ? *dtypes.begin() : "mixed";

    info.missing = match.missing;
    std::erase_if(info.missing, [&](const auto& name) { return shapes.mayLack(name); });
    info.unexpected = match.unexpected;
    info.hasClassifier
        = shapes.classifier && match.sources.contains(shapes.classifier->outputPrefix() + "weight");
    for (const auto& row : match.misshapen)
        info.misshapen.push_back(concat(
            row.source, ": ", shapeText(row.found), " in the file, ", shapeText(row.expected), " expected"));

    std::vector<std::string> created, lacking;
    for (const auto& name : info.missing) {
        (shapes.mayBeCreated(name) ? created : lacking).push_back(name);
        if (!shapes.isHead(name))
            info.missingBody.push_back(name);
    }
    if (!created.empty())
        info.notes.push_back(concat(
            "Not in the checkpoint, so it will be created and must be trained: ", listText(created), "."));
    std::ranges::move(leftOutWarnings(match, "classifier"), std::back_inserter(info.notes));
    if (family.createLanguageModel && !tensors.entries().contains("lm_head.weight"))
        info.notes.emplace_back("The language-model head is the word embedding itself (tied).");
    if (!lacking.empty())
        info.errors.push_back(concat("Tensors of the encoder are missing: ", listText(lacking), "."));
    if (!info.misshapen.empty())
        info.errors.push_back(
            concat("Tensors have another shape than config.json says: ", listText(info.misshapen), "."));
}

} // namespace

CheckpointInfo inspectCheckpoint(const std::filesystem::path& folder)
{
    const auto [config, configName] = readCheckpointConfig(folder);
    const auto& family = findFamily(ConfigReader(config, configName));

    CheckpointInfo info;
    std::optional<CheckpointTensors> tensors;
    std::set<std::string> separate;
    try {
        tensors.emplace(folder);
        separate = separateTensors(family, *tensors, !family.create);
    } catch (const Error& problem) {
        info.errors.emplace_back(problem.what());
    }
    const ConfigReader reader(config, configName, separate);
    info.folder = folder;
    info.modelType = family.modelType;
    info.family = family.displayName;
    if (const auto list = config.find("architectures"); list != config.end() && list->is_array()) {
        for (const auto& name : *list) {
            if (name.is_string())
                info.architectures.push_back(name.get<std::string>());
        }
    }
    const auto labels
        = family.create && tensors ? checkpointLabels(family, reader, *tensors) : readLabels(reader);
    const Shapes shapes(family, reader, static_cast<int64_t>(labels.labels.size()));
    shapes.describe(info);
    try {
        if (const auto type = readProblemType(reader); type != ProblemType::Auto)
            info.problemType = problemTypeName(type);
        if (tensors)
            describeWeights(*tensors, family, shapes, info);
    } catch (const Error& problem) {
        info.errors.emplace_back(problem.what());
    }
    if (info.hasClassifier)
        info.labels = labels.labels;
    describeTokenizer(folder, config, shapes, info);
    if (!family.note.empty())
        info.notes.emplace_back(family.note);
    if (auto warning = ownCodeWarning(config, family); !warning.empty())
        info.notes.push_back(std::move(warning));
    info.languages
        = cardLanguages((ggufFile(folder) == folder ? folder.parent_path() : folder) / "README.md");
    return info;
}

namespace {

Json trainingMemoryJson(const CheckpointInfo& info)
{
    MemoryQuestion question;
    const auto bytes = estimateTrainingMemory(info, question);
    question.gradientCheckpointing = true;
    return {{"batch_size", question.batchSize}, {"sequence_length", question.sequenceLength},
        {"bytes", bytes}, {"bytes_with_gradient_checkpointing", estimateTrainingMemory(info, question)}};
}

} // namespace

Json toJson(const CheckpointInfo& info)
{
    return {{"folder", pathText(info.folder)}, {"model_type", info.modelType}, {"family", info.family},
        {"architectures", info.architectures}, {"layers", info.layerCount}, {"hidden_size", info.hiddenSize},
        {"attention_heads", info.headCount}, {"vocabulary", info.vocabularySize},
        {"max_positions", info.maxPositions}, {"parameters", info.parameterCount},
        {"weight_bytes", info.weightBytes}, {"format", info.format}, {"dtype", info.dtype},
        {"tokenizer", info.tokenizerKind}, {"max_length", info.maxLength},
        {"has_classifier", info.hasClassifier}, {"labels", info.labels},
        {"problem_type", info.problemType.empty() ? Json(nullptr) : Json(info.problemType)},
        {"languages", info.languages}, {"missing", info.missing}, {"unexpected", info.unexpected},
        {"misshapen", info.misshapen}, {"training_memory", trainingMemoryJson(info)}, {"notes", info.notes},
        {"errors", info.errors}};
}

int64_t estimateTrainingMemory(const CheckpointInfo& info, const MemoryQuestion& question)
{
    constexpr int64_t program = 170'000'000; // libraries, tokeniser, data
    const bool half = question.precision == "bf16" || question.precision == "fp16";
    const int64_t hidden = info.hiddenSize, tokens = question.batchSize * question.sequenceLength;
    const int64_t trainable = question.encoderFrozen ? hidden * hidden : info.parameterCount;
    const int64_t optimizerNumbers = question.optimizer.starts_with("adam") ? 2 : 1;
    const int64_t weights = info.parameterCount * (half ? 6 : 4) + trainable * 4 * optimizerNumbers;
    const int64_t perNumber = half ? 3 : 4;
    const int64_t keptPerLayer
        = (info.keptPerToken ? info.keptPerToken : 17 * hidden) + info.keptPerPair * question.sequenceLength;
    const int64_t layers = question.encoderFrozen ? 1 : info.layerCount;
    // With checkpointing the input of each layer and, as measured, twice what a layer keeps: the one that is
    // computed again, and gradients on their way through it.
    const int64_t all = keptPerLayer * layers;
    const int64_t kept
        = question.gradientCheckpointing ? std::min(hidden * layers + 2 * keptPerLayer, all) : all;
    // What is kept goes while gradients come: the peak is at one end of the backward pass.
    const int64_t atItsEnd = trainable * 4 + tokens * keptPerLayer * perNumber;
    return program + weights + std::max(tokens * kept * perNumber, atItsEnd);
}

} // namespace studio
