// SPDX-License-Identifier: MIT
#include "core/io/checkpoint_files.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/unicode.h"
#include "core/io/gguf_model.h"

#include <array>
#include <system_error>
#include <vector>

namespace studio {

namespace {

namespace fs = std::filesystem;

bool isFile(const fs::path& file)
{
    std::error_code error;
    return fs::is_regular_file(file, error);
}

std::vector<fs::path> ggufFiles(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() == ".gguf" && isFile(entry->path()))
            files.push_back(entry->path());
    }
    return files;
}

/// What any family may be, but no model here can be: refused before the family is looked at.
void requirePlain(const CheckpointConfig& config)
{
    const auto stated = [&](const char* key) {
        const auto found = config.json.find(key);
        return found != config.json.end() && !found->is_null() ? &*found : nullptr;
    };
    // Weights that are numbers of a quantiser of transformers mean nothing without its rule.
    for (const auto* key : {"quantization_config", "compression_config"}) {
        const auto* const found = stated(key);
        if (!found)
            continue;
        const auto method = found->is_object() ? found->find("quant_method") : found->end();
        throw Error(ErrorKind::Checkpoint,
            concat(config.name, ": '", key, "' says that the weights are quantised",
                found->is_object() && method != found->end() && method->is_string()
                    ? concat(" (", elided(method->get<std::string>(), 40), ")")
                    : std::string(),
                ", which cannot be read; take the original checkpoint or save it dequantised."));
    }
    if (const auto* const layers = stated("per_layer_config"); layers && !layers->empty())
        throw Error(ErrorKind::Checkpoint,
            concat(config.name, ": 'per_layer_config' is ", elided(jsonLine(*layers), 60),
                ", expected none: layers of different configurations are not supported."));
}

[[noreturn]] void throwNoConfig(const fs::path& checkpoint)
{
    if (isFile(checkpoint / "adapter_config.json")) {
        const auto adapter = readJsonFile(checkpoint / "adapter_config.json");
        const auto base = adapter.is_object() ? adapter.find("base_model_name_or_path") : adapter.end();
        throw Error(ErrorKind::Checkpoint,
            concat(pathText(checkpoint), " holds an adapter (adapter_config.json)",
                adapter.is_object() && base != adapter.end() && base->is_string()
                    ? concat(" of '", elided(base->get<std::string>(), 80), "'")
                    : std::string(),
                " and not a whole model; merge it into the model that it adapts and open what that saves."));
    }
    throw Error(
        ErrorKind::Checkpoint, concat(pathText(checkpoint), " is no model folder: it has no config.json."));
}

} // namespace

WeightsKind weightsKind(const fs::path& checkpoint)
{
    if (isFile(checkpoint))
        return checkpoint.extension() == ".gguf" ? WeightsKind::Gguf : WeightsKind::None;
    struct Row {
        const char* name;
        WeightsKind kind;
    };
    for (const auto& row : {Row{"model.safetensors", WeightsKind::Safetensors},
             Row{"model.safetensors.index.json", WeightsKind::SafetensorsShards},
             Row{"pytorch_model.bin", WeightsKind::TorchFile},
             Row{"pytorch_model.bin.index.json", WeightsKind::TorchShards}}) {
        if (isFile(checkpoint / row.name))
            return row.kind;
    }
    return ggufFiles(checkpoint).size() == 1 ? WeightsKind::Gguf : WeightsKind::None;
}

std::optional<fs::path> ggufFile(const fs::path& checkpoint)
{
    if (weightsKind(checkpoint) != WeightsKind::Gguf)
        return std::nullopt;
    return isFile(checkpoint) ? checkpoint : ggufFiles(checkpoint).front();
}

bool holdsWeights(const fs::path& checkpoint)
{
    return weightsKind(checkpoint) != WeightsKind::None;
}

bool holdsConfig(const fs::path& checkpoint)
{
    return isFile(checkpoint / "config.json") || weightsKind(checkpoint) == WeightsKind::Gguf;
}

CheckpointConfig readCheckpointConfig(const fs::path& checkpoint)
{
    std::error_code error;
    if (!fs::exists(checkpoint, error))
        throw Error(
            ErrorKind::Checkpoint, concat("The model folder ", pathText(checkpoint), " does not exist."));
    CheckpointConfig config;
    if (isFile(checkpoint / "config.json")) {
        config.name = pathText(checkpoint / "config.json");
        config.json = readJsonFile(checkpoint / "config.json");
        if (!config.json.is_object())
            throw Error(ErrorKind::Checkpoint, concat(config.name, " is not a JSON object."));
        requirePlain(config);
        return config;
    }
    if (const auto gguf = ggufFile(checkpoint)) {
        config.name = pathText(*gguf);
        const MappedFile file(*gguf);
        config.json = readGgufModel(readGguf(file.bytes(), config.name), config.name).config;
        return config;
    }
    if (isFile(checkpoint))
        throw Error(ErrorKind::Checkpoint,
            concat(pathText(checkpoint),
                " is no model: a folder with config.json or a .gguf file is expected."));
    if (const auto several = ggufFiles(checkpoint).size(); several > 1)
        throw Error(ErrorKind::Checkpoint,
            concat(pathText(checkpoint), " holds ", several, " GGUF files; give the path of one of them."));
    throwNoConfig(checkpoint);
}

void copyTokenizerFiles(const fs::path& from, const fs::path& to)
{
    static constexpr std::array names{"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "vocab.txt", "added_tokens.json", "vocab.json", "merges.txt", "spiece.model",
        "sentencepiece.bpe.model", "tokenizer.model", "sentencepiece.model", "spm.model", "source.spm",
        "target.spm", "target_vocab.json", "chat_template.jinja", "chat_template.json",
        "generation_config.json"};
    bool any = false;
    std::error_code error;
    for (const auto* name : names) {
        if (isFile(from / name)) {
            any = any || std::string_view(name) != "generation_config.json";
            writeFileAtomically(to / name, MappedFile(from / name).text());
        } else {
            fs::remove(to / name, error); // of another model that was here before
        }
    }
    if (fs::is_directory(from / "additional_chat_templates", error)) {
        createFolders(to / "additional_chat_templates");
        for (const auto& entry : fs::directory_iterator(from / "additional_chat_templates", error)) {
            if (entry.path().extension() == ".jinja" && isFile(entry.path()))
                writeFileAtomically(to / "additional_chat_templates" / entry.path().filename(),
                    MappedFile(entry.path()).text());
        }
    }
    const auto gguf = ggufFile(from);
    if (any || !gguf)
        return;
    const MappedFile file(*gguf);
    const auto content = readGguf(file.bytes(), pathText(*gguf));
    writeFileAtomically(to / "tokenizer.json", ggufTokenizerJson(content, pathText(*gguf)));
    writeFileAtomically(to / "tokenizer_config.json", ggufTokenizerConfig(content, pathText(*gguf)));
}

} // namespace studio
