// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/models/checkpoint_info.h"
#include "core/models/language_model.h"
#include "tests/core/io/pickle_writer.h"
#include "tests/core/models/bert_fixture.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/ones.h>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;

namespace {

at::Tensor logitsOf(const LoadedModel& loaded)
{
    const at::NoGradGuard noGrad;
    ForwardContext context;
    return loaded.model->forward(fixture::batchOf({0, 1, 2, 3, 4}), context);
}

std::string joined(const std::vector<std::string>& lines)
{
    std::string text;
    for (const auto& line : lines)
        text += line + "\n";
    return text;
}

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

at::Tensor& tensorOf(fixture::Tensors& tensors, std::string_view name)
{
    return std::ranges::find(tensors, name, &std::pair<std::string, at::Tensor>::first)->second;
}

void removeIf(fixture::Tensors& tensors, std::string_view part)
{
    std::erase_if(tensors, [&](const auto& entry) { return contains(entry.first, part); });
}

} // namespace

class TestCheckpoint : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    Json m_config;
    fixture::Tensors m_tensors;

    std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    LoadedModel load(const HeadRequest& request = {})
    {
        fixture::writeCheckpoint(folder(), m_config, m_tensors);
        return loadClassifier(folder(), request, at::kCPU);
    }
    std::string refusal(const HeadRequest& request = {})
    {
        try {
            load(request);
        } catch (const Error& error) {
            return error.kind() == ErrorKind::Checkpoint ? error.what()
                                                         : std::string("wrong kind: ") + error.what();
        }
        return "loaded";
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_config = fixture::bertConfig();
        m_tensors = fixture::formulaWeights(m_config);
    }

    void savedModelGivesTheSameLogits_data()
    {
        QTest::addColumn<QByteArray>("dtype");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("fp32") << QByteArray("fp32") << 0.0;
        QTest::newRow("fp16") << QByteArray("fp16") << 2e-2;
        QTest::newRow("bf16") << QByteArray("bf16") << 2e-1;
    }

    void savedModelGivesTheSameLogits()
    {
        QFETCH(QByteArray, dtype);
        QFETCH(double, tolerance);
        m_config["torch_dtype"] = "bfloat16";
        m_config["_name_or_path"] = "somewhere/else";
        m_config["num_labels"] = 3;
        m_config["a_key_of_a_later_version"] = {{"kept", true}};
        const auto first = load();
        const QTemporaryDir target;
        const std::filesystem::path saved = target.path().toStdString();
        saveClassifier(first, saved, dtype.toStdString());
        const auto second = loadClassifier(saved, {}, at::kCPU);
        QVERIFY((logitsOf(first) - logitsOf(second)).abs().max().item<double>() <= tolerance);

        const auto config = readJsonFile(saved / "config.json");
        QVERIFY(config["architectures"] == Json({"BertForSequenceClassification"}));
        QVERIFY(config["id2label"] == m_config["id2label"]);
        QVERIFY(config["label2id"] == m_config["label2id"]);
        QCOMPARE(config["dtype"].get<std::string>(),
            dtype == "fp32"       ? std::string("float32")
                : dtype == "fp16" ? "float16"
                                  : "bfloat16");
        QVERIFY(config["a_key_of_a_later_version"] == m_config["a_key_of_a_later_version"]);
        QVERIFY(!config.contains("torch_dtype") && !config.contains("_name_or_path")
            && !config.contains("num_labels"));
        const SafetensorsFile file(saved / "model.safetensors");
        QCOMPARE(file.entries().size(), m_tensors.size());
        for (const auto& [name, entry] : file.entries())
            QCOMPARE(entry.dtype, dtype == "fp32" ? std::string("F32") : dtype == "fp16" ? "F16" : "BF16");
    }

    void namesOfOlderCheckpointsLoad()
    {
        const auto expected = logitsOf(load());
        for (auto& [name, tensor] : m_tensors) {
            if (name.starts_with("bert."))
                name.erase(0, 5);
            if (const auto place = name.find("LayerNorm.weight"); place != std::string::npos)
                name.replace(place, std::string::npos, "LayerNorm.gamma");
            if (const auto place = name.find("LayerNorm.bias"); place != std::string::npos)
                name.replace(place, std::string::npos, "LayerNorm.beta");
        }
        m_tensors.emplace_back("embeddings.position_ids", at::ones({1, 20}, at::TensorOptions(at::kLong)));
        const auto loaded = load();
        QVERIFY2(loaded.warnings.empty(), joined(loaded.warnings).c_str());
        QVERIFY(logitsOf(loaded).equal(expected));
    }

    void otherNumberTypesBecomeFp32()
    {
        for (auto& [name, tensor] : m_tensors)
            tensor = tensor.to(name.ends_with("bias") ? at::kDouble : at::kBFloat16);
        const auto loaded = load();
        for (const auto& [name, tensor] : loaded.model->parameters()) {
            QCOMPARE(tensor.scalar_type(), at::kFloat);
            QVERIFY2(tensor.equal(tensorOf(m_tensors, name).to(at::kFloat)), name.c_str());
        }
    }

    void halfPrecisionTorchFilesBecomeFp32()
    {
        fixture::writeCheckpoint(folder(), m_config, m_tensors);
        std::filesystem::remove(folder() / "model.safetensors");
        std::vector<std::pair<std::string, std::string>> pickled, entries{{"archive/data.pkl", ""}};
        for (const auto& [name, tensor] : m_tensors) {
            const auto half = tensor.to(at::kHalf);
            std::vector<int32_t> shape(half.sizes().begin(), half.sizes().end());
            std::vector<int32_t> strides(half.strides().begin(), half.strides().end());
            const auto key = numberText(entries.size());
            pickled.emplace_back(name,
                fixture::tensor(
                    fixture::storage(key, int32_t(half.numel()), "HalfStorage"), 0, shape, strides));
            entries.emplace_back("archive/data/" + key,
                std::string(static_cast<const char*>(half.const_data_ptr()), half.nbytes()));
        }
        entries.front().second = fixture::dictionary(pickled);
        writeFileAtomically(folder() / "pytorch_model.bin", fixture::zip(entries));

        const auto loaded = loadClassifier(folder(), {}, at::kCPU);
        for (const auto& [name, tensor] : loaded.model->parameters())
            QVERIFY2(tensor.equal(tensorOf(m_tensors, name).to(at::kHalf).to(at::kFloat)), name.c_str());
        const auto info = inspectCheckpoint(folder());
        QCOMPARE(info.format, std::string("pytorch_model.bin"));
        QVERIFY2(contains(joined(info.notes), "Weights: pytorch_model.bin, F16, will be converted to fp32."),
            joined(info.notes).c_str());
    }

    void ggufModelsGiveTheLogitsOfTransformers_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto* name : {"llama", "qwen2", "qwen3", "gpt2"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void ggufModelsGiveTheLogitsOfTransformers()
    {
        QFETCH(QString, name);
        const auto stem = std::string(STUDIO_SOURCE_DIR "/tests/core/io/gguf/") + name.toStdString();
        const auto expected = readJsonFile(stem + ".json");
        const auto loaded = loadLanguageModel(stem + ".gguf", at::kCPU);
        QVERIFY2(loaded.warnings.empty(), joined(loaded.warnings).c_str());
        const at::NoGradGuard noGrad;
        for (size_t i = 0; i < expected["ids"].size(); ++i) {
            const auto ids = expected["ids"][i].get<std::vector<int32_t>>();
            const std::vector<SequenceView> views{{ids, {}}};
            ForwardContext context;
            const auto logits = loaded.model->logits(packBatch(views, at::kCPU), context);
            for (int64_t column = 0; column < 8; ++column) {
                const auto wanted = expected["logits"][i][size_t(column)].get<double>();
                const auto found = logits[int64_t(ids.size()) - 1][column].item<double>();
                QVERIFY2(std::abs(found - wanted) <= 1e-4 * std::max(1.0, std::abs(wanted)),
                    (numberText(found) + " instead of " + numberText(wanted)).c_str());
            }
        }
        const auto classifier = loadClassifier(stem + ".gguf", {.labels = {"bad", "good"}}, at::kCPU);
        QVERIFY(classifier.headCreated);
        const auto notes = joined(inspectCheckpoint(stem + ".gguf").notes);
        QVERIFY2(contains(notes, "Weights: GGUF "), notes.c_str());
    }

    void metadataIsKeptAndLargeModelsAreWrittenAsShards()
    {
        fixture::writeCheckpoint(folder(), m_config, m_tensors);
        writeSafetensors(folder() / "model.safetensors", m_tensors, {{"origin", "a test"}});
        const auto first = loadClassifier(folder(), {}, at::kCPU);
        const QTemporaryDir target;
        const std::filesystem::path saved = target.path().toStdString();
        saveClassifier(first, saved, "fp32", 4000);
        QVERIFY(!std::filesystem::exists(saved / "model.safetensors"));
        const auto second = loadClassifier(saved, {}, at::kCPU);
        QVERIFY(logitsOf(first).equal(logitsOf(second)));
        QCOMPARE(second.metadata.at("origin"), std::string("a test"));
    }

    void pretrainingHeadsAreListedAndLeftOut()
    {
        m_tensors.emplace_back("cls.predictions.bias", at::ones({61}));
        m_tensors.emplace_back("cls.seq_relationship.weight", at::ones({2, 24}));
        const auto said = joined(load().warnings);
        QVERIFY2(contains(said, "2 tensors") && contains(said, "cls.predictions.bias")
                && contains(said, "cls.seq_relationship.weight"),
            said.c_str());
    }

    void missingHeadAndPoolerAreCreatedFromTheSeedAndSaid()
    {
        removeIf(m_tensors, "classifier");
        removeIf(m_tensors, "pooler");
        const HeadRequest request{.labels = {"a", "b", "c", "d"}, .seed = 7};
        const auto loaded = load(request);
        QVERIFY(loaded.headCreated);
        const auto said = joined(loaded.warnings);
        QVERIFY2(contains(said, "no classification head") && contains(said, "classifier.weight")
                && contains(said, "no pooler") && contains(said, "bert.pooler.dense.weight"),
            said.c_str());
        QCOMPARE(logitsOf(loaded).size(1), int64_t(4));
        QVERIFY(loaded.model->isHead("bert.pooler.dense.weight"));
        QVERIFY(loaded.model->isHead("classifier.bias"));
        QVERIFY(!loaded.model->isHead("bert.encoder.layer.0.output.dense.weight"));
        QVERIFY(logitsOf(load(request)).equal(logitsOf(loaded)));
        QVERIFY(!logitsOf(load({.labels = {"a", "b", "c", "d"}, .seed = 8})).equal(logitsOf(loaded)));
        for (const auto& [name, tensor] : loaded.model->parameters()) {
            if (name == "classifier.weight")
                QVERIFY(std::abs(tensor.std().item<double>() - 0.02) < 0.006);
            if (name == "classifier.bias")
                QCOMPARE(tensor.abs().sum().item<double>(), 0.0);
        }
    }

    void headIsKeptWhereItFits()
    {
        const auto expected = logitsOf(load());
        const auto kept = load({.labels = {"x", "y", "z"}, .problemType = ProblemType::SingleLabel});
        QVERIFY(!kept.headCreated && kept.warnings.empty());
        QVERIFY(logitsOf(kept).equal(expected));
        QCOMPARE(kept.config["id2label"]["1"].get<std::string>(), std::string("y"));
        QCOMPARE(kept.config["label2id"]["z"].get<int>(), 2);
        QCOMPARE(kept.config["problem_type"].get<std::string>(), std::string("single_label_classification"));
        QVERIFY(!load().model->isHead("bert.pooler.dense.weight"));

        const auto replaced = load({.labels = {"x", "y", "z"}, .keepHead = false});
        QVERIFY(replaced.headCreated);
        QVERIFY(contains(joined(replaced.warnings), "is not used"));
        QVERIFY(!logitsOf(replaced).equal(expected));

        const auto other = load({.labels = {"x", "y"}});
        QVERIFY(other.headCreated);
        QVERIFY2(
            contains(joined(other.warnings), "another number of labels (3)"), joined(other.warnings).c_str());
        QCOMPARE(logitsOf(other).size(1), int64_t(2));
    }

    void labelsFollowTheConfig()
    {
        QCOMPARE(load().labels, (std::vector<std::string>{"bad", "fair", "good"}));
        m_config.erase("id2label");
        m_config["num_labels"] = 3;
        QCOMPARE(load().labels, (std::vector<std::string>{"LABEL_0", "LABEL_1", "LABEL_2"}));
        m_config["problem_type"] = "multi_label_classification";
        QCOMPARE(load().problemType, ProblemType::MultiLabel);
        m_config["problem_type"] = nullptr;
        QCOMPARE(load().problemType, ProblemType::Auto);
    }

    void numLabelsWinsWhereNamesAreOfAnotherNumber()
    {
        m_config["id2label"] = {{"0", 10}, {"1", 20.5}, {"2", "c"}};
        QCOMPARE(load().labels, (std::vector<std::string>{"10", "20.5", "c"}));
        const std::vector<std::string> placeholders{"LABEL_0", "LABEL_1", "LABEL_2"};
        m_config["id2label"] = {{"0", "a"}};
        m_config["num_labels"] = 3; // as many as the head has rows
        QCOMPARE(load().labels, placeholders);
        QCOMPARE(classLabels(folder()), placeholders); // as training reads them
        m_config.erase("id2label");
        m_config.erase("num_labels");
        QCOMPARE(load().labels, placeholders);
        QCOMPARE(classLabels(folder()), placeholders);
        QCOMPARE(inspectCheckpoint(folder()).labels, placeholders);
    }

    void layersThatTheConfigDoesNotCountAreSaid()
    {
        m_config["num_hidden_layers"] = 1;
        m_tensors.emplace_back("cls.predictions.bias", at::ones({61}));
        const auto warnings = joined(load().warnings);
        QVERIFY2(contains(warnings, "more layers than config.json describes")
                && contains(warnings, "bert.encoder.layer.1.attention")
                && contains(warnings, "1 tensor of the checkpoint is not part of a classifier"),
            warnings.c_str());
        QCOMPARE(joined(inspectCheckpoint(folder()).notes).find("more layers") != std::string::npos, true);
    }

    void codeOfTheCheckpointIsNeverRunAndThatIsSaid()
    {
        m_config["auto_map"] = {{"AutoModel", "modeling_other.OtherModel"}};
        const auto warnings = joined(load().warnings);
        QVERIFY2(contains(warnings, "auto_map") && contains(warnings, "BERT"), warnings.c_str());
        QVERIFY(contains(joined(inspectCheckpoint(folder()).notes), "auto_map"));
        m_config["model_type"] = "other";
        const auto message = refusal();
        QVERIFY2(contains(message, "\"other\"") && contains(message, "'auto_map'"), message.c_str());
    }

    void dropoutRequestOverridesEveryProbability()
    {
        const auto loaded = load({.dropout = 0.3});
        for (const auto* key : {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"})
            QCOMPARE(loaded.config[key].get<double>(), 0.3);
    }

    void everyDropoutSiteActsInTrainingAlone()
    {
        m_config["classifier_dropout"] = 0.0;
        const auto trained = [](const LoadedModel& loaded, int64_t step, uint64_t* sites = nullptr) {
            const at::NoGradGuard noGrad;
            ForwardContext context{.training = true, .seed = 1, .step = step};
            auto logits = loaded.model->forward(fixture::batchOf({0, 1, 2, 3, 4}), context);
            if (sites)
                *sites = context.nextDropoutSite;
            return logits;
        };
        const auto expected = logitsOf(load());
        for (const auto* key :
            {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"}) {
            m_config[key] = 0.5;
            const auto loaded = load();
            QVERIFY2(logitsOf(loaded).equal(expected), key);
            uint64_t sites = 0;
            const auto first = trained(loaded, 1, &sites);
            QVERIFY2(!first.equal(expected), key);
            QVERIFY2(first.equal(trained(loaded, 1)), key);
            QVERIFY2(!first.equal(trained(loaded, 2)), key);
            // embeddings, three in each layer (probabilities, two outputs), the pooled vector
            QCOMPARE(sites, uint64_t(1 + 3 * 3 + 1));
            m_config[key] = 0.0;
        }
        m_config["hidden_dropout_prob"] = 0.5;
        m_config["classifier_dropout"] = nullptr; // null: the hidden probability
        const auto withNull = trained(load(), 1);
        m_config["classifier_dropout"] = 0.5;
        QVERIFY(withNull.equal(trained(load(), 1)));
    }

    void badConfigsAreRefusedByKey_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* key, const char* value, const char* says) {
            QTest::newRow((std::string(key) + " " + value).c_str())
                << QByteArray(key) << QByteArray(value) << QByteArray(says);
        };
        row("hidden_size", "\"24\"", "expected a whole number");
        row("hidden_size", "24.5", "expected a whole number");
        row("hidden_size", "-24", "expected a whole number");
        row("hidden_size", "18446744073709551615", "expected a whole number");
        row("hidden_size", "", "is absent");
        row("vocab_size", "", "is absent");
        row("num_hidden_layers", "0", "from 1");
        row("num_attention_heads", "5", "a divisor of hidden_size 24");
        row("model_type", "", "is absent");
        row("model_type", "\"roberta-next\"", "roberta-next");
        row("hidden_act", "\"gelu_newest\"", "gelu_newest");
        row("hidden_dropout_prob", "1.5", "from 0 to 1");
        row("hidden_dropout_prob", "\"a\"", "expected a number");
        row("layer_norm_eps", "null", "expected a number");
        row("position_embedding_type", "\"relative_key\"", "relative_key");
        row("is_decoder", "true", "decoder");
        row("is_decoder", "1", "true or false");
        row("problem_type", "\"ranking\"", "ranking");
        row("id2label", "[\"a\"]", "an object from ids to names");
        row("id2label", "{\"0\":\"a\",\"2\":\"b\"}", "the ids 0 to 1");
        row("id2label", "{\"0\":true}", "strings");
        row("per_layer_config", "{\"0\":{\"intermediate_size\":7}}", "layers of different configurations");
        row("compression_config", "{\"quant_method\":\"compressed-tensors\"}", "quantised");
    }

    void badConfigsAreRefusedByKey()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, says);
        if (value.isEmpty())
            m_config.erase(key.toStdString());
        else
            m_config[key.toStdString()] = Json::parse(value.toStdString());
        const auto message = refusal();
        QVERIFY2(contains(message, "config.json") && contains(message, '\'' + key.toStdString() + '\'')
                && contains(message, says.toStdString()),
            message.c_str());
    }

    void badWeightsAreRefusedByName()
    {
        const auto whole = m_tensors;
        removeIf(m_tensors, "layer.1.output.dense.weight");
        auto message = refusal();
        QVERIFY2(contains(message, "1 tensor is missing (bert.encoder.layer.1.output.dense.weight)"),
            message.c_str());

        m_tensors = whole;
        auto& misshapen = tensorOf(m_tensors, "bert.encoder.layer.1.intermediate.dense.weight");
        misshapen = misshapen.t().contiguous();
        message = refusal();
        QVERIFY2(contains(message,
                     "'bert.encoder.layer.1.intermediate.dense.weight' has shape [24, 40] in the file, but "
                     "the model needs [40, 24]"),
            message.c_str());

        m_tensors = whole;
        for (const auto value :
            {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
            tensorOf(m_tensors, "bert.pooler.dense.weight") = at::ones({24, 24});
            tensorOf(m_tensors, "bert.pooler.dense.weight").data_ptr<float>()[100] = value;
            message = refusal();
            QVERIFY2(
                contains(message, "'bert.pooler.dense.weight' holds NaN or infinity (first at element 100)"),
                message.c_str());
        }

        m_tensors = whole;
        m_tensors.emplace_back("pooler.dense.bias", at::ones({24}));
        message = refusal();
        QVERIFY2(contains(message, "two tensors for 'bert.pooler.dense.bias'"), message.c_str());

        m_tensors = whole;
        m_config["id2label"]["3"] = "best"; // four labels, three rows, and nobody asked for a new head
        message = refusal();
        QVERIFY2(contains(message, "'classifier.weight' has shape [3, 24]"), message.c_str());

        m_tensors = whole;
        m_config = fixture::bertConfig();
        for (const auto* scale : {"weight_scale", "weight_scale_inv", "SCB", "weight.absmax"}) {
            m_tensors = whole;
            m_tensors.emplace_back(concat("bert.encoder.layer.0.output.dense.", scale), at::ones({24}));
            message = refusal();
            QVERIFY2(contains(message, scale) && contains(message, "quantised"), message.c_str());
        }
        m_tensors = whole;

        // a size that no machine could hold is refused by its shape, before any allocation
        m_config = fixture::bertConfig();
        m_config["vocab_size"] = 2'000'000'000;
        message = refusal();
        QVERIFY2(contains(message, "[61, 24]"), message.c_str());
    }

    void foldersThatAreNoCheckpointsAreRefused()
    {
        const auto message = [&](const std::filesystem::path& path) {
            try {
                (void)loadClassifier(path, {}, at::kCPU);
            } catch (const Error& error) {
                return std::string(error.what());
            }
            return std::string("loaded");
        };
        QVERIFY(contains(message(folder() / "absent"), "does not exist"));
        QVERIFY(contains(message(folder()), "no config.json"));
        writeFileAtomically(folder() / "adapter_config.json", R"({"base_model_name_or_path": "its/base"})");
        QVERIFY(contains(message(folder()), "an adapter (adapter_config.json) of 'its/base'"));
        writeFileAtomically(folder() / "config.json", m_config.dump());
        QVERIFY(contains(message(folder()), "no weights"));
        writeFileAtomically(folder() / "training_args.bin", "");
        QVERIFY(contains(message(folder()), "no weights"));
        writeFileAtomically(folder() / "model.fp16.safetensors", "");
        QVERIFY(contains(message(folder()), "as model.fp16.safetensors"));
        for (const auto* part : {"model-00001-of-00002.safetensors", "pytorch_model-00001-of-00002.bin"}) {
            std::filesystem::remove(folder() / "model.fp16.safetensors");
            writeFileAtomically(folder() / part, "");
            const auto text = message(folder());
            QVERIFY2(contains(text, part) && contains(text, ".index.json"), text.c_str());
            std::filesystem::remove(folder() / part);
        }
        writeFileAtomically(folder() / "config.json", "{\"model_type\": ");
        QVERIFY(contains(message(folder()), "config.json"));
    }
};

QTEST_GUILESS_MAIN(TestCheckpoint)
#include "tst_checkpoint.moc"
