// SPDX-License-Identifier: MIT
// Every decoder family against transformers in float64: logits, gradients, log-probabilities, parameter
// names.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/io/safetensors.h"
#include "core/models/checkpoint_info.h"
#include "core/models/language_model.h"
#include "core/models/model.h"
#include "core/nn/random.h"
#include "tests/core/models/checkpointing_check.h"
#include "tests/core/models/stories_fixture.h"
#include "tests/core/text/text_test_data.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/autograd/autograd.h>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;

namespace {

using Tensors = std::vector<std::pair<std::string, at::Tensor>>;

const Json& golden()
{
    static const auto values = readJsonFile(STUDIO_SOURCE_DIR "/tests/core/models/golden/decoders.json");
    return values;
}

const Json& caseNamed(const std::string& name)
{
    for (const auto& one : golden()["cases"]) {
        if (one["name"] == name)
            return one;
    }
    throw std::runtime_error("no case " + name);
}

/// fill() of tests/reference/decoder_golden.py.
at::Tensor formulaTensor(
    const std::string& name, const std::vector<int64_t>& shape, int64_t number, const Json& config)
{
    const double offset = config["model_type"].get<std::string>().starts_with("gemma") ? 1 : 0;
    auto tensor = at::empty(shape, at::TensorOptions(at::kFloat));
    for (int64_t i = 0; i < tensor.numel(); ++i) {
        double value = std::cos(double(i) * (1 + 0.1 * double(number % 7)) + double(number));
        if (shape.size() == 1 && name.ends_with("weight"))
            value = 1 - offset + 0.2 * value;
        else
            value *= name.ends_with("bias") ? 0.1 : 0.3;
        tensor.data_ptr<float>()[i] = static_cast<float>(value);
    }
    return tensor;
}

/// The case's checkpoint; as a language model it has a head of its own instead of the classifier's.
void writeCheckpoint(const std::filesystem::path& folder, const Json& one, bool languageModel = false)
{
    Tensors tensors;
    for (const auto& [name, numbers] : one["gradients"].items()) {
        if (!languageModel || name != "score.weight")
            tensors.emplace_back(name,
                formulaTensor(
                    name, numbers[0].get<std::vector<int64_t>>(), int64_t(tensors.size()), one["config"]));
    }
    if (languageModel && one["language_model_head"].get<bool>())
        tensors.emplace_back("lm_head.weight",
            formulaTensor("lm_head.weight", tensors.front().second.sizes().vec(), int64_t(tensors.size()),
                one["config"]));
    std::filesystem::create_directories(folder);
    writeFileAtomically(folder / "config.json", one["config"].dump());
    writeSafetensors(folder / "model.safetensors", tensors);
}

/// sequences() of the script.
std::vector<std::vector<int32_t>> textsOf(const Json& one)
{
    std::vector<std::vector<int32_t>> texts;
    const int64_t lengths[]{7, one["longest"].get<int64_t>(), 1, 7, 12, 3};
    for (int32_t index = 0; index < 6; ++index) {
        auto& ids = texts.emplace_back();
        for (int32_t k = 0; k < lengths[index]; ++k)
            ids.push_back(index == 5 || (index == 4 && k >= 10) ? 0 : (7 * index + 5 * k + 3) % 58 + 2);
    }
    return texts;
}

PackedBatch batchOf(const std::vector<std::vector<int32_t>>& texts)
{
    std::vector<SequenceView> views;
    for (const auto& ids : texts)
        views.push_back({ids, {}});
    return packBatch(views, at::kCPU);
}

/// How much more than elsewhere rounding alone, of the reference too, moves the numbers of a model whose loss
/// has a gradient of this norm.
double steepness(double gradientNorm)
{
    return std::max(1.0, gradientNorm / 40);
}

void requireClose(double value, double truth, const std::string& what, double steep = 1)
{
    const auto error = std::abs(value - truth);
    if (!(error <= std::max(1e-5 * std::abs(truth), 1e-4 * steep)))
        throw std::runtime_error(what + ": " + std::to_string(value) + ", expected " + std::to_string(truth));
}

/// Estimates ‖gradient − truth‖ from its sums under random signs.
double sketchDistance(const at::Tensor& gradient, const Json& numbers)
{
    const auto values = gradient.contiguous();
    double squares = 0;
    const auto sketches = numbers.size() - 2;
    for (size_t k = 0; k < sketches; ++k) {
        double sum = 0;
        for (int64_t i = 0; i < values.numel(); ++i)
            sum += (mixBits(k, uint64_t(i)) & 1 ? 1.0 : -1.0) * values.const_data_ptr<float>()[i];
        squares += std::pow(sum - numbers[k + 2].get<double>(), 2);
    }
    return std::sqrt(squares / double(sketches));
}

std::string loadMessage(const std::filesystem::path& folder, bool languageModel)
{
    try {
        if (languageModel)
            (void)loadLanguageModel(folder, at::kCPU);
        else
            (void)loadClassifier(folder, {}, at::kCPU);
    } catch (const Error& error) {
        return error.what();
    }
    return "loaded";
}

} // namespace

class TestDecoderFamilies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_dir.isValid());
        m_folder = m_dir.path().toStdString();
    }

    void equalsTheReference_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& one : golden()["cases"]) {
            const auto name = one["name"].get<std::string>();
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
        }
        QVERIFY(golden()["cases"].size() >= 40);
    }

    void equalsTheReference()
    {
        QFETCH(QString, name);
        const auto& one = caseNamed(name.toStdString());
        const auto folder = m_folder / name.toStdString();
        writeCheckpoint(folder, one);
        const auto loaded = loadClassifier(folder, {}, at::kCPU);
        QVERIFY(loaded.warnings.empty());

        std::vector<std::string> names, expected;
        for (const auto& parameter : loaded.model->parameters())
            names.push_back(parameter.name);
        for (const auto& [parameter, numbers] : one["gradients"].items())
            expected.push_back(parameter);
        QCOMPARE(names, expected);

        double all = 0;
        for (const auto& [parameter, numbers] : one["gradients"].items())
            all += std::pow(numbers[1].get<double>(), 2);
        all = std::sqrt(all);
        const auto steep = steepness(all);
        const auto texts = textsOf(one);
        const auto batch = batchOf(texts);
        ForwardContext context{.training = true}; // every dropout probability is 0
        const auto logits = loaded.model->forward(batch, context);
        std::vector<int64_t> labels;
        for (size_t i = 0; i < batch.order.size(); ++i) {
            const auto text = size_t(batch.order[i]);
            labels.push_back(std::vector<int64_t>{2, 0, 1, 1, 0, 2}[text]);
            for (size_t label = 0; label < 3; ++label)
                requireClose(logits[int64_t(i)][int64_t(label)].item<double>(),
                    one["logits"][text][label].get<double>(), "logit of text " + std::to_string(text), steep);
        }
        torch::autograd::backward(
            {at::cross_entropy_loss(logits, at::tensor(at::ArrayRef<int64_t>(labels)))}, {});
        for (const auto& [parameter, tensor] : loaded.model->parameters()) {
            const auto& numbers = one["gradients"][parameter];
            QVERIFY2(tensor.grad().defined(), parameter.c_str());
            const auto allowed = 1e-4 * steep * std::max(numbers[1].get<double>(), 1e-3 * all);
            const auto distance = sketchDistance(tensor.grad(), numbers);
            QVERIFY2(distance <= allowed,
                (parameter + ": " + std::to_string(distance / allowed) + " of what is allowed").c_str());
        }

        // a text alone gives what it gives among others
        const at::NoGradGuard noGrad;
        for (const size_t text : {size_t(1), size_t(2), size_t(4)}) {
            ForwardContext plain;
            const auto alone = loaded.model->forward(batchOf({texts[text]}), plain);
            for (size_t label = 0; label < 3; ++label)
                requireClose(alone[0][int64_t(label)].item<double>(),
                    one["logits"][text][label].get<double>(), "logit of a text alone", steep);
        }

        if (!one.contains("log_probabilities")) {
            QVERIFY(loadMessage(folder, true).find("use_bidirectional_attention") != std::string::npos);
            return;
        }
        writeCheckpoint(folder, one, true);
        const auto language = loadLanguageModel(folder, at::kCPU);
        ForwardContext plain;
        const auto values = language.model->logProbabilities(batch, plain);
        const auto scores = language.model->logits(batch, plain).log_softmax(-1);
        for (size_t i = 0; i < batch.order.size(); ++i) {
            const auto text = size_t(batch.order[i]);
            const auto start = batch.layout.starts[i];
            QCOMPARE(values[start].item<float>(), 0.0F);
            const auto& truth = one["log_probabilities"][text];
            for (size_t k = 0; k < truth.size(); ++k) {
                const auto row = start + int64_t(k);
                requireClose(values[row + 1].item<double>(), truth[k].get<double>(), "log-probability");
                requireClose(scores[row][texts[text][k + 1]].item<double>(), truth[k].get<double>(), "score");
            }
        }
    }

    void layersComputedAgainGiveTheSameGradients_data() { equalsTheReference_data(); }

    void layersComputedAgainGiveTheSameGradients()
    {
        QFETCH(QString, name);
        const auto& one = caseNamed(name.toStdString());
        const auto folder = m_folder / name.toStdString();
        writeCheckpoint(folder, one);
        const auto loaded = loadClassifier(folder, {.dropout = 0.2}, at::kCPU);
        const auto problem = checkpointingDifference(*loaded.model, batchOf(textsOf(one)));
        QVERIFY2(problem.empty(), problem.c_str());
    }

    void trainedWeightsGiveTheirLogitsAndTheirStory()
    {
        STUDIO_SKIP_WITHOUT(testDataFolder(), "STUDIO_TEST_DATA");
        const auto source = testDataFolder() / "stories260K";
        stories::writeCheckpoint(source, m_folder / "stories");
        const auto loaded = loadLanguageModel(m_folder / "stories", at::kCPU);
        QVERIFY(loaded.warnings.empty());
        const at::NoGradGuard noGrad;
        ForwardContext context;
        const auto expected = readJsonFile(source / "expected_logits.json");
        const auto logits
            = loaded.model->logits(batchOf({expected["ids_with_bos"].get<std::vector<int32_t>>()}), context);
        for (int64_t row = 0; row < logits.size(0); ++row) {
            const auto& truth = expected["logits"][size_t(row)];
            for (int64_t word = 0; word < logits.size(1); ++word) {
                const auto value = truth[size_t(word)].get<float>(); // six digits
                QVERIFY(std::abs(logits[row][word].item<float>() - value) < 1e-4F);
            }
        }

        const auto pieces = stories::pieces(source);
        std::vector<int32_t> ids{1};
        std::string story;
        while (ids.size() <= 200) {
            const auto next = int32_t(loaded.model->logits(batchOf({ids}), context)[int64_t(ids.size()) - 1]
                                          .argmax()
                                          .item<int64_t>());
            if (next == 1)
                break;
            const auto& piece = pieces[size_t(next)];
            const bool byte = piece.size() == 6 && piece.starts_with("<0x");
            story += byte ? std::string(1, char(std::stoi(piece.substr(3, 2), nullptr, 16)))
                          : piece.substr(ids.size() == 1 && piece.starts_with(' ') ? 1 : 0);
            ids.push_back(next);
        }
        auto truth = readFile(source / "expected_greedy_t0_n200.txt");
        while (truth.ends_with('\n'))
            truth.pop_back();
        QVERIFY2(story.starts_with(truth) || truth.starts_with(story), story.c_str());
        QVERIFY(story.size() + 4 >= truth.size());
    }

    void aPaddingTokenIsTakenFromTheTokeniserWhereTheConfigHasNone()
    {
        const auto folder = m_folder / "padding";
        writeCheckpoint(folder, caseNamed("qwen2"));
        auto config = readJsonFile(folder / "config.json");
        const auto statedAfter = [&](std::optional<int32_t> tokenizers) {
            writeFileAtomically(folder / "config.json", config.dump());
            const auto loaded = loadClassifier(folder, {.paddingId = tokenizers}, at::kCPU);
            return loaded.config.value("pad_token_id", Json());
        };
        config["pad_token_id"] = nullptr;
        QVERIFY(statedAfter({}).is_null());
        QVERIFY(statedAfter(7) == 7);
        QVERIFY(statedAfter(100'000).is_null()); // the model has no such row
        config.erase("pad_token_id");
        QVERIFY(statedAfter(7) == 7);
        config["pad_token_id"] = 3;
        QVERIFY(statedAfter(7) == 3);
    }

    void aLanguageModelBecomesAClassifierAndTiedHeadsStayTied()
    {
        const auto folder = m_folder / "tied";
        writeCheckpoint(folder, caseNamed("qwen2"), true); // tied: no lm_head.weight in the file
        const auto loaded = loadClassifier(folder, {.labels = {"a", "b", "c", "d"}}, at::kCPU);
        QVERIFY(loaded.headCreated);
        QCOMPARE(loaded.model->parameters().back().name, std::string("score.weight"));
        QCOMPARE(loaded.model->parameters().back().tensor.size(0), int64_t(4));
        QVERIFY(loaded.model->isHead("score.weight") && !loaded.model->isHead("model.norm.weight"));
        QVERIFY(loadMessage(folder, true) == "loaded");
        const auto info = inspectCheckpoint(folder);
        QVERIFY(!info.hasClassifier);
        QCOMPARE(info.keptPerToken, int64_t(4 * 16 + 2 * 16 + 2 * 8 + 3 * 20));
        QVERIFY(std::ranges::any_of(
            info.notes, [](const auto& note) { return note.find("last token") != std::string::npos; }));

        // a file with a head of its own is believed, one that repeats the embedding is not counted twice
        for (const bool same : {true, false}) {
            SafetensorsFile file(folder / "model.safetensors");
            Tensors tensors;
            for (const auto& [name, numbers] : caseNamed("qwen2")["gradients"].items()) {
                if (name != "score.weight")
                    tensors.emplace_back(name, file.tensor(name));
            }
            tensors.emplace_back("lm_head.weight",
                same ? tensors.front().second.clone() : (tensors.front().second * 2).contiguous());
            const auto other = m_folder / (same ? "same" : "other");
            std::filesystem::create_directories(other);
            writeFileAtomically(other / "config.json", caseNamed("qwen2")["config"].dump());
            writeSafetensors(other / "model.safetensors", tensors);
            const auto language = loadLanguageModel(other, at::kCPU);
            QCOMPARE(language.warnings.size(), size_t(same ? 0 : 1));
            QCOMPARE(language.model->parameters().size(), tensors.size() - (same ? 1 : 0));
        }

        writeCheckpoint(m_folder / "classifier", caseNamed("llama"));
        QVERIFY(loadMessage(m_folder / "classifier", true).find("lm_head.weight") != std::string::npos);
    }

    void baseModelsAndOldBuffersLoad()
    {
        const auto& one = caseNamed("gpt2");
        const auto folder = m_folder / "base";
        writeCheckpoint(folder, one);
        Tensors tensors;
        {
            SafetensorsFile file(folder / "model.safetensors");
            for (const auto& [name, numbers] : one["gradients"].items()) {
                if (name != "score.weight")
                    tensors.emplace_back(name.substr(std::string("transformer.").size()), file.tensor(name));
            }
        }
        tensors.emplace_back("h.0.attn.bias", at::empty({1, 1, 4, 4}).zero_());
        tensors.emplace_back("h.0.attn.masked_bias", at::empty({1}).zero_());
        writeSafetensors(folder / "model.safetensors", tensors);
        const auto loaded = loadClassifier(folder, {}, at::kCPU);
        QCOMPARE(loaded.warnings.size(), size_t(1)); // the head is new
        QVERIFY(inspectCheckpoint(folder).unexpected.empty());
    }

    void savesWhatItLoads()
    {
        for (const auto* name : {"gpt2", "gemma2", "phi3 longrope"}) {
            const auto& one = caseNamed(name);
            const auto folder = m_folder / "source", saved = m_folder / "saved";
            writeCheckpoint(folder, one);
            const auto loaded = loadClassifier(folder, {}, at::kCPU);
            std::filesystem::create_directories(saved);
            saveClassifier(loaded, saved);
            const auto again = loadClassifier(saved, {}, at::kCPU);
            QVERIFY(again.warnings.empty());
            const at::NoGradGuard noGrad;
            ForwardContext first, second;
            const auto batch = batchOf(textsOf(one));
            QVERIFY(loaded.model->forward(batch, first).equal(again.model->forward(batch, second)));
            // what transformers reads stays as it was
            for (const auto* key : {"rope_parameters", "layer_types", "sliding_window", "n_inner"}) {
                if (one["config"].contains(key))
                    QVERIFY(readJsonFile(saved / "config.json")[key] == one["config"][key]);
            }
        }
    }

    void dropoutActsAtItsSites()
    {
        for (const auto* name : {"gpt2", "llama", "phi3"}) {
            const auto folder = m_folder / "dropout";
            auto one = caseNamed(name);
            one["config"]["attention_dropout"] = 0;
            for (const auto* key : {"attention_dropout", "attn_pdrop", "resid_pdrop", "embd_pdrop"}) {
                if (!caseNamed(name)["config"].contains(key))
                    continue;
                auto changed = one;
                changed["config"][key] = 0.5;
                writeCheckpoint(folder, changed);
                const auto loaded = loadClassifier(folder, {}, at::kCPU);
                const auto batch = batchOf(textsOf(one));
                const at::NoGradGuard noGrad;
                const auto at = [&](bool training, uint64_t seed) {
                    ForwardContext context{.training = training, .seed = seed};
                    return loaded.model->forward(batch, context);
                };
                QVERIFY(at(true, 1).equal(at(true, 1)));
                // the reference reads phi3's embd_pdrop, but uses it nowhere
                const bool unused = std::string(name) == "phi3" && std::string(key) == "embd_pdrop";
                QVERIFY2(at(true, 1).equal(at(true, 2)) == unused, key);
                QVERIFY(at(false, 1).equal(at(false, 2)));
                const auto off = loadClassifier(folder, {.dropout = 0.0}, at::kCPU);
                ForwardContext context{.training = true};
                QVERIFY(off.model->forward(batch, context).equal(at(false, 1)));
            }
        }
    }

    void keysThatAreNotSupportedAreNamed_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        const auto row = [](const char* name, const char* key, const char* value) {
            QTest::addRow("%s %s %s", name, key, value)
                << QString::fromUtf8(name) << QString::fromUtf8(key) << QString::fromUtf8(value);
        };
        row("llama", "rope_parameters", R"({"rope_type": "ntk", "rope_theta": 1e4})");
        row("llama", "rope_parameters", R"({"rope_type": "linear", "rope_theta": 1e4})");
        row("llama", "rope_parameters", R"({"full_attention": {"rope_type": "default"}})");
        row("llama", "rope_parameters", R"({"rope_type": "default", "mrope_section": [1, 1]})");
        row("llama", "rope_parameters",
            R"({"rope_type": "longrope", "short_factor": [1], "long_factor": [1]})");
        row("llama", "rope_parameters",
            R"({"rope_type": "linear", "factor": 2, "partial_rotary_factor": 0.5})");
        row("llama", "rope_scaling", R"("linear")");
        row("llama", "hidden_act", R"("xielu")");
        row("llama", "num_key_value_heads", "3");
        row("llama", "is_causal", "false");
        row("llama", "quantization_config", R"({"bits": 4})");
        row("llama", "pad_token_id", "60");
        row("llama", "layer_types", R"(["sliding_attention", "full_attention"])");
        row("llama", "per_layer_config", R"({"0": {}})");
        row("mistral", "attention_bias", "true");
        row("mistral", "layer_types", R"(["full_attention", "full_attention"])");
        row("qwen2", "layer_types", R"(["sliding_attention", "full_attention"])"); // and no window
        row("qwen2", "layer_types", R"(["linear_attention", "full_attention"])");
        row("qwen2", "layer_types", R"(["full_attention"])");
        row("gemma", "use_bidirectional_attention", "true");
        row("gemma2", "sliding_window", "null");
        row("phi3", "rope_parameters", R"({"rope_type": "linear", "factor": 2.0})");
        row("phi3", "rope_parameters", R"({"rope_type": "default", "partial_rotary_factor": 0.1})");
        row("gpt2", "add_cross_attention", "true");
        row("gpt2", "n_head", "3");
        row("gpt2", "num_attention_heads", "3"); // the common word wins
        row("gpt2", "activation_function", R"("prelu")");
    }

    void keysThatAreNotSupportedAreNamed()
    {
        QFETCH(QString, name);
        QFETCH(QString, key);
        QFETCH(QString, value);
        auto one = caseNamed(name.toStdString());
        one["config"][key.toStdString()] = Json::parse(value.toStdString());
        const auto folder = m_folder / "unsupported";
        writeCheckpoint(folder, one);
        const auto message = loadMessage(folder, false);
        const auto named = message.find("'" + key.toStdString() + "'") != std::string::npos
            || (key == QStringLiteral("layer_types")
                && message.find("'sliding_window'") != std::string::npos);
        QVERIFY2(named && message.find("config.json") != std::string::npos, message.c_str());
    }

private:
    QTemporaryDir m_dir;
    std::filesystem::path m_folder;
};

QTEST_GUILESS_MAIN(TestDecoderFamilies)
#include "tst_decoder_families.moc"
