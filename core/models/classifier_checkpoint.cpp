// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/io/checkpoint_tensors.h"
#include "core/io/safetensors.h"
#include "core/models/model.h"
#include "core/models/registry.h"
#include "core/nn/torch_errors.h"
#include "core/text/tokenizer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <set>
#include <system_error>

#include <ATen/core/grad_mode.h>

namespace studio {

namespace {

/// Index of the first NaN or infinity, -1 when all numbers are finite.
int64_t firstNonFinite(const at::Tensor& tensor)
{
    const auto* values = tensor.const_data_ptr<float>();
    const auto isBad = [](float value) {
        uint32_t bits = 0;
        std::memcpy(&bits, &value, sizeof bits);
        return (bits & 0x7f800000U) == 0x7f800000U;
    };
    const auto count = tensor.numel();
    bool anyBad = false;
    for (int64_t i = 0; i < count; ++i)
        anyBad |= isBad(values[i]);
    return anyBad ? std::find_if(values, values + count, isBad) - values : -1;
}

void writeLabels(Json& config, const std::vector<std::string>& labels)
{
    Json names = Json::object(), ids = Json::object();
    for (size_t i = 0; i < labels.size(); ++i) {
        names[numberText(i)] = labels[i];
        ids[labels[i]] = i;
    }
    config["id2label"] = names;
    config["label2id"] = ids;
    config.erase("num_labels"); // follows id2label
}

std::string_view problemTypeText(ProblemType type)
{
    return type == ProblemType::SingleLabel ? "single_label_classification"
        : type == ProblemType::MultiLabel   ? "multi_label_classification"
                                            : "regression";
}

/// Decides what becomes of the head, creates what may be created; returns what was said.
class HeadPlan {
public:
    HeadPlan(const HeadRequest& request, const std::vector<std::string>& labels, size_t configLabels,
        const ClassificationModel& model)
        : m_request(request)
        , m_labels(labels)
        , m_configLabels(configLabels)
        , m_model(model)
        , m_outputPrefix(model.outputPrefix())
    {
    }

    /// Moves parameters that will be created from `match` to m_created.
    void decide(TensorMatch& match)
    {
        const bool headInFile = std::ranges::any_of(match.sources, [&](const auto& entry) {
            return entry.first.starts_with(m_outputPrefix);
        }) || std::ranges::any_of(match.misshapen, [&](const auto& row) { return isOutput(row); });
        const bool otherCount
            = !m_request.labels.empty() && std::ranges::any_of(match.misshapen, [&](const auto& row) {
                  return isOutput(row) && row.found.size() == row.expected.size()
                      && std::ranges::equal(row.found.begin() + 1, row.found.end(), row.expected.begin() + 1,
                          row.expected.end());
              });
        if (headInFile && (!m_request.keepHead || otherCount))
            replaceHead(match, otherCount);
        std::vector<std::string> poolerLike, head;
        for (const auto& name : match.missing) {
            if (m_model.mayBeCreated(name))
                (m_model.isHead(name) ? head : poolerLike).push_back(name);
        }
        if (!head.empty() && !headInFile)
            warnings.push_back(concat("The checkpoint has no classification head: a new one for ",
                m_labels.size(), " labels was created with seed ", m_request.seed, " (", listText(head),
                "); it must be trained before its answers mean anything."));
        else if (!head.empty() && m_replacedBecause.empty())
            warnings.push_back(concat("The checkpoint's classification head is incomplete: ", listText(head),
                " created with seed ", m_request.seed, "."));
        else if (!head.empty())
            warnings.push_back(concat(m_replacedBecause, " a new head for ", m_labels.size(),
                " labels was created with seed ", m_request.seed, "."));
        if (!poolerLike.empty())
            warnings.push_back(concat("The checkpoint has no pooler: ", listText(poolerLike),
                " created with seed ", m_request.seed, "."));
        created = head;
        created.insert(created.end(), poolerLike.begin(), poolerLike.end());
        headCreated = !head.empty();
        std::erase_if(match.missing, [&](const auto& name) { return m_model.mayBeCreated(name); });
    }

    std::vector<std::string> warnings, created;
    bool headCreated = false;

private:
    bool isOutput(const TensorMatch::Misshapen& row) const
    {
        return row.parameter.starts_with(m_outputPrefix);
    }

    void replaceHead(TensorMatch& match, bool otherCount)
    {
        const auto isOutputRow = [&](const auto& row) { return isOutput(row); };
        m_replacedBecause = otherCount
            ? concat("The checkpoint's classification head is for another number of labels (",
                std::ranges::find_if(match.misshapen, isOutputRow)->found.front(), "):")
            : concat("The checkpoint's classification head for ", m_configLabels, " labels is not used:");
        std::erase_if(match.misshapen, isOutputRow);
        for (const auto& [name, tensor] : m_model.parameters()) {
            if (!name.starts_with(m_outputPrefix))
                continue;
            match.sources.erase(name);
            if (std::ranges::find(match.missing, name) == match.missing.end())
                match.missing.push_back(name);
        }
    }

    const HeadRequest& m_request;
    const std::vector<std::string>& m_labels;
    size_t m_configLabels;
    const ClassificationModel& m_model; ///< shapes alone
    std::string m_outputPrefix;
    std::string m_replacedBecause;
};

/// As transformers' Trainer aligns special tokens: without a padding token its classifiers refuse batches.
void alignPadding(Json& config, int32_t tokenizers)
{
    auto& stated = config["pad_token_id"];
    if (stated.is_null() && tokenizers < config.value("vocab_size", int64_t{0}))
        stated = tokenizers;
}

} // namespace

void throwUnusable(const std::filesystem::path& folder, const ArchitectureFamily& family,
    const std::vector<std::string>& missing, const std::vector<TensorMatch::Misshapen>& misshapen)
{
    std::string text = concat(pathText(folder), " does not hold a whole ", family.displayName, " model: ");
    if (!missing.empty())
        text += concat(missing.size(), missing.size() == 1 ? " tensor is" : " tensors are", " missing (",
            listText(missing), ")");
    std::vector<std::string> shapes;
    for (const auto& row : misshapen)
        shapes.push_back(concat("tensor '", row.source, "' has shape ", shapeText(row.found),
            " in the file, but the model needs ", shapeText(row.expected)));
    if (!shapes.empty())
        text += concat(missing.empty() ? "" : "; ", listText(shapes));
    throw Error(ErrorKind::Checkpoint, text + ". Check that config.json and the weights belong together.");
}

void fillParameters(
    const ParameterList& parameters, const TensorMatch& match, const CheckpointTensors& tensors)
{
    const at::NoGradGuard noGrad;
    for (const auto& [name, parameter] : parameters) {
        const auto source = match.sources.find(name);
        if (source == match.sources.end())
            continue;
        const auto values = tensors.tensor(source->second).to(at::kFloat);
        if (const auto bad = firstNonFinite(values); bad >= 0)
            throw Error(ErrorKind::Checkpoint,
                concat(tensors.fileOf(source->second), ": tensor '", source->second,
                    "' holds NaN or infinity (first at element ", bad,
                    "); the checkpoint is broken, take an earlier one."));
        parameter.copy_(values);
    }
}

std::vector<std::string> classLabels(const std::filesystem::path& folder)
{
    const auto [config, configName] = readCheckpointConfig(folder);
    const ConfigReader stated(config, configName);
    const auto& family = findFamily(stated);
    auto labels = readLabels(stated);
    if (!labels.stated && family.create) {
        const CheckpointTensors tensors(folder);
        const ConfigReader reader(config, configName, separateTensors(family, tensors, false));
        labels = checkpointLabels(family, reader, tensors);
    }
    return labels.labels;
}

LoadedModel loadClassifier(
    const std::filesystem::path& folder, const HeadRequest& request, const at::Device& device)
{
    LoadedModel loaded;
    auto [config, configName] = readCheckpointConfig(folder);
    loaded.config = std::move(config);
    const auto& family = findFamily(ConfigReader(loaded.config, configName));
    if (request.dropout) {
        for (const auto key : family.dropoutKeys)
            loaded.config[key] = *request.dropout;
    }
    if (request.paddingId && family.createLanguageModel)
        alignPadding(loaded.config, *request.paddingId);
    if (!family.create)
        throw Error(ErrorKind::Checkpoint,
            concat(pathText(folder), " holds a ", family.displayName,
                " model, of which transformers has no sequence classifier; `score` can be used with it."));
    const CheckpointTensors tensors(folder);
    const ConfigReader reader(loaded.config, configName, separateTensors(family, tensors, false));
    const auto configLabels = checkpointLabels(family, reader, tensors).labels;
    loaded.labels = request.labels.empty() ? configLabels : request.labels;
    loaded.problemType
        = request.problemType == ProblemType::Auto ? readProblemType(reader) : request.problemType;
    const auto labelCount = static_cast<int64_t>(loaded.labels.size());

    loaded.metadata = tensors.metadata();
    // Shapes first, without memory: a config that does not fit must not allocate anything.
    const auto shapes = createShapes(family, reader, labelCount);
    auto match = matchTensors(family, shapes->parameters(), tensors);
    HeadPlan plan(request, loaded.labels, configLabels.size(), *shapes);
    plan.decide(match);
    if (!match.missing.empty() || !match.misshapen.empty())
        throwUnusable(folder, family, match.missing, match.misshapen);
    loaded.warnings = plan.warnings;
    loaded.headCreated = plan.headCreated;
    std::ranges::move(leftOutWarnings(match, "classifier"), std::back_inserter(loaded.warnings));
    if (auto warning = ownCodeWarning(loaded.config, family); !warning.empty())
        loaded.warnings.push_back(std::move(warning));

    withTorchErrors("Loading the model", [&] {
        loaded.model = family.create(reader, labelCount, device);
        fillParameters(loaded.model->parameters(), match, tensors);
        for (const auto& name : plan.created)
            loaded.model->create(name, request.seed);
    });

    loaded.config["architectures"] = {family.classifierName};
    writeLabels(loaded.config, loaded.labels);
    if (loaded.problemType != ProblemType::Auto)
        loaded.config["problem_type"] = problemTypeText(loaded.problemType);
    loaded.config.erase("torch_dtype");
    loaded.config.erase("_name_or_path");
    loaded.config["dtype"] = "float32";
    return loaded;
}

bool vocabularyFits(int64_t tokenizerVocabularySize, int64_t embeddingRows)
{
    constexpr int64_t few = 1000, share = 20;
    const auto surplus = tokenizerVocabularySize - embeddingRows;
    return surplus <= few || surplus <= embeddingRows / share;
}

void requireVocabularyFits(Tokenizer& tokenizer, int64_t embeddingRows, const std::filesystem::path& folder)
{
    if (!vocabularyFits(tokenizer.vocabularySize(), embeddingRows))
        throw Error(ErrorKind::Checkpoint,
            concat("The tokeniser of ", pathText(folder), " has ", tokenizer.vocabularySize(),
                " entries, but the model's word embedding has ", embeddingRows,
                " rows; take the tokeniser files that belong to this model."));
    if (tokenizer.vocabularySize() <= embeddingRows)
        return;
    tokenizer.refuseIdsFrom(static_cast<int32_t>(embeddingRows));
    try {
        static_cast<void>(tokenizer.encodeIds("a", nullptr, {}));
    } catch (const Error& error) { // a token that every text gets
        throw Error(ErrorKind::Checkpoint, concat("The tokeniser of ", pathText(folder), ": ", error.what()));
    }
}

void saveClassifier(const LoadedModel& loaded, const std::filesystem::path& folder, const std::string& dtype,
    uint64_t maxShardBytes)
{
    struct Dtype {
        std::string_view name, configName;
        at::ScalarType type;
    };
    constexpr std::array dtypes{Dtype{"fp32", "float32", at::kFloat}, Dtype{"fp16", "float16", at::kHalf},
        Dtype{"bf16", "bfloat16", at::kBFloat16}};
    const auto chosen = std::ranges::find(dtypes, dtype, &Dtype::name);
    if (chosen == dtypes.end())
        throw Error(
            ErrorKind::Settings, concat("The export dtype is '", dtype, "', expected fp32, fp16 or bf16."));

    auto config = loaded.config;
    writeLabels(config, loaded.labels);
    if (loaded.problemType != ProblemType::Auto)
        config["problem_type"] = problemTypeText(loaded.problemType);
    config["dtype"] = chosen->configName;

    const at::NoGradGuard noGrad;
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    for (const auto& [name, tensor] : loaded.model->parameters())
        tensors.emplace_back(name, tensor.detach().to(at::kCPU, chosen->type).contiguous());
    writeModelSafetensors(folder, tensors, maxShardBytes, loaded.metadata);
    writeFileAtomically(
        folder / "config.json", config.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

} // namespace studio
