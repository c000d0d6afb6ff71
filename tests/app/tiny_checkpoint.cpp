// SPDX-License-Identifier: MIT
#include "tests/app/tiny_checkpoint.h"

#include "core/base/json.h"

#include <cmath>
#include <cstring>
#include <vector>

#include <QDir>
#include <QFile>

namespace studio::test {
namespace {

constexpr int64_t width = 16, layers = 2, inner = 32, positions = 64;

/// A safetensors file in the making.
class TensorFile {
public:
    void add(const std::string& name, const std::vector<int64_t>& shape)
    {
        int64_t count = 1;
        for (const auto size : shape)
            count *= size;
        const auto begin = m_data.size();
        const bool norm = name.find("LayerNorm") != std::string::npos
            || name.find("layer_norm") != std::string::npos || name.find("ln_") != std::string::npos;
        for (int64_t i = 0; i < count; ++i) {
            const auto phase
                = static_cast<double>((i * i * 37 + i * 11 + static_cast<int64_t>(begin)) % 10'007);
            auto value = static_cast<float>(0.5 * std::cos(phase));
            if (norm)
                value = name.ends_with("weight") ? 1.0F : 0.0F;
            char bytes[4];
            std::memcpy(bytes, &value, 4);
            m_data.append(bytes, 4);
        }
        m_header[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {begin, m_data.size()}}};
    }

    [[nodiscard]] QByteArray content() const
    {
        auto header = m_header.dump();
        header.resize((header.size() + 7) / 8 * 8, ' ');
        QByteArray out;
        auto size = static_cast<uint64_t>(header.size());
        for (int i = 0; i < 8; ++i, size >>= 8)
            out.append(static_cast<char>(size & 0xFF));
        return out + QByteArray::fromStdString(header) + QByteArray::fromStdString(m_data);
    }

private:
    Json m_header = Json::object();
    std::string m_data;
};

void addLinear(TensorFile& file, const std::string& name, int64_t out, int64_t in)
{
    file.add(name + ".weight", {out, in});
    file.add(name + ".bias", {out});
}

void addNorm(TensorFile& file, const std::string& name)
{
    file.add(name + ".weight", {width});
    file.add(name + ".bias", {width});
}

} // namespace

void writeFile(const QString& file, const QByteArray& content)
{
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(file));
}

QByteArray fileContent(const QString& file)
{
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

QStringList tinyVocabulary()
{
    auto words
        = QStringLiteral("[PAD] [UNK] [CLS] [SEP] [MASK] . , ! ? ' - good bad great awful the film food "
                         "was is not very nice poor")
              .split(QLatin1Char(' '));
    for (char c = 'a'; c <= 'z'; ++c) {
        words.append(QString(QLatin1Char(c)));
        words.append(QStringLiteral("##") + QLatin1Char(c));
    }
    return words;
}

namespace {

void writeTokenizer(const QString& folder)
{
    writeFile(folder + QStringLiteral("/vocab.txt"),
        (tinyVocabulary().join(QLatin1Char('\n')) + QLatin1Char('\n')).toUtf8());
    writeFile(folder + QStringLiteral("/tokenizer_config.json"),
        R"({"do_lower_case": true, "model_max_length": 64, "tokenizer_class": "BertTokenizer"})");
}

} // namespace

void writeTinyCheckpoint(const QString& folder)
{
    QDir().mkpath(folder);
    const auto vocabulary = tinyVocabulary();
    TensorFile file;
    file.add("embeddings.word_embeddings.weight", {vocabulary.size(), width});
    file.add("embeddings.position_embeddings.weight", {positions, width});
    file.add("embeddings.token_type_embeddings.weight", {2, width});
    addNorm(file, "embeddings.LayerNorm");
    for (int64_t layer = 0; layer < layers; ++layer) {
        const auto prefix = "encoder.layer." + std::to_string(layer) + ".";
        for (const auto* part :
            {"attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"})
            addLinear(file, prefix + part, width, width);
        addNorm(file, prefix + "attention.output.LayerNorm");
        addLinear(file, prefix + "intermediate.dense", inner, width);
        addLinear(file, prefix + "output.dense", width, inner);
        addNorm(file, prefix + "output.LayerNorm");
    }
    addLinear(file, "pooler.dense", width, width);
    writeFile(folder + QStringLiteral("/model.safetensors"), file.content());

    writeTokenizer(folder);
    const Json config = {{"architectures", {"BertModel"}}, {"model_type", "bert"}, {"hidden_size", width},
        {"num_hidden_layers", layers}, {"num_attention_heads", 2}, {"intermediate_size", inner},
        {"vocab_size", vocabulary.size()}, {"max_position_embeddings", positions}, {"type_vocab_size", 2},
        {"hidden_act", "gelu"}, {"hidden_dropout_prob", 0.1}, {"attention_probs_dropout_prob", 0.1},
        {"layer_norm_eps", 1e-12}, {"initializer_range", 0.02}, {"pad_token_id", 0}};
    writeFile(folder + QStringLiteral("/config.json"), QByteArray::fromStdString(config.dump(2)));
}

void writeTinyLanguageModel(const QString& folder)
{
    QDir().mkpath(folder);
    TensorFile file;
    file.add("transformer.wte.weight", {tinyVocabulary().size(), width});
    file.add("transformer.wpe.weight", {positions, width});
    const auto addInputMajor = [&](const std::string& name, int64_t in, int64_t out) {
        file.add(name + ".weight", {in, out});
        file.add(name + ".bias", {out});
    };
    for (int64_t layer = 0; layer < layers; ++layer) {
        const auto prefix = "transformer.h." + std::to_string(layer) + ".";
        addNorm(file, prefix + "ln_1");
        addInputMajor(prefix + "attn.c_attn", width, 3 * width);
        addInputMajor(prefix + "attn.c_proj", width, width);
        addNorm(file, prefix + "ln_2");
        addInputMajor(prefix + "mlp.c_fc", width, inner);
        addInputMajor(prefix + "mlp.c_proj", inner, width);
    }
    addNorm(file, "transformer.ln_f");
    writeFile(folder + QStringLiteral("/model.safetensors"), file.content());
    const Json config = {{"architectures", {"GPT2LMHeadModel"}}, {"model_type", "gpt2"}, {"n_embd", width},
        {"n_layer", layers}, {"n_head", 2}, {"n_inner", inner}, {"vocab_size", tinyVocabulary().size()},
        {"n_positions", positions}, {"activation_function", "gelu_new"}, {"pad_token_id", 0}};
    writeFile(folder + QStringLiteral("/config.json"), QByteArray::fromStdString(config.dump(2)));
    writeTokenizer(folder);
}

void writeTinyEncoderDecoder(const QString& folder)
{
    QDir().mkpath(folder);
    const auto vocabulary = tinyVocabulary();
    TensorFile file;
    file.add("shared.weight", {vocabulary.size(), width});
    for (const std::string half : {"encoder", "decoder"}) {
        const auto part = [&](int number) { return half + ".block.0.layer." + std::to_string(number) + "."; };
        const auto addAttention = [&](const std::string& prefix) {
            for (const auto* name : {"q", "k", "v", "o"})
                file.add(prefix + name + ".weight", {width, width});
        };
        const int last = half == "decoder" ? 2 : 1;
        addAttention(part(0) + "SelfAttention.");
        file.add(part(0) + "SelfAttention.relative_attention_bias.weight", {8, 2});
        if (last == 2)
            addAttention(part(1) + "EncDecAttention.");
        file.add(part(last) + "DenseReluDense.wi.weight", {inner, width});
        file.add(part(last) + "DenseReluDense.wo.weight", {width, inner});
        for (int i = 0; i <= last; ++i)
            file.add(part(i) + "layer_norm.weight", {width});
        file.add(half + ".final_layer_norm.weight", {width});
    }
    writeFile(folder + QStringLiteral("/model.safetensors"), file.content());
    const Json config = {{"architectures", {"T5ForConditionalGeneration"}}, {"model_type", "t5"},
        {"d_model", width}, {"d_kv", width / 2}, {"d_ff", inner}, {"num_layers", 1}, {"num_heads", 2},
        {"relative_attention_num_buckets", 8}, {"vocab_size", vocabulary.size()}, {"pad_token_id", 0},
        {"eos_token_id", vocabulary.indexOf(QStringLiteral("[SEP]"))}, {"decoder_start_token_id", 0}};
    writeFile(folder + QStringLiteral("/config.json"), QByteArray::fromStdString(config.dump(2)));
    writeTokenizer(folder);
}

QByteArray reviewsCsv(int rows)
{
    static const char* const words[] = {"good", "bad", "great", "awful", "nice", "poor"};
    static const char* const things[] = {"film", "food"};
    QByteArray out = "text,label\n";
    for (int i = 0; i < rows; ++i) {
        const bool positive = i % 2 == 0;
        const auto* word = words[i % 6];
        out += QByteArray("\"The ") + things[i / 6 % 2] + (i / 12 % 2 ? " was very " : " is ") + word
            + ", said " + QByteArray(1, static_cast<char>('a' + i % 26))
            + static_cast<char>('a' + i / 26 % 26) + ".\"," + (positive ? "positive" : "negative") + "\n";
    }
    return out;
}

} // namespace studio::test
