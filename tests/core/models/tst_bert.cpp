// SPDX-License-Identifier: MIT
// Expected values: tests/reference/bert_golden.py (transformers, float64).
#include "core/base/error.h"
#include "tests/core/models/bert_fixture.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;

namespace {

std::filesystem::path pathOf(const QTemporaryDir& folder)
{
    return folder.path().toStdString();
}

LoadedModel loadFormulaModel(Json config = fixture::bertConfig())
{
    const QTemporaryDir folder;
    fixture::writeCheckpoint(pathOf(folder), config, fixture::formulaWeights(config));
    return loadClassifier(pathOf(folder), {}, at::kCPU);
}

/// Rows in the caller's order.
std::vector<std::vector<double>> logitsOf(
    ClassificationModel& model, const PackedBatch& batch, bool training = false)
{
    ForwardContext context{.training = training, .seed = 1};
    const at::NoGradGuard noGrad;
    const auto logits = model.forward(batch, context).to(at::kDouble).contiguous();
    const auto columns = logits.size(1);
    std::vector<std::vector<double>> rows(batch.order.size());
    for (size_t i = 0; i < rows.size(); ++i) {
        const auto* row = logits.data_ptr<double>() + int64_t(i) * columns;
        rows[size_t(batch.order[i])].assign(row, row + columns);
    }
    return rows;
}

std::map<std::string, at::Tensor> gradientsOf(ClassificationModel& model, const std::vector<int64_t>& indices,
    double* loss = nullptr, double weight = 1)
{
    const auto batch = fixture::batchOf(indices);
    std::vector<int64_t> targets;
    for (const auto place : batch.order)
        targets.push_back(fixture::labels[indices[size_t(place)]]);
    for (const auto& parameter : model.parameters())
        parameter.tensor.mutable_grad().reset();
    ForwardContext context{.training = true, .seed = 1};
    const auto value = at::cross_entropy_loss(model.forward(batch, context), at::tensor(targets));
    if (loss)
        *loss = value.item<double>();
    torch::autograd::backward({value.mul(weight)}, {});
    std::map<std::string, at::Tensor> gradients;
    for (const auto& [name, tensor] : model.parameters())
        gradients[name] = tensor.grad().defined() ? tensor.grad().clone() : tensor.detach().clone().zero_();
    return gradients;
}

double norm(const at::Tensor& tensor)
{
    return tensor.to(at::kDouble).norm().item<double>();
}

} // namespace

class TestBert : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parameterNamesEqualTheReference()
    {
        const auto loaded = loadFormulaModel();
        QVERIFY(loaded.warnings.empty());
        std::vector<std::string> names;
        for (const auto& parameter : loaded.model->parameters())
            names.push_back(parameter.name);
        QCOMPARE(names, fixture::golden()["parameter_names"].get<std::vector<std::string>>());
    }

    void logitsAndLossEqualTheReference_data()
    {
        QTest::addColumn<int>("number");
        const auto cases = fixture::golden()["cases"];
        for (int i = 0; i < int(cases.size()); ++i)
            QTest::newRow(cases[size_t(i)]["hidden_act"].get<std::string>().c_str()) << i;
    }

    void logitsAndLossEqualTheReference()
    {
        QFETCH(int, number);
        const auto expected = fixture::golden()["cases"][size_t(number)];
        auto config = fixture::bertConfig();
        config["hidden_act"] = expected["hidden_act"];
        auto loaded = loadFormulaModel(config);
        const auto rows = logitsOf(*loaded.model, fixture::batchOf({0, 1, 2, 3, 4}));
        double scale = 0, worst = 0;
        for (size_t i = 0; i < rows.size(); ++i) {
            for (size_t k = 0; k < rows[i].size(); ++k) {
                const auto truth = expected["logits"][i][k].get<double>();
                scale = std::max(scale, std::abs(truth));
                worst = std::max(worst, std::abs(rows[i][k] - truth));
            }
        }
        QVERIFY2(worst <= 1e-5 * scale, std::to_string(worst / scale).c_str());
        double loss = 0;
        gradientsOf(*loaded.model, {0, 1, 2, 3, 4}, &loss);
        QVERIFY(std::abs(loss - expected["loss"].get<double>()) <= 1e-5);
    }

    void gradientsEqualTheReference_data() { logitsAndLossEqualTheReference_data(); }

    void gradientsEqualTheReference()
    {
        QFETCH(int, number);
        const auto expected = fixture::golden()["cases"][size_t(number)];
        if (!expected.contains("gradients"))
            return; // the script writes gradients for one activation of each kind of kernel
        auto config = fixture::bertConfig();
        config["hidden_act"] = expected["hidden_act"];
        auto loaded = loadFormulaModel(config);
        const auto gradients = gradientsOf(*loaded.model, {0, 1, 2, 3, 4});
        double all = 0;
        for (const auto& [name, row] : expected["gradients"].items())
            all = std::hypot(all, row[0].get<double>());
        for (const auto& [name, row] : expected["gradients"].items()) {
            const auto gradient = gradients.at(name).to(at::kDouble).flatten().contiguous();
            const auto tolerance = 1e-4 * std::max(row[0].get<double>(), 1e-4 * all);
            const auto describe = [&](double found, double truth) {
                return QStringLiteral("%1: %2, expected %3")
                    .arg(QString::fromStdString(name))
                    .arg(found)
                    .arg(truth);
            };
            QVERIFY2(std::abs(norm(gradient) - row[0].get<double>()) <= tolerance,
                qPrintable(describe(norm(gradient), row[0].get<double>())));
            size_t column = 1;
            for (const auto frequency : {0.37, 1.1, 2.3}) {
                double projection = 0;
                for (int64_t i = 0; i < gradient.numel(); ++i)
                    projection += gradient.data_ptr<double>()[i] * std::cos(double(i) * frequency + 0.5);
                const auto truth = row[column++].get<double>();
                const auto length = std::sqrt(double(gradient.numel())); // bound of the cosine vector's norm
                QVERIFY2(std::abs(projection - truth) <= tolerance * length,
                    qPrintable(describe(projection, truth)));
            }
        }
        for (const auto& [name, values] : expected["full_gradients"].items()) {
            const auto truth = at::tensor(values.get<std::vector<double>>());
            const auto difference = gradients.at(name).to(at::kDouble).flatten().sub(truth);
            QVERIFY2(norm(difference) <= 1e-4 * std::max(norm(truth), 1e-4 * all), name.c_str());
        }
    }

    void neighboursChangeNeitherLogitsNorGradients()
    {
        auto loaded = loadFormulaModel();
        const auto together = logitsOf(*loaded.model, fixture::batchOf({0, 1, 2, 3, 4}));
        for (int64_t i = 0; i < 5; ++i) {
            const auto alone = logitsOf(*loaded.model, fixture::batchOf({i}))[0];
            for (size_t k = 0; k < alone.size(); ++k)
                QVERIFY(std::abs(alone[k] - together[size_t(i)][k]) <= 1e-5);
        }
        // mean over two = half the sum of the single gradients
        const auto both = gradientsOf(*loaded.model, {1, 2});
        const auto first = gradientsOf(*loaded.model, {1}, nullptr, 0.5);
        const auto second = gradientsOf(*loaded.model, {2}, nullptr, 0.5);
        for (const auto& [name, gradient] : both)
            QVERIFY2(norm(gradient.sub(first.at(name)).sub(second.at(name))) <= 1e-5, name.c_str());
    }

    void orderOfTheBatchDoesNotMatter()
    {
        auto loaded = loadFormulaModel();
        const auto forwards = logitsOf(*loaded.model, fixture::batchOf({0, 1, 2, 3, 4}));
        const auto backwards = logitsOf(*loaded.model, fixture::batchOf({4, 3, 2, 1, 0}));
        for (size_t i = 0; i < 5; ++i) {
            for (size_t k = 0; k < 3; ++k)
                QVERIFY(std::abs(forwards[i][k] - backwards[4 - i][k]) <= 1e-5);
        }
    }

    void paddingRowGetsNoGradient()
    {
        auto loaded = loadFormulaModel();
        const std::vector<int32_t> ids{3, 0, 5}; // 0 is pad_token_id
        const std::vector<SequenceView> views{{ids, {}}};
        ForwardContext context{.training = true};
        torch::autograd::backward({loaded.model->forward(packBatch(views, at::kCPU), context).sum()}, {});
        const auto gradient = loaded.model->parameters().front().tensor.grad();
        QCOMPARE(norm(gradient[0]), 0.0);
        QVERIFY(norm(gradient[3]) > 0);
    }

    void everyKindOfDropoutActsInTrainingAlone()
    {
        const auto outputs = [](const char* key, bool training) {
            auto config = fixture::bertConfig();
            for (const auto* kind :
                {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"})
                config[kind] = key == std::string_view(kind) ? 0.5 : 0.0;
            auto loaded = loadFormulaModel(config);
            ForwardContext context{.training = training};
            return loaded.model->forward(fixture::batchOf({0, 1, 2}), context).detach();
        };
        QVERIFY(outputs("none", true).allclose(outputs("none", false), 1e-5, 1e-6));
        for (const auto* kind :
            {"hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"}) {
            QVERIFY2(!outputs(kind, true).allclose(outputs(kind, false), 1e-3, 1e-3), kind);
            QVERIFY2(outputs(kind, false).equal(outputs("none", false)), kind);
        }
    }

    void trainingTwiceGivesTheSameBits()
    {
        auto config = fixture::bertConfig();
        config["hidden_dropout_prob"] = 0.1;
        config["attention_probs_dropout_prob"] = 0.1;
        auto loaded = loadFormulaModel(config);
        const auto first = gradientsOf(*loaded.model, {0, 1, 2, 3, 4});
        const auto second = gradientsOf(*loaded.model, {0, 1, 2, 3, 4});
        for (const auto& [name, gradient] : first)
            QVERIFY2(gradient.equal(second.at(name)), name.c_str());
    }
};

QTEST_GUILESS_MAIN(TestBert)
#include "tst_bert.moc"
