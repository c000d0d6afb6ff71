// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.23.0/src/transformers/modeling_gguf_pytorch_utils.py
#include "core/io/gguf_model.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <numbers>

namespace studio {

namespace {

using Layout = GgufSource::Layout;

constexpr int64_t g_mostOfAnything = int64_t(1) << 31;

struct NameRow {
    std::string_view gguf, model;
    Layout layout = Layout::Same;
};

constexpr std::array g_llamaLayer{NameRow{"attn_norm", "input_layernorm"},
    NameRow{"attn_q", "self_attn.q_proj"}, NameRow{"attn_k", "self_attn.k_proj"},
    NameRow{"attn_v", "self_attn.v_proj"}, NameRow{"attn_output", "self_attn.o_proj"},
    NameRow{"attn_q_norm", "self_attn.q_norm"}, NameRow{"attn_k_norm", "self_attn.k_norm"},
    NameRow{"ffn_norm", "post_attention_layernorm"}, NameRow{"ffn_gate", "mlp.gate_proj"},
    NameRow{"ffn_up", "mlp.up_proj"}, NameRow{"ffn_down", "mlp.down_proj"}};
constexpr std::array g_llamaWhole{NameRow{"token_embd", "model.embed_tokens"},
    NameRow{"output_norm", "model.norm"}, NameRow{"output", "lm_head"}};

// transformers' GPT-2 multiplies from the left: its matrices are the transposed ones.
constexpr std::array g_gpt2Layer{NameRow{"attn_norm", "ln_1"},
    NameRow{"attn_qkv", "attn.c_attn", Layout::Transposed},
    NameRow{"attn_output", "attn.c_proj", Layout::Transposed}, NameRow{"ffn_norm", "ln_2"},
    NameRow{"ffn_up", "mlp.c_fc", Layout::Transposed}, NameRow{"ffn_down", "mlp.c_proj", Layout::Transposed}};
constexpr std::array g_gpt2Whole{NameRow{"token_embd", "transformer.wte"},
    NameRow{"position_embd", "transformer.wpe"}, NameRow{"output_norm", "transformer.ln_f"},
    NameRow{"output", "lm_head"}};

class ModelReader {
public:
    ModelReader(const GgufContent& content, const std::string& file)
        : m_content(content)
        , m_file(file)
    {
    }

    GgufModel read()
    {
        const auto architecture = m_content.text("general.architecture");
        if (!architecture)
            fail("the metadata 'general.architecture' is missing");
        m_architecture = *architecture;
        if (m_content.integer("split.count").value_or(1) > 1)
            fail("it is one part of a model that was split; join the parts with llama-gguf-split --merge");
        if (m_architecture == "gpt2")
            readGpt2();
        else if (m_architecture == "llama" || m_architecture == "qwen2" || m_architecture == "qwen3")
            readLlama();
        else
            fail(concat("its architecture is '", elided(m_architecture, 40),
                "'; llama, qwen2, qwen3 and gpt2 can be opened"));
        readTokens();
        for (const auto& [name, entry] : m_content.tensors)
            addTensor(name, entry);
        return std::move(m_model);
    }

private:
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(ErrorKind::Checkpoint, concat(m_file, " cannot be used as a model: ", what, "."));
    }
    std::string key(std::string_view name) const { return concat(m_architecture, '.', name); }
    int64_t integer(std::string_view name, std::optional<int64_t> fallback = std::nullopt) const
    {
        const auto full = key(name);
        const auto value = m_content.integer(full);
        const bool present = m_content.metadata.contains(full);
        if ((!present && !fallback) || (present && (!value || *value < 0 || *value > g_mostOfAnything)))
            fail(concat("the metadata '", full, "' is ", present ? "not one sensible number" : "missing"));
        return value.value_or(fallback.value_or(0));
    }
    double number(std::string_view name, std::optional<double> fallback = std::nullopt) const
    {
        const auto full = key(name);
        const auto value = m_content.number(full);
        if (!value && (!fallback || m_content.metadata.contains(full)))
            fail(concat("the metadata '", full, "' is ",
                m_content.metadata.contains(full) ? "not a number" : "missing"));
        return value.value_or(fallback.value_or(0));
    }
    bool holds(std::string_view tensor) const { return m_content.tensors.contains(std::string(tensor)); }
    int64_t rows(std::string_view tensor, int64_t fallback) const
    {
        const auto found = m_content.tensors.find(std::string(tensor));
        return found == m_content.tensors.end() || found->second.shape.size() != 2 ? fallback
                                                                                   : found->second.shape[0];
    }
    int64_t vocabularySize() const
    {
        const auto* tokens = m_content.array("tokenizer.ggml.tokens");
        return rows("token_embd.weight",
            integer("vocab_size", tokens == nullptr ? std::nullopt : std::optional(int64_t(tokens->count))));
    }

    void readGpt2()
    {
        auto& config = m_model.config;
        const auto width = integer("embedding_length"), inner = integer("feed_forward_length", 4 * width);
        const auto positions = rows("position_embd.weight", integer("context_length"));
        config = {{"architectures", {"GPT2LMHeadModel"}}, {"model_type", "gpt2"},
            {"activation_function", "gelu_new"}, {"n_embd", width},
            {"n_head", integer("attention.head_count")},
            {"n_inner", inner == 4 * width ? Json(nullptr) : Json(inner)},
            {"n_layer", integer("block_count")}, {"n_positions", positions}, {"n_ctx", positions},
            {"layer_norm_epsilon", number("attention.layer_norm_epsilon")}, {"vocab_size", vocabularySize()},
            {"tie_word_embeddings", !holds("output.weight")}};
    }

    void readLlama()
    {
        if (integer("expert_count", 0) > 0)
            fail("it is a mixture of experts, which cannot be trained here");
        const auto width = integer("embedding_length");
        m_heads = integer("attention.head_count");
        m_keyValueHeads = integer("attention.head_count_kv", m_heads);
        if (m_heads == 0 || m_keyValueHeads == 0)
            fail("it has no attention heads");
        const auto headSize = readHeadSize(width);
        const auto window = m_architecture == "llama" ? integer("attention.sliding_window", 0) : 0;
        const bool mistral
            = window > 0 || (m_architecture == "llama" && m_content.text("general.name") == "mistral");
        const std::string type = mistral ? "mistral" : m_architecture;
        auto& config = m_model.config;
        config = {{"architectures",
                      {mistral                  ? "MistralForCausalLM"
                              : type == "llama" ? "LlamaForCausalLM"
                              : type == "qwen2" ? "Qwen2ForCausalLM"
                                                : "Qwen3ForCausalLM"}},
            {"model_type", type}, {"hidden_act", "silu"}, {"hidden_size", width},
            {"intermediate_size", integer("feed_forward_length")},
            {"num_hidden_layers", integer("block_count")}, {"num_attention_heads", m_heads},
            {"num_key_value_heads", m_keyValueHeads}, {"max_position_embeddings", integer("context_length")},
            {"rms_norm_eps", number("attention.layer_norm_rms_epsilon")},
            {"rope_theta", number("rope.freq_base", 10000)}, {"vocab_size", vocabularySize()},
            {"tie_word_embeddings", !holds("output.weight")}};
        if (type != "qwen2")
            config["head_dim"] = headSize;
        if (type == "llama") {
            config["attention_bias"] = holds("blk.0.attn_q.bias");
            config["mlp_bias"] = holds("blk.0.ffn_gate.bias");
        } else if (type == "qwen3") {
            config["attention_bias"] = holds("blk.0.attn_q.bias");
        } else if (type == "mistral") {
            config["sliding_window"] = window > 0 ? Json(window) : Json(nullptr);
        }
        if (auto scaling = readRopeScaling(headSize); !scaling.is_null())
            config["rope_scaling"] = std::move(scaling);
    }

    int64_t readHeadSize(int64_t width) const
    {
        const auto rotary = integer("rope.dimension_count", 0);
        const auto head = integer("attention.key_length", rotary > 0 ? rotary : width / m_heads);
        if (integer("attention.value_length", head) != head)
            fail("its attention has keys and values of different lengths");
        if (rotary > 0 && rotary != head)
            fail(concat(
                "it rotates ", rotary, " of ", head, " dimensions of a head, only all can be rotated"));
        if (m_architecture == "qwen2" && head * m_heads != width)
            fail(concat("its heads of ", head, " dimensions do not fill the width ", width));
        return head;
    }

    Json readRopeScaling(int64_t headSize) const
    {
        if (holds("rope_freqs.weight"))
            return llama3Scaling(headSize);
        const auto type = m_content.text(key("rope.scaling.type")).value_or("");
        const auto factor = number("rope.scaling.factor", number("rope.scale_linear", 0));
        if (type == "none" || ((type.empty() || type == "linear") && (factor == 0 || factor == 1)))
            return nullptr;
        if (type.empty() || type == "linear")
            return {{"rope_type", "linear"}, {"factor", factor}};
        if (type != "yarn")
            fail(concat("its rope scaling '", elided(type, 40), "' is not known"));
        Json scaling{{"rope_type", "yarn"}, {"factor", factor},
            {"original_max_position_embeddings",
                integer("rope.scaling.original_context_length", integer("context_length"))}};
        for (const auto& [name, target] : {std::pair{"rope.scaling.yarn_beta_fast", "beta_fast"},
                 std::pair{"rope.scaling.yarn_beta_slow", "beta_slow"}}) {
            if (const auto value = m_content.number(key(name)))
                scaling[target] = *value;
        }
        return scaling;
    }

    /// Files of Llama 3.1 and later hold the divisors of the frequencies; config.json holds what they came
    /// from.
    Json llama3Scaling(int64_t headSize) const
    {
        const auto& tensor = m_content.tensors.at("rope_freqs.weight");
        const auto count = elementCount(tensor.shape).value();
        if (count != uint64_t(headSize / 2))
            fail(concat("its tensor 'rope_freqs.weight' has ", count, " numbers, expected ", headSize / 2));
        std::vector<float> divisors(count);
        dequantize(tensor, divisors.data());
        constexpr double low = 1, high = 4, original = 8192;
        const double factor = divisors.empty() ? 1 : *std::ranges::max_element(divisors);
        const auto base = number("rope.freq_base", 10000);
        bool ones = true, known = true;
        for (size_t i = 0; i < divisors.size(); ++i) {
            const double length = 2 * std::numbers::pi * std::pow(base, 2.0 * double(i) / double(headSize));
            const double smooth = (original / length - low) / (high - low);
            const double expected = length < original / high ? 1
                : length > original / low                    ? factor
                                                             : 1 / ((1 - smooth) / factor + smooth);
            ones = ones && divisors[i] == 1;
            known = known && std::abs(divisors[i] - expected) <= 1e-4 * expected;
        }
        if (ones)
            return nullptr;
        if (!known)
            fail("its tensor 'rope_freqs.weight' holds frequencies that are not those of Llama 3");
        return {{"rope_type", "llama3"}, {"factor", factor}, {"low_freq_factor", low},
            {"high_freq_factor", high}, {"original_max_position_embeddings", int64_t(original)}};
    }

    void readTokens()
    {
        for (const auto& [name, target] : {std::pair{"bos_token_id", "bos_token_id"},
                 std::pair{"eos_token_id", "eos_token_id"}, std::pair{"unknown_token_id", "unk_token_id"},
                 std::pair{"padding_token_id", "pad_token_id"}}) {
            if (const auto id = m_content.integer(concat("tokenizer.ggml.", name)))
                m_model.config[target] = *id;
        }
    }

    void addTensor(const std::string& name, const TensorEntry& entry)
    {
        if (name == "rope_freqs.weight" || name.ends_with(".attn_rot_embd"))
            return;
        GgufSource source{.name = name};
        auto target = m_architecture == "gpt2"
            ? modelName(name, "transformer.h.", g_gpt2Layer, g_gpt2Whole, source)
            : modelName(name, "model.layers.", g_llamaLayer, g_llamaWhole, source);
        auto shape = entry.shape;
        if (shape.size() != 2 && source.layout == Layout::Transposed)
            source.layout = Layout::Same; // a bias
        if (source.layout == Layout::Transposed)
            std::ranges::reverse(shape);
        if (m_architecture == "llama"
            && (name.find(".attn_q.") != name.npos || name.find(".attn_k.") != name.npos)) {
            source.layout = Layout::Rotary;
            source.heads = name.find(".attn_q.") != name.npos ? m_heads : m_keyValueHeads;
            if (shape.empty() || shape[0] % (2 * source.heads) != 0)
                fail(concat("tensor '", name, "' does not divide into ", source.heads, " heads"));
        }
        if (shape.size() == 1 && source.layout == Layout::Rotary && ggufBlock(entry.dtype)->count != 1)
            fail(concat("tensor '", name, "' is a quantised bias"));
        m_model.entries[target] = {entry.dtype, shape, entry.bytes};
        m_model.sources[target] = std::move(source);
    }

    /// A name that is not known stays as it is, and is reported as not part of the model.
    template <typename Layer, typename Whole>
    static std::string modelName(const std::string& name, std::string_view layerPrefix, const Layer& layer,
        const Whole& whole, GgufSource& source)
    {
        constexpr std::string_view block = "blk.";
        const auto suffix = name.rfind('.');
        if (suffix == std::string::npos)
            return name;
        const auto tail = name.substr(suffix);
        std::string_view stem(name.data(), suffix);
        if (!stem.starts_with(block)) {
            const auto row = std::ranges::find(whole, stem, &NameRow::gguf);
            return row == whole.end() ? name : concat(row->model, tail);
        }
        stem.remove_prefix(block.size());
        const auto dot = stem.find('.');
        const auto row
            = dot == stem.npos ? layer.end() : std::ranges::find(layer, stem.substr(dot + 1), &NameRow::gguf);
        if (row == layer.end())
            return name;
        source.layout = row->layout;
        return concat(layerPrefix, stem.substr(0, dot), '.', row->model, tail);
    }

    const GgufContent& m_content;
    const std::string& m_file;
    std::string m_architecture;
    int64_t m_heads = 0, m_keyValueHeads = 0;
    GgufModel m_model;
};

} // namespace

GgufModel readGgufModel(const GgufContent& content, const std::string& file)
{
    return ModelReader(content, file).read();
}

void readGgufTensor(const GgufContent& content, const GgufSource& source, float* out)
{
    const auto& tensor = content.tensors.at(source.name);
    if (source.layout == Layout::Same || tensor.bytes.empty()) {
        dequantize(tensor, out);
        return;
    }
    const auto rows = size_t(tensor.shape[0]);
    const size_t columns = elementCount(tensor.shape).value() / rows, rowBytes = tensor.bytes.size() / rows;
    TensorEntry row{tensor.dtype, {}, {}};
    std::vector<float> values(columns);
    for (size_t i = 0; i < rows; ++i) {
        row.bytes = tensor.bytes.subspan(i * rowBytes, rowBytes);
        dequantize(row, values.data());
        if (source.layout == Layout::Transposed) {
            for (size_t j = 0; j < columns; ++j)
                out[j * rows + i] = values[j];
        } else { // within a head, pairs (2d, 2d + 1) go back to rows d and d + half
            const auto half = rows / size_t(source.heads) / 2;
            const auto head = i / (2 * half), inside = i % (2 * half);
            const auto target = head * 2 * half + inside % 2 * half + inside / 2;
            std::copy(values.begin(), values.end(), out + target * columns);
        }
    }
}

} // namespace studio
