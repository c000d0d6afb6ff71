// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/io/gguf.h"

#include <map>
#include <string>

namespace studio {

/// How a tensor of a GGUF file becomes the one that transformers names.
struct GgufSource {
    enum class Layout { Same, Transposed, Rotary };
    std::string name; ///< in the GGUF file
    Layout layout = Layout::Same;
    int64_t heads = 0; ///< Rotary: rows of each head are put back from pairs to halves
};

/// A GGUF file as a checkpoint: config.json and the tensors under transformers' names.
struct GgufModel {
    Json config;
    std::map<std::string, GgufSource> sources;
    std::map<std::string, TensorEntry> entries; ///< shapes as the model has them, dtype and bytes of the file
};

/// Architectures llama (mistral where it has a window), qwen2, qwen3 and gpt2. Throws Error{Checkpoint} that
/// opens with `file` for others, for missing keys and for keys that change the mathematics in a way that is
/// not known.
[[nodiscard]] GgufModel readGgufModel(const GgufContent& content, const std::string& file);

/// Numbers of one tensor in fp32 in the model's order; `out` has room for all of them.
void readGgufTensor(const GgufContent& content, const GgufSource& source, float* out);

/// tokenizer.json and tokenizer_config.json as text, of the keys tokenizer.ggml.*; byte-level and
/// SentencePiece-like BPE. Throws Error{Checkpoint} that opens with `file`.
[[nodiscard]] std::string ggufTokenizerJson(const GgufContent& content, const std::string& file);
[[nodiscard]] std::string ggufTokenizerConfig(const GgufContent& content, const std::string& file);

} // namespace studio
