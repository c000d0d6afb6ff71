// SPDX-License-Identifier: MIT
// T5, BART, mBART and Marian against transformers in float64: tests/reference/encoder_decoder_families.py.
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/io/safetensors.h"
#include "core/models/checkpoint_info.h"
#include "core/models/model.h"
#include "core/models/sequence_to_sequence.h"
#include "core/nn/random.h"
#include "tests/core/models/checkpointing_check.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/autograd/autograd.h>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;

namespace {

using Tensors = std::vector<std::pair<std::string, at::Tensor>>;
using Ids = std::vector<std::vector<int32_t>>;

const Json& cases()
{
    static const auto values
        = readJsonFile(STUDIO_SOURCE_DIR "/tests/core/models/golden/encoder_decoders.json");
    return values["cases"];
}

const Json& caseNamed(std::string_view name)
{
    for (const auto& one : cases()) {
        if (one["name"] == name)
            return one;
    }
    throw Error(ErrorKind::Internal, concat("no case ", name));
}

/// values() of the script for the rows [name, shape, …].
Tensors formulaWeights(const Json& rows)
{
    Tensors tensors;
    for (const auto& row : rows) {
        const auto name = row[0].get<std::string>();
        const auto number = double(tensors.size());
        auto tensor = at::empty(row[1].get<std::vector<int64_t>>(), at::TensorOptions(at::kFloat));
        for (int64_t i = 0; i < tensor.numel(); ++i) {
            double value = std::cos(double(i) * (1 + 0.1 * double(int64_t(number) % 7)) + number);
            if (tensor.dim() == 1 && name.ends_with("weight"))
                value = 1 + 0.2 * value;
            else
                value *= name.ends_with("bias") ? 0.1 : 0.3;
            tensor.data_ptr<float>()[i] = static_cast<float>(value);
        }
        tensors.emplace_back(name, tensor);
    }
    return tensors;
}

void writeModel(const std::filesystem::path& folder, const Json& config, const Tensors& tensors)
{
    std::filesystem::create_directories(folder);
    writeFileAtomically(folder / "config.json", config.dump());
    writeSafetensors(folder / "model.safetensors", tensors);
}

std::vector<int32_t> idsOf(int32_t index, int64_t count, int32_t size, int32_t end)
{
    std::vector<int32_t> ids;
    for (int32_t k = 0; k + 1 < count; ++k)
        ids.push_back((7 * index + 5 * k + 3) % (size - 5) + 4);
    ids.push_back(end);
    return ids;
}

struct Texts {
    Ids singles, pairs, targets;
};

Texts textsOf(const Json& one)
{
    const auto& config = one["config"];
    const auto end = config["eos_token_id"].get<int32_t>(), size = config["vocab_size"].get<int32_t>(),
               padding = config["pad_token_id"].get<int32_t>();
    const auto longest = one["longest"].get<int64_t>();
    Texts texts;
    int32_t index = 0;
    for (const auto count : {int64_t(7), longest, int64_t(1), int64_t(7), int64_t(12)})
        texts.singles.push_back(idsOf(index++, count, size, end));
    texts.pairs = {idsOf(5, 9, size, 6), idsOf(6, 13, size, end)};
    texts.pairs[0][4] = texts.pairs[0][7] = texts.pairs[1][2] = end;
    texts.pairs[1][5] = padding;
    index = 9;
    for (const auto count : {int64_t(3), int64_t(9), int64_t(1), longest, int64_t(7)})
        texts.targets.push_back(idsOf(index++, count, std::min(size, 45), end));
    texts.targets[4][2] = padding;
    return texts;
}

std::vector<SequenceView> viewsOf(const Ids& texts)
{
    std::vector<SequenceView> views;
    for (const auto& ids : texts)
        views.push_back({ids, {}});
    return views;
}

PackedBatch batchOf(const Ids& texts)
{
    return packBatch(viewsOf(texts), at::kCPU);
}

void requireClose(double value, const Json& truth, const std::string& what)
{
    const auto expected = truth.get<double>();
    if (!(std::abs(value - expected) <= std::max(1e-5 * std::abs(expected), 1e-4)))
        throw std::runtime_error(
            what + ": " + std::to_string(value) + ", expected " + std::to_string(expected));
}

void requireLogits(const at::Tensor& logits, const PackedBatch& batch, const Json& truth)
{
    for (size_t i = 0; i < batch.order.size(); ++i) {
        const auto& row = truth[size_t(batch.order[i])];
        if (int64_t(row.size()) != logits.size(1))
            throw std::runtime_error("another number of labels");
        for (size_t label = 0; label < row.size(); ++label)
            requireClose(logits[int64_t(i)][int64_t(label)].item<double>(), row[label],
                concat("logit of text ", batch.order[i]));
    }
}

/// Estimates ‖gradient − truth‖ from its sums under random signs: row [name, shape, norm, sums…].
double sketchDistance(const at::Tensor& gradient, const Json& row)
{
    const auto values = gradient.contiguous();
    double squares = 0;
    const auto sketches = row.size() - 3;
    for (size_t k = 0; k < sketches; ++k) {
        double sum = 0;
        for (int64_t i = 0; i < values.numel(); ++i)
            sum += (mixBits(k, uint64_t(i)) & 1 ? 1.0 : -1.0) * values.const_data_ptr<float>()[i];
        squares += std::pow(sum - row[k + 3].get<double>(), 2);
    }
    return std::sqrt(squares / double(sketches));
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

} // namespace

class TestEncoderDecoderFamilies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_dir.isValid());
        m_folder = m_dir.path().toStdString();
    }

    void classifiersEqualTheReference_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& one : cases()) {
            const auto name = one["name"].get<std::string>();
            if (one.contains("classifier"))
                QTest::newRow(name.c_str()) << QString::fromStdString(name);
        }
        QVERIFY(cases().size() >= 16);
    }

    void classifiersEqualTheReference()
    {
        QFETCH(QString, name);
        const auto& one = caseNamed(name.toStdString());
        const auto& truth = one["classifier"];
        const auto texts = textsOf(one);
        const auto batch = batchOf(texts.singles);
        LoadedModel loaded;
        at::Tensor logits;
        for (const auto& config : {truth["saved_config"], one["config"]}) {
            writeModel(m_folder / "model", config, formulaWeights(truth["parameters"]));
            loaded = loadClassifier(m_folder / "model", {}, at::kCPU);
            QVERIFY2(loaded.warnings.empty(), loaded.warnings.empty() ? "" : loaded.warnings[0].c_str());
            ForwardContext context{.training = true}; // every dropout probability is 0
            logits = loaded.model->forward(batch, context);
            requireLogits(logits, batch, truth["logits"]);
        }
        std::set<std::string> names, expected;
        for (const auto& parameter : loaded.model->parameters())
            names.insert(parameter.name);
        for (const auto& row : truth["parameters"])
            expected.insert(row[0].get<std::string>());
        QVERIFY(names == expected);
        QCOMPARE(loaded.model->parameters().size(), expected.size());

        std::vector<int64_t> labels;
        for (const auto place : batch.order)
            labels.push_back(std::vector<int64_t>{2, 0, 1, 1, 0}[size_t(place)] % logits.size(1));
        const auto loss = at::cross_entropy_loss(logits, at::tensor(at::ArrayRef<int64_t>(labels)));
        requireClose(loss.item<double>(), truth["loss"], "loss");
        torch::autograd::backward({loss}, {});
        double all = 0;
        for (const auto& row : truth["parameters"])
            all = std::hypot(all, row[2].get<double>());
        for (const auto& row : truth["parameters"]) {
            const auto parameter
                = std::ranges::find(loaded.model->parameters(), row[0].get<std::string>(), &Parameter::name);
            const auto norm = row[2].get<double>();
            if (norm == 0 && !parameter->tensor.grad().defined())
                continue; // a table that nothing reads
            auto allowed = 1e-4 * std::max(norm, 1e-4 * all);
            if (norm < 1e-12 * all) // zero by mathematics (a key's bias): fp32 leaves a rounding
                allowed = std::max(allowed, 1.2e-7 * all);
            const auto distance = sketchDistance(parameter->tensor.grad(), row);
            QVERIFY2(distance <= allowed,
                concat(parameter->name, ": ", distance / allowed, " of what is allowed").c_str());
        }

        const at::NoGradGuard noGrad;
        ForwardContext plain;
        const auto pairs = batchOf(texts.pairs);
        requireLogits(loaded.model->forward(pairs, plain), pairs, truth["pair_logits"]);
        for (const size_t text : {size_t(1), size_t(2), size_t(4)}) { // neighbours change nothing
            const auto alone = batchOf({texts.singles[text]});
            requireLogits(loaded.model->forward(alone, plain), alone, Json::array({truth["logits"][text]}));
        }
    }

    void layersComputedAgainGiveTheSameGradients_data() { classifiersEqualTheReference_data(); }

    void layersComputedAgainGiveTheSameGradients()
    {
        QFETCH(QString, name);
        const auto& one = caseNamed(name.toStdString());
        writeModel(m_folder / "model", one["config"], formulaWeights(one["classifier"]["parameters"]));
        const auto loaded = loadClassifier(m_folder / "model", {.dropout = 0.2}, at::kCPU);
        const auto problem = checkpointingDifference(*loaded.model, batchOf(textsOf(one).singles));
        QVERIFY2(problem.empty(), problem.c_str());
    }

    void targetsScoreAsInTheReference_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& one : cases()) {
            const auto name = one["name"].get<std::string>();
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
        }
    }

    void targetsScoreAsInTheReference()
    {
        QFETCH(QString, name);
        const auto& one = caseNamed(name.toStdString());
        const auto& truth = one["language"];
        const auto texts = textsOf(one);
        const auto batch = packPairs(viewsOf(texts.singles), viewsOf(texts.targets), at::kCPU);
        const at::NoGradGuard noGrad;
        for (const auto& config : {truth["saved_config"], one["config"]}) {
            writeModel(m_folder / "language", config, formulaWeights(truth["parameters"]));
            const auto loaded = loadSequenceToSequenceModel(m_folder / "language", at::kCPU);
            QVERIFY2(loaded.warnings.empty(), loaded.warnings.empty() ? "" : loaded.warnings[0].c_str());
            std::set<std::string> names;
            for (const auto& parameter : loaded.model->parameters()) {
                if (!parameter.name.ends_with("embed_positions.weight")
                    || one["config"]["model_type"] != "marian")
                    names.insert(parameter.name);
            }
            std::set<std::string> expected;
            for (const auto& row : truth["parameters"])
                expected.insert(row[0].get<std::string>());
            QVERIFY(names == expected);

            ForwardContext context;
            const auto values = loaded.model->logProbabilities(batch, context);
            const auto logits = loaded.model->logits(batch, context);
            for (size_t i = 0; i < batch.target.order.size(); ++i) {
                const auto text = size_t(batch.target.order[i]);
                QCOMPARE(batch.source.order[i], batch.target.order[i]);
                const auto start = batch.target.layout.starts[i];
                const auto& row = truth["log_probabilities"][text];
                QCOMPARE(batch.target.layout.length(int64_t(i)), int64_t(row.size()));
                for (size_t k = 0; k < row.size(); ++k)
                    requireClose(values[start + int64_t(k)].item<double>(), row[k],
                        concat("log-probability ", k, " of target ", text));
                for (size_t k = 0; text == 0 && k < truth["first_logits"].size(); ++k) {
                    const auto& scores = truth["first_logits"][k];
                    QCOMPARE(logits.size(1), int64_t(scores.size()));
                    for (size_t entry = 0; entry < scores.size(); ++entry)
                        requireClose(logits[start + int64_t(k)][int64_t(entry)].item<double>(), scores[entry],
                            concat("logit ", entry, " of token ", k));
                }
            }
        }
    }

    void savingAndLoadingKeepsEveryBit_data() { classifiersEqualTheReference_data(); }

    void savingAndLoadingKeepsEveryBit()
    {
        QFETCH(QString, name);
        const auto& one = caseNamed(name.toStdString());
        const auto& rows = one["classifier"]["parameters"];
        writeModel(m_folder / "source", one["config"], formulaWeights(rows));
        const auto loaded = loadClassifier(m_folder / "source", {}, at::kCPU);
        std::filesystem::create_directories(m_folder / "saved");
        saveClassifier(loaded, m_folder / "saved");
        const SafetensorsFile saved(m_folder / "saved" / "model.safetensors");
        QCOMPARE(saved.entries().size(), rows.size()); // tied tensors once
        for (const auto& [tensor, values] : formulaWeights(rows))
            QVERIFY2(saved.tensor(tensor).equal(values), tensor.c_str());
        const auto again = loadClassifier(m_folder / "saved", {}, at::kCPU);
        QVERIFY(again.warnings.empty() && !again.headCreated);
        const auto config = readJsonFile(m_folder / "saved" / "config.json");
        QVERIFY(config["architectures"][0].get<std::string>().ends_with("ForSequenceClassification"));
        for (const auto& [key, value] : one["config"].items())
            QVERIFY2(config[key] == value, key.c_str());

        // exporting compares logits on texts with one end token each
        std::filesystem::remove_all(m_folder / "exported");
        QCOMPARE(exportCheckpoint({.source = m_folder / "saved", .target = m_folder / "exported"}), 0.0);
    }

    void tiedTensorsAreFoundUnderAnyOfTheirNames_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto* name : {"t5", "bart", "mbart scaled"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void tiedTensorsAreFoundUnderAnyOfTheirNames()
    {
        QFETCH(QString, name);
        const auto& one = caseNamed(name.toStdString());
        const auto& truth = one["classifier"];
        const auto texts = textsOf(one);
        const auto batch = batchOf(texts.singles);
        const at::NoGradGuard noGrad;
        const auto all = formulaWeights(truth["parameters"]);
        const auto prefix = all[0].first.substr(0, all[0].first.find('.') + 1);
        QVERIFY(all[0].first.ends_with("shared.weight"));
        const auto under = [&](const std::vector<std::string>& names, const Tensors& more = {}) {
            auto tensors = all;
            tensors.erase(tensors.begin());
            for (const auto& copy : names)
                tensors.emplace_back(prefix + copy, all[0].second.clone());
            tensors.insert(tensors.end(), more.begin(), more.end());
            writeModel(m_folder / "tied", one["config"], tensors);
            return loadClassifier(m_folder / "tied", {}, at::kCPU);
        };
        const std::string shared = "shared.weight", encoder = "encoder.embed_tokens.weight",
                          decoder = "decoder.embed_tokens.weight";
        for (const auto& names : std::vector<std::vector<std::string>>{
                 {shared}, {encoder}, {decoder}, {encoder, decoder}, {shared, encoder, decoder}}) {
            const auto loaded = under(names);
            QVERIFY(loaded.warnings.empty());
            QCOMPARE(loaded.model->parameters().size(), all.size());
            ForwardContext context;
            requireLogits(loaded.model->forward(batch, context), batch, truth["logits"]);
            int64_t numbers = 0;
            for (const auto& [tensor, values] : all)
                numbers += values.numel();
            QCOMPARE(inspectCheckpoint(m_folder / "tied").parameterCount, numbers);
        }
        // a copy with other numbers is a tensor of its own
        const auto other = under({shared}, {{prefix + decoder, (all[0].second * 2).contiguous()}});
        QCOMPARE(other.model->parameters().size(), all.size() + 1);
        std::filesystem::create_directories(m_folder / "other");
        saveClassifier(other, m_folder / "other");
        QCOMPARE(SafetensorsFile(m_folder / "other" / "model.safetensors").entries().size(), all.size() + 1);
        ForwardContext first, second;
        const auto again = loadClassifier(m_folder / "other", {}, at::kCPU);
        QVERIFY(again.model->forward(batch, first).equal(other.model->forward(batch, second)));
        // without any of them there is no model
        const auto message = messageOf([&] { (void)under({}); });
        QVERIFY2(message.find("shared.weight") != std::string::npos, message.c_str());
    }

    void languageModelsBecomeClassifiersAndTheReverse()
    {
        for (const auto* name : {"t5 v1.1", "bart", "mbart"}) {
            const auto& one = caseNamed(name);
            writeModel(m_folder / "one", one["config"], formulaWeights(one["language"]["parameters"]));
            const auto loaded = loadClassifier(m_folder / "one", {.labels = {"a", "b", "c", "d"}}, at::kCPU);
            QVERIFY(loaded.headCreated);
            for (const auto& [parameter, tensor] : loaded.model->parameters())
                QCOMPARE(loaded.model->isHead(parameter), parameter.starts_with("classification_head."));
            const auto info = inspectCheckpoint(m_folder / "one");
            QVERIFY(!info.hasClassifier && info.errors.size() == 1); // no tokeniser here
            // a head that is the embedding scores from a classifier's folder too
            writeModel(m_folder / "other", one["config"], formulaWeights(one["classifier"]["parameters"]));
            const auto language = loadSequenceToSequenceModel(m_folder / "other", at::kCPU);
            QCOMPARE(language.warnings.size(), size_t(1));
            QVERIFY(language.warnings[0].find("classification_head.dense.bias") != std::string::npos);
        }
        const auto& marian = caseNamed("marian");
        writeModel(m_folder / "one", marian["config"], formulaWeights(marian["language"]["parameters"]));
        const auto message = messageOf([&] { (void)loadClassifier(m_folder / "one", {}, at::kCPU); });
        QVERIFY2(message.find("no sequence classifier") != std::string::npos, message.c_str());
        const auto info = inspectCheckpoint(m_folder / "one");
        QCOMPARE(info.layerCount, int64_t(4));
        QVERIFY(info.missing.empty() && info.unexpected.empty());
        QVERIFY(info.errors[0].find("no sequence classifier") != std::string::npos);
    }

    void inspectionCountsBothHalves_data() { classifiersEqualTheReference_data(); }

    void inspectionCountsBothHalves()
    {
        QFETCH(QString, name);
        const auto& one = caseNamed(name.toStdString());
        const auto tensors = formulaWeights(one["classifier"]["parameters"]);
        writeModel(m_folder / "inspected", one["config"], tensors);
        const auto info = inspectCheckpoint(m_folder / "inspected");
        const auto& config = one["config"];
        const bool t5 = config["model_type"] == "t5";
        int64_t numbers = 0;
        for (const auto& [tensor, values] : tensors)
            numbers += values.numel();
        QCOMPARE(info.parameterCount, numbers);
        QCOMPARE(info.layerCount,
            t5 ? config["num_layers"].get<int64_t>()
                    + config.value("num_decoder_layers", config["num_layers"].get<int64_t>())
               : config["encoder_layers"].get<int64_t>() + config["decoder_layers"].get<int64_t>());
        QCOMPARE(info.maxPositions, t5 ? anyLength : int64_t(24));
        QVERIFY(info.hasClassifier && info.missing.empty() && info.unexpected.empty());
        QVERIFY(!info.notes.empty() && info.keptPerToken > 0);
    }

    void layersFreezeFromTheEncoderUp()
    {
        const auto& one = caseNamed("t5 v1.1"); // two layers and three
        writeModel(m_folder / "layers", one["config"], formulaWeights(one["classifier"]["parameters"]));
        const auto loaded = loadClassifier(m_folder / "layers", {}, at::kCPU);
        QCOMPARE(loaded.model->layerCount(), int64_t(5));
        QCOMPARE(loaded.model->layerPrefix(1), std::string("transformer.encoder.block.1."));
        QCOMPARE(loaded.model->layerPrefix(2), std::string("transformer.decoder.block.0."));
        QCOMPARE(loaded.model->layerPrefix(4), std::string("transformer.decoder.block.2."));
        loaded.model->initialize(loaded.model->layerPrefix(4), 5);
        size_t changed = 0;
        auto before = formulaWeights(one["classifier"]["parameters"]);
        for (const auto& [name, tensor] : loaded.model->parameters()) {
            const auto old = std::ranges::find(before, name, &Tensors::value_type::first);
            if (!tensor.equal(old->second)) {
                ++changed;
                QVERIFY2(name.starts_with("transformer.decoder.block.2."), name.c_str());
            }
            const double deviation = 1 / std::sqrt(24.0 * 4); // d_model · d_kv
            if (name == "transformer.decoder.block.2.layer.1.EncDecAttention.q.weight")
                QVERIFY(std::abs(tensor.std().item<double>() - deviation) < 0.2 * deviation);
        }
        QCOMPARE(changed, size_t(14)); // eight projections, three of the feed-forward block, three norms
    }

    void theLastEndTokenCountsWhateverTheOthersHold()
    {
        const auto& one = caseNamed("bart");
        writeModel(m_folder / "ends", one["config"], formulaWeights(one["classifier"]["parameters"]));
        const auto loaded = loadClassifier(m_folder / "ends", {}, at::kCPU);
        QVERIFY(loaded.model->requiredToken() == 2);
        const auto logits = [&](const Ids& texts) {
            ForwardContext context;
            const at::NoGradGuard noGrad;
            return loaded.model->forward(batchOf(texts), context);
        };
        const auto both = logits({{5, 2, 6, 2}, {7, 2}}); // of different lengths, in this order
        QVERIFY(both[0].allclose(logits({{5, 2, 6, 2}})[0], 1e-5, 1e-6)
            || both[1].allclose(logits({{5, 2, 6, 2}})[0], 1e-5, 1e-6));
        const auto refused = messageOf([&] { (void)logits({{5, 6}, {7, 2}}); });
        QVERIFY2(refused.find("no end-of-sequence token (id 2)") != std::string::npos, refused.c_str());
    }

    void everyDropoutKeyActsInTrainingAlone_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("key");
        const auto rows = [](const char* name, const std::vector<const char*>& keys) {
            for (const auto* key : keys)
                QTest::addRow("%s %s", name, key) << QString::fromLatin1(name) << QString::fromLatin1(key);
        };
        rows("t5", {"dropout_rate", "classifier_dropout"});
        rows("bart", {"dropout", "attention_dropout", "activation_dropout", "classifier_dropout"});
        rows("mbart", {"dropout", "attention_dropout", "activation_dropout", "classifier_dropout"});
    }

    void everyDropoutKeyActsInTrainingAlone()
    {
        QFETCH(QString, name);
        QFETCH(QString, key);
        auto one = caseNamed(name.toStdString());
        one["config"][key.toStdString()] = 0.5;
        writeModel(m_folder / "dropout", one["config"], formulaWeights(one["classifier"]["parameters"]));
        const auto loaded = loadClassifier(m_folder / "dropout", {}, at::kCPU);
        const auto batch = batchOf(textsOf(one).singles);
        const at::NoGradGuard noGrad;
        const auto at = [&](const LoadedModel& model, bool training, uint64_t seed) {
            ForwardContext context{.training = training, .seed = seed};
            return model.model->forward(batch, context);
        };
        requireLogits(at(loaded, false, 1), batch, one["classifier"]["logits"]);
        QVERIFY(at(loaded, true, 1).equal(at(loaded, true, 1)));
        QVERIFY(!at(loaded, true, 1).equal(at(loaded, true, 2)));
        const auto off = loadClassifier(m_folder / "dropout", {.dropout = 0.0}, at::kCPU);
        QVERIFY(at(off, true, 1).equal(at(loaded, false, 1)));
    }

    void unsupportedKeysAreRefusedByName_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        const auto row = [](const char* name, const char* key, const char* value) {
            QTest::addRow("%s %s %s", name, key, value)
                << QString::fromLatin1(name) << QString::fromLatin1(key) << QString::fromLatin1(value);
        };
        row("t5", "feed_forward_proj", "\"gated-swiglu\"");
        row("t5", "feed_forward_proj", "\"glued-gelu\"");
        row("t5", "dense_act_fn", "\"softplus\"");
        row("t5", "relative_attention_num_buckets", "3");
        row("t5", "relative_attention_max_distance", "4");
        row("t5", "decoder_start_token_id", "null");
        row("t5", "decoder_start_token_id", "60");
        row("t5", "pad_token_id", "null");
        row("t5", "eos_token_id", "[1, 2]");
        row("t5", "is_encoder_decoder", "false");
        row("t5", "num_heads", "0");
        row("t5", "num_attention_heads", "0"); // the common words win over the family's own
        row("t5", "num_hidden_layers", "0");
        row("t5", "hidden_size", "0");
        row("t5", "head_dim", "0");
        row("bart", "num_hidden_layers", "0");
        row("mbart", "num_attention_heads", "5");
        row("marian", "hidden_size", "0");
        row("bart", "encoder_layerdrop", "0.1");
        row("mbart", "decoder_layerdrop", "0.2");
        row("bart", "encoder_attention_heads", "5");
        row("bart", "activation_function", "\"prelu\"");
        row("bart", "normalize_before", "true");
        row("mbart", "normalize_before", "false");
        row("bart", "normalize_embedding", "false");
        row("bart", "static_position_embeddings", "true");
        row("mbart", "add_final_layer_norm", "false");
        row("bart", "extra_pos_embeddings", "0");
        row("bart", "pad_token_id", "null");
        row("bart", "decoder_start_token_id", "null");
        row("bart", "eos_token_id", "60");
        row("bart", "is_decoder", "true");
        row("marian", "decoder_layers", "0");
        row("marian", "static_position_embeddings", "false");
    }

    void unsupportedKeysAreRefusedByName()
    {
        QFETCH(QString, name);
        QFETCH(QString, key);
        QFETCH(QString, value);
        auto one = caseNamed(name.toStdString());
        one["config"][key.toStdString()] = Json::parse(value.toStdString());
        const bool classifier = one.contains("classifier");
        writeModel(m_folder / "refused", one["config"],
            formulaWeights(one[classifier ? "classifier" : "language"]["parameters"]));
        const auto message = messageOf([&] {
            if (classifier)
                (void)loadClassifier(m_folder / "refused", {}, at::kCPU);
            else
                (void)loadSequenceToSequenceModel(m_folder / "refused", at::kCPU);
        });
        QVERIFY2(message.find(concat('\'', key.toStdString(), '\'')) != std::string::npos
                && message.find("config.json") != std::string::npos,
            message.c_str());
    }

private:
    QTemporaryDir m_dir;
    std::filesystem::path m_folder;
};

QTEST_GUILESS_MAIN(TestEncoderDecoderFamilies)
#include "tst_encoder_decoder_families.moc"
