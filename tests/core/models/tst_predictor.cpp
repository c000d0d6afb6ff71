// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/models/checkpoint_info.h"
#include "core/models/predictor.h"
#include "tests/core/models/bert_fixture.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include <ATen/ops/ones.h>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;

namespace {

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

template <typename Work>
std::string messageOf(const Work& work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "nothing was thrown";
}

bool alike(const Prediction& one, const Prediction& other)
{
    return std::ranges::equal(
        one.logits, other.logits, [](float a, float b) { return std::abs(a - b) < 1e-6F; });
}

} // namespace

class TestPredictor : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    Json m_config;

    std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    void write(const std::filesystem::path& to)
    {
        fixture::writeCheckpoint(to, m_config, fixture::formulaWeights(m_config));
        fixture::writeTokenizer(to);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_config = fixture::bertConfig();
    }

    void answersComeInTheOrderOfTheInputs()
    {
        write(folder());
        Predictor predictor(folder(), {.device = "cpu", .batchSize = 2});
        QCOMPARE(predictor.labels(), (std::vector<std::string>{"bad", "fair", "good"}));
        QCOMPARE(predictor.problemType(), ProblemType::SingleLabel);
        QCOMPARE(predictor.maxLength(), 16); // the tokeniser's limit is below the 20 positions
        std::string endless;
        for (int i = 0; i < 50; ++i)
            endless += "film ";
        const std::vector<TextInput> inputs{{.text = "a very good film"}, {.text = ""}, {.text = "not good"},
            {.text = endless}, {.text = "the plot", .pair = "is bad"}};
        const auto all = predictor.predict(inputs);
        QCOMPARE(all.size(), inputs.size());
        for (size_t i = 0; i < inputs.size(); ++i) {
            const auto alone = predictor.predict(std::span(&inputs[i], 1)).front();
            for (size_t k = 0; k < 3; ++k)
                QVERIFY(std::abs(alone.logits[k] - all[i].logits[k]) <= 1e-5F);
            QVERIFY(std::abs(std::accumulate(all[i].scores.begin(), all[i].scores.end(), 0.0F) - 1) < 1e-6F);
            const auto best = std::ranges::max_element(all[i].logits) - all[i].logits.begin();
            QCOMPARE(all[i].labelIds, std::vector<int32_t>{int32_t(best)});
            QCOMPARE(all[i].truncated, i == 3);
        }
        const auto json = toJson(inputs[4], all[4], predictor.labels(), predictor.problemType());
        QCOMPARE(json["text_pair"].get<std::string>(), std::string("is bad"));
        QCOMPARE(json["scores"].size(), size_t(3));
        QCOMPARE(json["score"].get<float>(), *std::ranges::max_element(all[4].scores));
        QVERIFY(!json.contains("truncated"));
        QVERIFY(
            toJson(inputs[3], all[3], predictor.labels(), predictor.problemType())["truncated"].get<bool>());
    }

    void problemTypesGiveTheirScores()
    {
        m_config["problem_type"] = "multi_label_classification";
        write(folder());
        Predictor multi(folder(), {.device = "cpu"});
        const TextInput input{.text = "a good film"};
        const auto labels = multi.predict(std::span(&input, 1)).front();
        for (size_t k = 0; k < 3; ++k) {
            QVERIFY(std::abs(labels.scores[k] - 1 / (1 + std::exp(-labels.logits[k]))) < 1e-6F);
            const bool chosen = std::ranges::find(labels.labelIds, int32_t(k)) != labels.labelIds.end();
            QCOMPARE(chosen, labels.scores[k] >= 0.5F);
        }
        QVERIFY(toJson(input, labels, multi.labels(), multi.problemType())["label"].is_array());

        m_config = fixture::bertConfig();
        m_config["id2label"] = {{"0", "LABEL_0"}};
        write(folder());
        Predictor regression(folder(), {.device = "cpu"});
        QCOMPARE(regression.problemType(), ProblemType::Regression);
        const auto value = regression.predict(std::span(&input, 1)).front();
        QCOMPARE(value.scores, value.logits);
        const auto json = toJson(input, value, regression.labels(), regression.problemType());
        QVERIFY(json["label"].is_null());
        QCOMPARE(json["score"].get<float>(), value.logits[0]);
    }

    void textsThatGiveNoTokenAreReadAsThePaddingToken()
    {
        const auto answers = [&](std::string_view vocabulary, const char* settings) {
            const QTemporaryDir place;
            const std::filesystem::path to = place.path().toStdString();
            fixture::writeCheckpoint(to, m_config, fixture::formulaWeights(m_config));
            writeFileAtomically(to / "tokenizer.json",
                concat(
                    R"({"version":"1.0","added_tokens":[],"pre_tokenizer":{"type":"WhitespaceSplit"},"model":)"
                    R"({"type":"WordLevel","unk_token":"[UNK]","vocab":)",
                    vocabulary, "}}"));
            writeFileAtomically(to / "tokenizer_config.json", settings);
            Predictor predictor(to, {.device = "cpu"});
            return predictor.predict(std::vector<TextInput>{{"good"}, {""}, {"[PAD]"}, {" \t"}, {"other"}});
        };
        const auto padded
            = answers(R"({"[PAD]":0,"[UNK]":1,"good":2})", R"({"pad_token":"[PAD]","unk_token":"[UNK]"})");
        QVERIFY(alike(padded[1], padded[2]) && alike(padded[3], padded[2]));
        QVERIFY(!alike(padded[1], padded[0]));
        const auto unknown = answers(R"({"[UNK]":1,"good":2})", R"({"unk_token":"[UNK]"})");
        QVERIFY(alike(unknown[1], unknown[4]));
        const auto message = messageOf([&] { (void)answers(R"({"good":2})", "{}"); });
        QVERIFY2(contains(message, "no token"), message.c_str());
    }

    void lengthsAndDevicesAreChecked()
    {
        write(folder());
        const auto message = [&](const PredictorOptions& options) {
            return messageOf([&] { const Predictor predictor(folder(), options); });
        };
        QVERIFY(contains(message({.device = "cpu", .maxLength = 21}), "only 20 positions"));
        QVERIFY(contains(message({.device = "cpu", .maxLength = 2}), "at least 4"));
        QCOMPARE(Predictor(folder(), {.device = "cpu", .maxLength = 20}).maxLength(), 20);
        QVERIFY(contains(message({.device = "tpu"}), "'tpu'"));
        QVERIFY(contains(message({.device = "cpu", .precision = "fp16"}), "CUDA"));
        QVERIFY(contains(message({.device = "cuda:77"}), "cuda:77"));
        // A few tokens more than the model has rows: only a text with one of them is refused.
        fixture::writeTokenizer(folder(), 50);
        QVERIFY(inspectCheckpoint(folder()).errors.empty());
        const auto tokenizer = Tokenizer::load(folder());
        const auto known = tokenizer->idToToken(60), unknown = tokenizer->idToToken(61);
        Predictor predictor(folder(), {.device = "cpu"});
        QCOMPARE(predictor.predict(std::vector<TextInput>{{.text = known}}).size(), size_t{1});
        const auto refused
            = messageOf([&] { (void)predictor.predict(std::vector<TextInput>{{.text = unknown}}); });
        QVERIFY2(
            contains(refused, "'" + unknown + "' (id 61)") && contains(refused, "61 rows"), refused.c_str());
        // Many more are another model's.
        QVERIFY(vocabularyFits(50'265, 50'264) && vocabularyFits(262'145, 262'144));
        QVERIFY(!vocabularyFits(50'265, 32'000));
        fixture::writeTokenizer(folder(), 1200);
        QVERIFY(contains(message({.device = "cpu"}), "but the model's word embedding has 61 rows"));
    }

    void inspectionNamesWhatIsThereAndWhatIsNot()
    {
        write(folder());
        writeFileAtomically(
            folder() / "README.md", "---\nlanguage:\n- en\n- \"zh\"\nlicense: mit\n---\n# Card\n");
        const auto whole = inspectCheckpoint(folder());
        QCOMPARE(whole.modelType, std::string("bert"));
        QCOMPARE(whole.family, std::string("BERT"));
        QCOMPARE(whole.layerCount, int64_t(3));
        QCOMPARE(whole.hiddenSize, int64_t(24));
        QCOMPARE(whole.headCount, int64_t(3));
        QCOMPARE(whole.vocabularySize, int64_t(61));
        QCOMPARE(whole.maxPositions, int64_t(20));
        QCOMPARE(whole.maxLength, 16);
        QCOMPARE(whole.dtype, std::string("F32"));
        QCOMPARE(whole.tokenizerKind, std::string("WordPiece"));
        QCOMPARE(whole.labels, (std::vector<std::string>{"bad", "fair", "good"}));
        QCOMPARE(whole.languages, (std::vector<std::string>{"en", "zh"}));
        QVERIFY(
            whole.hasClassifier && whole.missing.empty() && whole.unexpected.empty() && whole.errors.empty());
        int64_t parameters = 0;
        for (const auto& [name, tensor] : fixture::formulaWeights(m_config))
            parameters += tensor.numel();
        QCOMPARE(whole.parameterCount, parameters);
        QVERIFY(toJson(whole)["layers"] == 3);

        auto tensors = fixture::formulaWeights(m_config);
        std::erase_if(tensors, [](const auto& entry) { return entry.first.starts_with("classifier"); });
        tensors.emplace_back("cls.predictions.bias", at::ones({61}));
        fixture::writeCheckpoint(folder(), m_config, tensors);
        const auto headless = inspectCheckpoint(folder());
        QVERIFY(!headless.hasClassifier && headless.labels.empty() && headless.errors.empty());
        QCOMPARE(headless.missing, (std::vector<std::string>{"classifier.weight", "classifier.bias"}));
        QCOMPARE(headless.unexpected, std::vector<std::string>{"cls.predictions.bias"});
        QCOMPARE(headless.notes.size(), size_t(2));

        std::erase_if(
            tensors, [](const auto& entry) { return contains(entry.first, "layer.2.output.dense"); });
        fixture::writeCheckpoint(folder(), m_config, tensors);
        fixture::writeTokenizer(folder(), 1200);
        const auto broken = inspectCheckpoint(folder());
        QCOMPARE(broken.errors.size(), size_t(2));
        QVERIFY(contains(broken.errors[0], "layer.2.output.dense.weight"));
        QVERIFY(contains(broken.errors[1], "1216 entries"));

        // an ordinary token for padding is wrong; another special one may be what the model was trained with
        m_config["pad_token_id"] = 6;
        write(folder());
        const auto odd = inspectCheckpoint(folder());
        QCOMPARE(odd.errors.size(), size_t(1));
        QVERIFY(contains(odd.errors[0], "pad_token_id 6, which is the token 'good'"));
        QVERIFY(contains(odd.errors[0], "'[PAD]' has the id 0"));
        m_config["pad_token_id"] = 3;
        write(folder());
        QVERIFY(inspectCheckpoint(folder()).errors.empty());
        QVERIFY(contains(messageOf([&] { (void)inspectCheckpoint(folder() / "absent"); }), "does not exist"));
    }

    void memoryEstimateGrowsWithTheWork()
    {
        write(folder());
        const auto info = inspectCheckpoint(folder());
        const auto bytes
            = [&](const MemoryQuestion& question) { return estimateTrainingMemory(info, question); };
        QVERIFY(bytes({.batchSize = 64}) > bytes({.batchSize = 32}));
        QVERIFY(bytes({.sequenceLength = 512}) > bytes({.sequenceLength = 128}));
        QVERIFY(bytes({.optimizer = "sgd"}) < bytes({.optimizer = "adamw"}));
        QVERIFY(bytes({.encoderFrozen = true}) < bytes({}));
        auto deep = info;
        deep.layerCount = 12; // with few layers nothing is saved
        QVERIFY(
            estimateTrainingMemory(deep, {.gradientCheckpointing = true}) < estimateTrainingMemory(deep, {}));
        const auto plain = bytes({}), saved = bytes({.gradientCheckpointing = true});
        QVERIFY(saved <= plain);
        QCOMPARE(toJson(info)["training_memory"]["bytes"].get<int64_t>(), plain);
        QCOMPARE(toJson(info)["training_memory"]["bytes_with_gradient_checkpointing"].get<int64_t>(), saved);
    }

    void exportedFolderAnswersAlike_data()
    {
        QTest::addColumn<QByteArray>("dtype");
        for (const auto* dtype : {"fp32", "fp16", "bf16"})
            QTest::newRow(dtype) << QByteArray(dtype);
    }

    void exportedFolderAnswersAlike()
    {
        QFETCH(QByteArray, dtype);
        const auto source = folder() / "source", target = folder() / "target";
        write(source);
        const auto difference
            = exportCheckpoint({.source = source, .target = target, .dtype = dtype.toStdString()});
        QVERIFY(dtype == "fp32" ? difference == 0 : difference > 0 && difference < 0.3);
        QCOMPARE(inspectCheckpoint(target).dtype,
            dtype == "fp32"       ? std::string("F32")
                : dtype == "fp16" ? "F16"
                                  : "BF16");
        QVERIFY(std::filesystem::exists(target / "vocab.txt"));
        const TextInput input{.text = "a good film"};
        Predictor before(source, {.device = "cpu"}), after(target, {.device = "cpu"});
        const auto first = before.predict(std::span(&input, 1)).front(),
                   second = after.predict(std::span(&input, 1)).front();
        for (size_t k = 0; k < 3; ++k)
            QVERIFY(std::abs(first.logits[k] - second.logits[k]) <= difference + (dtype == "fp32" ? 0 : 0.1));
    }

    void exportRefusesWhatItMustNotOverwrite()
    {
        const auto source = folder() / "source", target = folder() / "target";
        write(source);
        createFolders(target);
        writeFileAtomically(target / "note.txt", "mine");
        QVERIFY(contains(messageOf([&] { exportCheckpoint({.source = source, .target = target}); }),
            "not an empty folder"));
        QVERIFY(
            contains(messageOf([&] { exportCheckpoint({.source = source, .target = source / "inside"}); }),
                "inside the source"));
        QVERIFY(contains(messageOf([&] {
            exportCheckpoint({.source = source, .target = folder() / "b", .dtype = "int8"});
        }),
            "int8"));
        const auto run = folder() / "run";
        write(run / "checkpoint-9");
        write(run / "checkpoint-40");
        QVERIFY(contains(messageOf([&] { exportCheckpoint({.source = run, .target = folder() / "b"}); }),
            "checkpoint-40"));
        QVERIFY(!std::filesystem::exists(folder() / "b"));
        exportCheckpoint({.source = run / "checkpoint-40", .target = folder() / "b"});
        QVERIFY(std::filesystem::exists(folder() / "b" / "model.safetensors"));
    }

    void checkpointsAndCachedModelsAreFound()
    {
        write(folder() / "models" / "one");
        write(folder() / "models" / "one" / "checkpoint-3"); // part of one
        write(folder() / "models" / "group" / "two");
        createFolders(folder() / "models" / "empty");
        write(folder() / "models" / "a" / "b" / "c" / "too_deep");
        using Paths = std::vector<std::filesystem::path>;
        QCOMPARE(findCheckpoints(folder() / "models"),
            (Paths{folder() / "models" / "group" / "two", folder() / "models" / "one"}));
        QVERIFY(findCheckpoints(folder() / "nowhere").empty());
        // a file stands for the model that it is part of, a GGUF file for itself
        QCOMPARE(findCheckpoints(folder() / "models" / "one" / "model.safetensors"),
            Paths{folder() / "models" / "one"});
        QVERIFY(findCheckpoints(folder() / "hub" / "note.txt").empty());
        const auto several = folder() / "several";
        createFolders(several);
        for (const auto* name : {"b.gguf", "a.gguf"})
            writeFileAtomically(several / name, "GGUF");
        QCOMPARE(findCheckpoints(several / "b.gguf"), Paths{several / "b.gguf"});
        QCOMPARE(findCheckpoints(folder() / "several"), (Paths{several / "a.gguf", several / "b.gguf"}));

        const auto snapshots = folder() / "hub" / "models--org--tiny-bert" / "snapshots";
        write(snapshots / "aaa");
        write(snapshots / "bbb");
        createFolders(folder() / "hub" / "models--org--tiny-bert" / "refs");
        writeFileAtomically(folder() / "hub" / "models--org--tiny-bert" / "refs" / "main", "aaa\n");
        createFolders(folder() / "hub" / "models--other--no-weights" / "snapshots" / "ccc");
        qputenv("HF_HUB_CACHE", m_folder->filePath(QStringLiteral("hub")).toUtf8());
        const auto models = findHuggingFaceCache();
        qunsetenv("HF_HUB_CACHE");
        QCOMPARE(models.size(), size_t(1));
        QCOMPARE(models[0].name, std::string("org/tiny-bert"));
        QCOMPARE(models[0].folder, snapshots / "aaa");
    }
};

QTEST_GUILESS_MAIN(TestPredictor)
#include "tst_predictor.moc"
