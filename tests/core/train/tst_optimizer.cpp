// SPDX-License-Identifier: MIT
// The optimizer against LibTorch's own kernels, sparse gradients against dense ones, clipping.
#include "core/train/gradients.h"
#include "core/train/optimizer.h"
#include "tests/core/nn/formula_tensors.h"

#include <cmath>
#include <map>

#include <ATen/Parallel.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/full.h>
#include <ATen/ops/sparse_coo_tensor.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <QTest>

using namespace studio;

namespace {

constexpr int64_t g_rows = 5000, g_columns = 21;

/// Of step `step`: another three rows each time, some again.
at::Tensor rowGradient(int64_t step)
{
    const auto rows = at::tensor(at::ArrayRef<int64_t>{step % 3, 700 + step, 4990}).unsqueeze(0);
    return at::sparse_coo_tensor(
        rows, formula({3, g_columns}, 0.3 + 0.01 * double(step)), {g_rows, g_columns})
        .coalesce();
}

/// A table and a bias under an optimizer.
struct Fixture {
    explicit Fixture(const TrainingArguments& arguments)
        : table(formula({g_rows, g_columns}, 0.7, true))
        , bias(formula({40'000}, 0.2, true))
        , optimizer(
              arguments, {{"table.weight", table}, {"table.bias", bias}}, [](const auto&) { return false; })
    {
    }
    void step(int64_t number, bool sparse, float scale = 1)
    {
        const auto gradient = rowGradient(number);
        table.mutable_grad() = sparse ? gradient : gradient.to_dense();
        bias.mutable_grad() = formula({40'000}, 0.05 * double(number + 1));
        optimizer.step(0.5, at::zeros({}), scale);
    }
    std::vector<at::Tensor> all() const
    {
        std::vector<at::Tensor> tensors{table.detach().clone(), bias.detach().clone()};
        for (const auto& [name, tensor] : optimizer.state())
            tensors.push_back(tensor.clone());
        return tensors;
    }

    at::Tensor table, bias;
    Optimizer optimizer;
};

TrainingArguments argumentsOf(const char* optimizer, double decay)
{
    TrainingArguments arguments;
    arguments.optim = optimizer;
    arguments.weightDecay = decay;
    arguments.momentum = 0.9;
    arguments.learningRate = 0.01;
    return arguments;
}

void addKinds(std::initializer_list<const char*> names)
{
    QTest::addColumn<QString>("optimizer");
    QTest::addColumn<double>("decay");
    for (const auto* name : names) {
        for (const double decay : {0.0, 0.1})
            QTest::addRow("%s, decay %g", name, decay) << QString::fromLatin1(name) << decay;
    }
}

} // namespace

class TestOptimizer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sparseGradientsTrainLikeDenseOnes_data() { addKinds({"adamw", "adam", "sgd"}); }
    /// Bit by bit, also when training is resumed, and with any number of threads.
    void sparseGradientsTrainLikeDenseOnes()
    {
        QFETCH(QString, optimizer);
        QFETCH(double, decay);
        const auto arguments = argumentsOf(optimizer.toUtf8().constData(), decay);
        Fixture dense(arguments), sparse(arguments), resumed(arguments);
        for (int64_t step = 0; step < 4; ++step) {
            dense.step(step, false, 0.7F);
            sparse.step(step, true, 0.7F);
        }
        {
            const at::NoGradGuard noGrad;
            resumed.table.copy_(sparse.table);
            resumed.bias.copy_(sparse.bias);
        }
        std::map<std::string, at::Tensor> saved;
        for (const auto& [name, tensor] : sparse.optimizer.state())
            saved[name] = tensor.clone();
        resumed.optimizer.restore([&](const std::string& name) { return saved.at(name); });
        const auto threads = at::get_num_threads();
        for (int64_t step = 4; step < 8; ++step) {
            dense.step(step, false);
            sparse.step(step, true);
            at::set_num_threads(3);
            resumed.step(step, true);
            at::set_num_threads(threads);
        }
        const auto truth = dense.all(), mine = sparse.all(), again = resumed.all();
        QCOMPARE(mine.size(), truth.size());
        for (size_t i = 0; i < truth.size(); ++i) {
            QVERIFY2(mine[i].equal(truth[i]), std::to_string(i).c_str());
            QVERIFY2(again[i].equal(truth[i]), std::to_string(i).c_str());
        }
        QVERIFY(!truth[0].equal(formula({g_rows, g_columns}, 0.7)));
    }

    void adamEqualsLibTorch_data() { addKinds({"adamw", "adam"}); }
    void adamEqualsLibTorch()
    {
        QFETCH(QString, optimizer);
        QFETCH(double, decay);
        Fixture mine(argumentsOf(optimizer.toUtf8().constData(), decay));
        const at::NoGradGuard noGrad;
        auto table = mine.table.detach().clone(), bias = mine.bias.detach().clone();
        auto m = at::zeros({g_rows, g_columns}), v = at::zeros({g_rows, g_columns}),
             biasM = at::zeros({40'000}), biasV = at::zeros({40'000});
        for (int64_t step = 0; step < 12; ++step) {
            mine.step(step, true);
            const auto update = [&](const at::Tensor& p, const at::Tensor& g, const at::Tensor& a,
                                    const at::Tensor& b, double weightDecay) {
                const auto count = at::full({}, double(step + 1));
                if (optimizer == QLatin1String("adam"))
                    at::_fused_adam_(
                        {p}, {g}, {a}, {b}, {}, {count}, 0.005, 0.9, 0.999, weightDecay, 1e-8, false, false);
                else
                    at::_fused_adamw_(
                        {p}, {g}, {a}, {b}, {}, {count}, 0.005, 0.9, 0.999, weightDecay, 1e-8, false, false);
            };
            update(table, rowGradient(step).to_dense(), m, v, decay);
            update(bias, formula({40'000}, 0.05 * double(step + 1)), biasM, biasV, 0); // no decay on biases
        }
        const auto close = [](const at::Tensor& a, const at::Tensor& b) {
            return (a - b).norm().item<double>() <= 1e-6 * b.norm().item<double>();
        };
        QVERIFY(close(mine.table.detach(), table));
        QVERIFY(close(mine.bias.detach(), bias));
        for (const auto& [name, tensor] : mine.optimizer.state()) {
            if (name == "exp_avg.table.weight")
                QVERIFY(close(tensor, m));
            if (name == "exp_avg_sq.table.bias")
                QVERIFY(close(tensor, biasV));
        }
    }

    void theNormCountsEveryGradient()
    {
        const auto dense = formula({300, 301}, 0.3), sparse = rowGradient(2);
        const auto truth = std::hypot(dense.to(at::kDouble).norm().item<double>(),
            sparse.to_dense().to(at::kDouble).norm().item<double>());
        const auto threads = at::get_num_threads();
        std::vector<float> norms;
        for (const int count : {1, 3}) {
            at::set_num_threads(count);
            const auto clipped = clipGradients({dense, sparse}, 1.0);
            at::set_num_threads(threads);
            norms.push_back(clipped.norm.item<float>());
            QVERIFY(std::abs(norms.back() - truth) < 1e-5 * truth);
            QVERIFY(std::abs(clipped.scale * truth - 1) < 1e-5);
        }
        QCOMPARE(norms[0], norms[1]);
        QCOMPARE(clipGradients({dense, sparse}, 0).scale, 1.0F); // no clipping
        QCOMPARE(clipGradients({dense, sparse}, 1e6).scale, 1.0F); // short enough
        QCOMPARE(clipGradients({}, 1).norm.item<float>(), 0.0F);
        const auto broken = at::full({3}, std::numeric_limits<double>::quiet_NaN());
        QVERIFY(std::isnan(clipGradients({dense, broken.to(at::kFloat)}, 1).norm.item<float>()));
    }
};

QTEST_GUILESS_MAIN(TestOptimizer)
#include "tst_optimizer.moc"
