// SPDX-License-Identifier: MIT
// Expected values: tests/reference/encoder_families.py (transformers, float64).
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/io/safetensors.h"
#include "core/models/checkpoint_info.h"
#include "core/models/model.h"
#include "tests/core/models/checkpointing_check.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;

namespace {

constexpr int64_t g_labels[]{2, 0, 1, 1, 0};

const Json& cases()
{
    static const auto values
        = readJsonFile(STUDIO_SOURCE_DIR "/tests/core/models/golden/encoder_families.json");
    return values["cases"];
}

const Json& caseOf(std::string_view name)
{
    for (const auto& one : cases()) {
        if (one["name"] == name)
            return one;
    }
    throw Error(ErrorKind::Internal, concat("no case ", name));
}

using Tensors = std::vector<std::pair<std::string, at::Tensor>>;

Tensors formulaWeights(const Json& one)
{
    Tensors tensors;
    int64_t number = 0;
    for (const auto& row : one["parameters"]) {
        const auto name = row[0].get<std::string>();
        const auto tensor = at::empty(row[1].get<std::vector<int64_t>>(), at::TensorOptions(at::kFloat));
        auto lower = name;
        std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return char(std::tolower(c)); });
        const bool norm = lower.find("norm") != std::string::npos && name.ends_with("weight");
        for (int64_t i = 0; i < tensor.numel(); ++i) {
            double value = std::cos(double(i) * (1 + 0.1 * double(number % 7)) + double(number));
            value = norm ? 1 + 0.2 * value : value * (name.ends_with("bias") ? 0.1 : 0.3);
            tensor.data_ptr<float>()[i] = static_cast<float>(value);
        }
        tensors.emplace_back(name, tensor);
        ++number;
    }
    return tensors;
}

std::filesystem::path pathOf(const QTemporaryDir& folder)
{
    return folder.path().toStdString();
}

void writeModel(const std::filesystem::path& folder, const Json& config, const Tensors& tensors)
{
    writeFileAtomically(folder / "config.json", config.dump());
    writeSafetensors(folder / "model.safetensors", tensors);
}

LoadedModel loadCase(const Json& one, const Json& config, const HeadRequest& request = {})
{
    const QTemporaryDir folder;
    writeModel(pathOf(folder), config, formulaWeights(one));
    return loadClassifier(pathOf(folder), request, at::kCPU);
}

PackedBatch batchOf(const Json& one, const std::vector<int64_t>& indices)
{
    const int64_t lengths[]{7, one["longest"].get<int64_t>(), 1, 7, 12};
    std::vector<std::vector<int32_t>> ids;
    std::vector<std::vector<uint8_t>> types;
    for (const auto index : indices) {
        ids.emplace_back();
        types.emplace_back();
        for (int64_t k = 0; k < lengths[index]; ++k) {
            ids.back().push_back(int32_t((7 * index + 5 * k + 3) % 60 + 1));
            types.back().push_back(one["typed"].get<bool>() && index == 4 && k >= 5 ? 1 : 0);
        }
    }
    std::vector<SequenceView> views;
    for (size_t i = 0; i < ids.size(); ++i)
        views.push_back({ids[i], types[i]});
    return packBatch(views, at::kCPU);
}

/// Rows in the caller's order.
std::vector<std::vector<double>> logitsOf(
    ClassificationModel& model, const PackedBatch& batch, ForwardContext context = {})
{
    const at::NoGradGuard noGrad;
    const auto logits = model.forward(batch, context).to(at::kDouble).contiguous();
    std::vector<std::vector<double>> rows(batch.order.size());
    for (size_t i = 0; i < rows.size(); ++i) {
        const auto* row = logits.data_ptr<double>() + int64_t(i) * logits.size(1);
        rows[size_t(batch.order[i])].assign(row, row + logits.size(1));
    }
    return rows;
}

double euclideanNorm(const at::Tensor& tensor)
{
    return tensor.to(at::kDouble).norm().item<double>();
}

std::string worstLogit(const Json& expected, const std::vector<std::vector<double>>& rows)
{
    double scale = 0, worst = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].size() != expected[i].size())
            return "another number of labels";
        for (size_t k = 0; k < rows[i].size(); ++k) {
            scale = std::max(scale, std::abs(expected[i][k].get<double>()));
            worst = std::max(worst, std::abs(rows[i][k] - expected[i][k].get<double>()));
        }
    }
    return worst <= 1e-5 * scale ? std::string() : concat("off by ", worst / scale, " of the largest");
}

std::string refusal(const Json& one, const Json& config)
{
    try {
        loadCase(one, config);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

class TestEncoderFamilies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parameterNamesEqualTheReference_data()
    {
        QTest::addColumn<int>("number");
        for (size_t i = 0; i < cases().size(); ++i)
            QTest::newRow(cases()[i]["name"].get<std::string>().c_str()) << int(i);
    }

    void parameterNamesEqualTheReference()
    {
        QFETCH(int, number);
        const auto& one = cases()[size_t(number)];
        const auto loaded = loadCase(one, one["config"]);
        QVERIFY2(loaded.warnings.empty(), loaded.warnings.empty() ? "" : loaded.warnings.front().c_str());
        std::set<std::string> names, expected;
        for (const auto& parameter : loaded.model->parameters())
            names.insert(parameter.name);
        for (const auto& row : one["parameters"])
            expected.insert(row[0].get<std::string>());
        QVERIFY(names == expected);
        QCOMPARE(loaded.model->parameters().size(), one["parameters"].size());
    }

    void logitsEqualTheReference_data() { parameterNamesEqualTheReference_data(); }

    void logitsEqualTheReference()
    {
        QFETCH(int, number);
        const auto& one = cases()[size_t(number)];
        for (const auto* spelling : {"config", "saved_config"}) {
            const auto loaded = loadCase(one, one[spelling]);
            const auto rows = logitsOf(*loaded.model, batchOf(one, {0, 1, 2, 3, 4}));
            const auto problem = worstLogit(one["logits"], rows);
            QVERIFY2(problem.empty(), problem.c_str());
            for (int64_t i = 0; i < 5; ++i) { // neighbours change nothing
                const auto alone = logitsOf(*loaded.model, batchOf(one, {i}))[0];
                for (size_t k = 0; k < alone.size(); ++k)
                    QVERIFY(std::abs(alone[k] - rows[size_t(i)][k]) <= 1e-5);
            }
        }
    }

    void gradientsEqualTheReference_data() { parameterNamesEqualTheReference_data(); }

    void gradientsEqualTheReference()
    {
        QFETCH(int, number);
        const auto& one = cases()[size_t(number)];
        const auto loaded = loadCase(one, one["config"]);
        const auto batch = batchOf(one, {0, 1, 2, 3, 4});
        ForwardContext context{.training = true, .seed = 1};
        const auto logits = loaded.model->forward(batch, context);
        const auto count = logits.size(1);
        std::vector<int64_t> targets;
        for (const auto place : batch.order)
            targets.push_back(g_labels[place]);
        const auto truth = at::tensor(targets);
        const auto loss = count == 1 ? at::mse_loss(logits.squeeze(1), truth.to(at::kFloat))
                                     : at::cross_entropy_loss(logits, truth.remainder(count));
        QVERIFY(std::abs(loss.item<double>() - one["loss"].get<double>())
            <= 1e-5 * std::max(1.0, one["loss"].get<double>()));
        torch::autograd::backward({loss}, {});

        std::map<std::string, at::Tensor> gradients;
        for (const auto& [name, tensor] : loaded.model->parameters())
            gradients[name]
                = tensor.grad().defined() ? tensor.grad() : tensor.detach().clone().zero_(); // unread
        double all = 0;
        for (const auto& row : one["parameters"])
            all = std::hypot(all, row[2][0].get<double>());
        for (const auto& row : one["parameters"]) {
            const auto name = row[0].get<std::string>();
            const auto gradient = gradients.at(name).to(at::kDouble).flatten().contiguous();
            const auto length = row[2][0].get<double>();
            auto tolerance = 1e-4 * std::max(length, 1e-4 * all);
            if (length < 1e-12 * all) // zero by mathematics (a key's bias): fp32 leaves a rounding
                tolerance = std::max(tolerance, 1.2e-7 * all);
            const auto describe = [&](double found, double expected) {
                return concat(name, ": ", found, ", expected ", expected, " within ", tolerance);
            };
            QVERIFY2(std::abs(euclideanNorm(gradient) - length) <= tolerance,
                describe(euclideanNorm(gradient), length).c_str());
            size_t column = 1;
            for (const auto frequency : {0.37, 1.1, 2.3}) {
                double projection = 0;
                for (int64_t i = 0; i < gradient.numel(); ++i)
                    projection += gradient.data_ptr<double>()[i] * std::cos(double(i) * frequency + 0.5);
                const auto expected = row[2][column++].get<double>();
                const auto bound = std::sqrt(double(gradient.numel())); // of the cosine vector's norm
                QVERIFY2(std::abs(projection - expected) <= tolerance * bound,
                    describe(projection, expected).c_str());
            }
        }
    }

    void layersComputedAgainGiveTheSameGradients_data() { parameterNamesEqualTheReference_data(); }

    void layersComputedAgainGiveTheSameGradients()
    {
        QFETCH(int, number);
        const auto& one = cases()[size_t(number)];
        const auto loaded = loadCase(one, one["config"], {.dropout = 0.2});
        // DeBERTa's embeddings and positions are read several times in a layer and by others: their gradients
        // are the same terms, added up in another order.
        const auto tolerance = one["config"]["model_type"] == "deberta-v2" ? 1e-6 : 0;
        const auto problem = checkpointingDifference(*loaded.model, batchOf(one, {0, 1, 2, 3, 4}), tolerance);
        QVERIFY2(problem.empty(), problem.c_str());
    }

    void savingAndLoadingKeepsEveryBit_data() { parameterNamesEqualTheReference_data(); }

    void savingAndLoadingKeepsEveryBit()
    {
        QFETCH(int, number);
        const auto& one = cases()[size_t(number)];
        const auto loaded = loadCase(one, one["config"]);
        const QTemporaryDir folder;
        saveClassifier(loaded, pathOf(folder));
        const auto again = loadClassifier(pathOf(folder), {}, at::kCPU);
        QVERIFY(again.warnings.empty() && !again.headCreated);
        const auto batch = batchOf(one, {0, 1, 2, 3, 4});
        QVERIFY(logitsOf(*again.model, batch) == logitsOf(*loaded.model, batch));
        QCOMPARE(
            SafetensorsFile(pathOf(folder) / "model.safetensors").entries().size(), one["parameters"].size());
    }

    void inspectionKnowsTheFamily_data() { parameterNamesEqualTheReference_data(); }

    void inspectionKnowsTheFamily()
    {
        QFETCH(int, number);
        const auto& one = cases()[size_t(number)];
        const QTemporaryDir folder;
        writeModel(pathOf(folder), one["saved_config"], formulaWeights(one));
        const auto info = inspectCheckpoint(pathOf(folder));
        QCOMPARE(info.modelType, one["config"]["model_type"].get<std::string>());
        int64_t count = 0;
        for (const auto& [name, tensor] : formulaWeights(one))
            count += tensor.numel();
        QCOMPARE(info.parameterCount, count);
        QCOMPARE(info.hiddenSize, int64_t(24));
        QCOMPARE(info.vocabularySize, int64_t(61));
        QCOMPARE(info.maxPositions, one["longest"].get<int64_t>());
        QVERIFY(info.hasClassifier && info.missing.empty() && info.unexpected.empty());
    }

    void bareEncodersGetAHead_data() { parameterNamesEqualTheReference_data(); }

    void bareEncodersGetAHead()
    {
        QFETCH(int, number);
        const auto& one = cases()[size_t(number)];
        auto tensors = formulaWeights(one);
        const auto whole = loadCase(one, one["config"]);
        std::erase_if(tensors, [&](const auto& entry) { return whole.model->mayBeCreated(entry.first); });
        QVERIFY(tensors.size() < one["parameters"].size());
        // names without the family's prefix, as a bare encoder is saved
        for (auto& [name, tensor] : tensors)
            name.erase(0, name.find('.') + 1);
        tensors.emplace_back("lm_head.bias", at::tensor({1.0F}));
        const QTemporaryDir folder;
        writeModel(pathOf(folder), one["config"], tensors);
        const auto loaded
            = loadClassifier(pathOf(folder), {.labels = {"a", "b", "c", "d"}, .seed = 3}, at::kCPU);
        QVERIFY(loaded.headCreated);
        QVERIFY(loaded.warnings.back().find("lm_head.bias") != std::string::npos);
        const auto rows = logitsOf(*loaded.model, batchOf(one, {0, 1}));
        QCOMPARE(rows[0].size(), size_t(4));
        for (const auto& parameter : loaded.model->parameters())
            QCOMPARE(loaded.model->isHead(parameter.name), whole.model->mayBeCreated(parameter.name));
    }

    void otherLabelsReplaceTheOutputLayerAlone_data() { parameterNamesEqualTheReference_data(); }

    void otherLabelsReplaceTheOutputLayerAlone()
    {
        QFETCH(int, number);
        const auto& one = cases()[size_t(number)];
        const auto loaded = loadCase(one, one["config"], {.labels = {"a", "b", "c", "d", "e"}});
        QVERIFY(loaded.headCreated);
        const auto output = loaded.model->outputPrefix();
        auto expected = formulaWeights(one);
        for (const auto& [name, tensor] : loaded.model->parameters()) {
            const auto row = std::ranges::find(expected, name, &Tensors::value_type::first);
            QCOMPARE(tensor.sizes() == row->second.sizes() && tensor.equal(row->second),
                !name.starts_with(output));
        }
    }

    void everyDropoutKeyActsInTrainingAlone_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<int>("sites");
        const auto row = [](const char* name, int sites, std::initializer_list<const char*> keys) {
            for (const auto* key : keys)
                QTest::newRow(concat(name, ' ', key).c_str()) << QByteArray(name) << QByteArray(key) << sites;
        };
        // embeddings, three in each layer, two in the head
        row("roberta", 1 + 3 * 2 + 2,
            {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"});
        row("electra projected", 1 + 3 * 2 + 2,
            {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"});
        row("distilbert", 1 + 3 * 2 + 1, {"dropout", "attention_dropout", "seq_classif_dropout"});
        row("albert", 1 + 3 * 3 + 1,
            {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout_prob"});
        // one more in each layer for the relative positions, one for the convolution
        row("deberta v2 convolution", 1 + 4 * 3 + 1 + 2,
            {"hidden_dropout_prob", "attention_probs_dropout_prob", "pooler_dropout", "cls_dropout"});
        row("modernbert mean biases", 1 + 3 * 4 + 1,
            {"embedding_dropout", "attention_dropout", "mlp_dropout", "classifier_dropout"});
    }

    void everyDropoutKeyActsInTrainingAlone()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, key);
        QFETCH(int, sites);
        const auto& one = caseOf(name.toStdString());
        auto config = one["config"];
        for (const auto* zero : {"classifier_dropout", "cls_dropout"})
            config[zero] = 0.0;
        config[key.toStdString()] = 0.5;
        const auto loaded = loadCase(one, config);
        const auto batch = batchOf(one, {0, 1, 2, 3, 4});
        const auto still = logitsOf(*loaded.model, batch);
        QVERIFY(worstLogit(one["logits"], still).empty());
        const auto first = logitsOf(*loaded.model, batch, {.training = true, .seed = 1, .step = 1});
        QVERIFY(first != still);
        QVERIFY(first == logitsOf(*loaded.model, batch, {.training = true, .seed = 1, .step = 1}));
        QVERIFY(first != logitsOf(*loaded.model, batch, {.training = true, .seed = 1, .step = 2}));
        ForwardContext context{.training = true, .seed = 1};
        const at::NoGradGuard noGrad;
        loaded.model->forward(batch, context);
        QCOMPARE(context.nextDropoutSite, uint64_t(sites));

        const auto overridden = loadCase(one, one["config"], {.dropout = 0.25});
        QCOMPARE(overridden.config[key.toStdString()].get<double>(), 0.25);
    }

    void nullClassifierDropoutIsTheHiddenOne_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("roberta") << QByteArray("roberta") << QByteArray("classifier_dropout");
        QTest::newRow("electra") << QByteArray("electra silu") << QByteArray("classifier_dropout");
        QTest::newRow("deberta") << QByteArray("deberta v3") << QByteArray("cls_dropout");
    }

    void nullClassifierDropoutIsTheHiddenOne()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, key);
        const auto& one = caseOf(name.toStdString());
        auto config = one["config"];
        config["hidden_dropout_prob"] = 0.5;
        const auto trained = [&](const Json& value) {
            config[key.toStdString()] = value;
            return logitsOf(
                *loadCase(one, config).model, batchOf(one, {0, 1}), {.training = true, .seed = 1});
        };
        QVERIFY(trained(nullptr) == trained(0.5));
        QVERIFY(trained(nullptr) != trained(0.0));
    }

    void unsupportedKeysAreRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* name, const char* key, const char* value) {
            QTest::newRow(concat(name, ' ', key, ' ', value).c_str())
                << QByteArray(name) << QByteArray(key) << QByteArray(value);
        };
        row("roberta", "position_embedding_type", "\"relative_key\"");
        row("roberta", "is_decoder", "true");
        row("roberta", "add_cross_attention", "true");
        row("roberta", "pad_token_id", "null");
        row("roberta", "pad_token_id", "-1"); // its row is the last, but positions cannot begin there
        row("distilbert", "pad_token_id", "100000");
        row("roberta", "max_position_embeddings", "2");
        row("roberta", "hidden_act", "\"gelu_newest\"");
        row("distilbert", "n_heads", "5");
        row("distilbert", "hidden_size", "0"); // the common word wins over "dim"
        row("distilbert", "activation", "\"swiglu\"");
        row("electra projected", "embedding_size", "0");
        row("electra projected", "position_embedding_type", "\"relative_key_query\"");
        row("albert", "num_hidden_groups", "0");
        row("deberta v3", "attention_head_size", "7");
        row("deberta v3", "pooler_hidden_size", "25");
        row("deberta v3", "position_buckets", "1");
        row("deberta v3", "pos_att_type", "[1]");
        row("deberta v2 convolution", "conv_kernel_size", "4");
        row("deberta v2 convolution", "conv_groups", "5");
        row("modernbert", "classifier_pooling", "\"max\"");
        row("modernbert", "head_dim", "6");
        row("modernbert", "layer_types", "[\"full_attention\"]");
        row("modernbert", "layer_types",
            "[\"chunked_attention\",\"full_attention\",\"full_attention\",\"full_attention\"]");
        row("modernbert", "rope_parameters", "{\"rope_theta\":1e4}");
        row("modernbert", "global_attn_every_n_layers", "0");
    }

    void unsupportedKeysAreRefusedByName()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, value);
        const auto& one = caseOf(name.toStdString());
        auto config = one["config"];
        config[key.toStdString()] = Json::parse(value.toStdString());
        const auto message = refusal(one, config);
        QVERIFY2(message.find(concat('\'', key.toStdString(), '\'')) != std::string::npos, message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestEncoderFamilies)
#include "tst_encoder_families.moc"
