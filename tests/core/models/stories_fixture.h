// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/io/safetensors.h"

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <ATen/ops/from_blob.h>

/// The trained tiny Llama stories260K, from llama2.c's layout into a checkpoint folder.
namespace stories {

/// Reads numbers one after another.
class Cursor {
public:
    explicit Cursor(std::string bytes)
        : m_bytes(std::move(bytes))
    {
    }
    template <typename Number>
    Number take()
    {
        Number value;
        std::memcpy(&value, m_bytes.data() + m_at, sizeof value);
        m_at += sizeof value;
        return value;
    }
    std::string text(size_t size)
    {
        m_at += size;
        return m_bytes.substr(m_at - size, size);
    }
    at::Tensor tensor(std::vector<int64_t> shape)
    {
        const auto values
            = at::from_blob(m_bytes.data() + m_at, shape, at::TensorOptions(at::kFloat)).clone();
        m_at += size_t(values.numel()) * sizeof(float);
        return values;
    }

private:
    std::string m_bytes;
    size_t m_at = 0;
};

/// llama2.c turns neighbouring numbers of a head, the checkpoint's layout turns its halves.
inline at::Tensor halved(const at::Tensor& rows, int64_t heads)
{
    return rows.view({heads, -1, 2, rows.size(1)}).transpose(1, 2).reshape(rows.sizes()).contiguous();
}

inline void writeCheckpoint(const std::filesystem::path& source, const std::filesystem::path& folder)
{
    Cursor file(studio::readFile(source / "stories260K.bin"));
    int64_t sizes[7];
    for (auto& size : sizes)
        size = file.take<int32_t>();
    const auto [width, inner, layers, heads, keyHeads, words, positions] = sizes;
    const auto keys = width / heads * keyHeads;
    std::vector<std::pair<std::string, at::Tensor>> tensors{
        {"model.embed_tokens.weight", file.tensor({words, width})}};
    const auto add = [&](const char* name, std::vector<int64_t> shape, int64_t turnedHeads) {
        for (int64_t layer = 0; layer < layers; ++layer) {
            auto tensor = file.tensor(shape);
            tensors.emplace_back("model.layers." + std::to_string(layer) + "." + name + ".weight",
                turnedHeads ? halved(tensor, turnedHeads) : tensor);
        }
    };
    add("input_layernorm", {width}, 0);
    add("self_attn.q_proj", {width, width}, heads);
    add("self_attn.k_proj", {keys, width}, keyHeads);
    add("self_attn.v_proj", {keys, width}, 0);
    add("self_attn.o_proj", {width, width}, 0);
    add("post_attention_layernorm", {width}, 0);
    add("mlp.gate_proj", {inner, width}, 0);
    add("mlp.down_proj", {width, inner}, 0);
    add("mlp.up_proj", {inner, width}, 0);
    tensors.emplace_back("model.norm.weight", file.tensor({width}));
    std::filesystem::create_directories(folder);
    studio::writeSafetensors(folder / "model.safetensors", tensors);
    studio::writeFileAtomically(folder / "config.json",
        studio::Json{{"model_type", "llama"}, {"vocab_size", words}, {"hidden_size", width},
            {"intermediate_size", inner}, {"num_hidden_layers", layers}, {"num_attention_heads", heads},
            {"num_key_value_heads", keyHeads}, {"max_position_embeddings", positions}, {"rms_norm_eps", 1e-5},
            {"rope_theta", 1e4}, {"tie_word_embeddings", true}}
            .dump());
}

/// The pieces of tok512.bin, by id.
inline std::vector<std::string> pieces(const std::filesystem::path& source)
{
    Cursor file(studio::readFile(source / "tok512.bin"));
    (void)file.take<int32_t>(); // length of the longest
    std::vector<std::string> pieces(512);
    for (auto& piece : pieces) {
        (void)file.take<float>(); // score
        const auto size = file.take<int32_t>();
        piece = file.text(size_t(size));
    }
    return pieces;
}

} // namespace stories
