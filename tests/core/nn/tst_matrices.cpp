// SPDX-License-Identifier: MIT
// Matrix multiplies, linear layers, embeddings and the optimizer's kernels against LibTorch's own operators.
#include "core/nn/cpu_kernels.h"
#include "core/nn/embedding.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/nn/matmul.h"
#include "core/nn/packed_batch.h"
#include "core/nn/spare_rows.h"
#include "tests/core/nn/formula_tensors.h"

#include <array>
#include <cmath>

#include <ATen/ops/cat.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <QTest>

using namespace studio;

class TestMatrices : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void adamAndSquaresEqualTheirFormulas()
    {
        const CpuKernels* tables[3];
        const int count = cpuKernelTables(tables);
        const AdamRule rule{.gradientScale = 0.5F,
            .kept = 0.99F,
            .penalty = 0.01F,
            .newFirst = 0.1F,
            .beta2 = 0.999F,
            .newSecond = 0.001F,
            .epsilon = 1e-8F,
            .stepSize = 0.003F,
            .rootCorrection = 0.2F};
        for (int t = 0; t < count; ++t) {
            for (const int64_t size : {1, 16, 37, 5000}) {
                const auto g = formula({size}, 0.7);
                QVERIFY2(std::abs(tables[t]->squares(g.data_ptr<float>(), size)
                             - g.to(at::kDouble).square().sum().item<double>())
                        < 1e-6 * double(size),
                    tables[t]->name);
                for (const bool given : {true, false}) {
                    auto p = formula({size}, 1.1), m = formula({size}, 0.4),
                         v = formula({size}, 0.3).square();
                    const auto kept = p.to(at::kDouble) * 0.99;
                    const auto slope
                        = (given ? g.to(at::kDouble) * 0.5 : at::zeros({size}, at::kDouble)) + kept * 0.01;
                    const auto first = m.to(at::kDouble) * 0.9 + slope * 0.1;
                    const auto second = v.to(at::kDouble) * 0.999 + slope.square() * 0.001;
                    const auto truth = kept - first / (second.sqrt() / 0.2 + 1e-8) * 0.003;
                    tables[t]->adam(p.data_ptr<float>(), given ? g.data_ptr<float>() : nullptr,
                        m.data_ptr<float>(), v.data_ptr<float>(), size, rule);
                    QVERIFY2(distance(m, first) < 1e-6 && distance(v, second) < 1e-6, tables[t]->name);
                    QVERIFY2(distance(p, truth) < 1e-6, tables[t]->name);
                }
            }
        }
    }

    void largeTablesHaveSparseGradients()
    {
        for (const int64_t rows : {100, 5000}) {
            Embedding table{.weight = formula({rows, 20}, 0.3, true), .paddingIndex = 7};
            const auto first = at::tensor(at::ArrayRef<int64_t>{9, 7, 3, 9, 99, 0}),
                       second = at::tensor(at::ArrayRef<int64_t>{3, 7, 50});
            const auto weights = formula({6, 20}, 0.9), others = formula({3, 20}, 1.7);
            const auto loss
                = (embedding({table, first}) * weights).sum() + (embedding({table, second}) * others).sum();
            for (int pass = 0; pass < 2; ++pass) // the second adds to the first
                torch::autograd::backward({loss}, {}, /*retain_graph=*/true);
            auto truth = at::zeros({rows, 20});
            truth.index_add_(0, first, weights).index_add_(0, second, others);
            truth[7].zero_();
            const auto gradient = table.weight.grad();
            QCOMPARE(gradient.is_sparse(), rows > 2048);
            QVERIFY(distance(gradient.is_sparse() ? gradient.to_dense() : gradient, 2 * truth) < 1e-6);
            if (gradient.is_sparse())
                QCOMPARE(gradient.coalesce()._nnz(), int64_t{5}); // 0, 3, 9, 50, 99
        }
    }

    void spareRowsChangeNothing()
    {
        for (const int64_t rows : {1, 64, 65, 72, 1001, 2000, 5000}) {
            QVERIFY(withSpareRows(rows) >= rows && withSpareRows(rows) <= rows + rows / 8);
            QCOMPARE(withSpareRows(withSpareRows(rows)), withSpareRows(rows));
        }
        const auto spare = emptyRows(101, 8, at::TensorOptions(at::kFloat));
        QVERIFY((spare.sizes() == at::IntArrayRef{101, 8}) && spare.is_contiguous());
        QVERIFY((spread(spare).sizes() == at::IntArrayRef{104, 8}));
        QVERIFY(spread(spare).narrow(0, 101, 3).eq(0).all().item<bool>());
        QVERIFY(spread(formula({101, 8}, 0.3)).size(0) == 101); // none behind
        QVERIFY(spread(spare.narrow(0, 0, 100)).size(0) == 104); // the same spare rows serve

        // A layer whose multiplies are large enough for oneDNN, behind a norm that makes spare rows.
        ParameterStore store;
        const ParameterBuilder root(store);
        const auto norm = LayerNorm::create(root / "norm", 512, 1e-12);
        const auto layer = Linear::create(root / "layer", 512, 520);
        initializeParameters(store, "", 3, 0.5);
        const auto x = formula({101, 512}, 0.77, true), y = formula({101, 512}, 0.77, true);
        const auto weights = formula({101, 520}, 2.3);
        const auto grown = [&](const at::Tensor& out, const at::Tensor& in) {
            for (const auto& parameter : store.parameters)
                parameter.tensor.mutable_grad().reset();
            torch::autograd::backward({(out * weights).sum()}, {});
            return std::array{in.grad(), layer.weight.grad(), layer.bias.grad(), norm.weight.grad()};
        };
        const auto out = linear(layerNorm(x, norm), layer, at::kFloat);
        QVERIFY((out.sizes() == at::IntArrayRef{101, 520}));
        QCOMPARE(spread(out).size(0), int64_t{104});
        const auto mine = grown(out, x);
        const auto plain
            = at::layer_norm(y, {512}, norm.weight, norm.bias, 1e-12).matmul(layer.weight.t()) + layer.bias;
        QVERIFY(distance(out, plain) < 1e-5);
        const auto theirs = grown(plain, y);
        for (size_t i = 0; i < mine.size(); ++i)
            QVERIFY2(distance(mine[i], theirs[i]) < 1e-5, std::to_string(i).c_str());
    }

    void batchesFillTheRoomOfTheLongest()
    {
        const std::vector<int64_t> lengths{50, 40, 30, 30, 20, 10, 10, 10, 5, 5};
        const auto length = [&](int64_t i) { return lengths[static_cast<size_t>(i)]; };
        std::vector<int64_t> sizes;
        for (int64_t begin = 0; begin < 10; begin += sizes.back())
            sizes.push_back(rowsWithin(2, begin, 10, length)); // 90 tokens
        QCOMPARE(sizes, (std::vector<int64_t>{2, 4, 4}));
        QCOMPARE(rowsWithin(1, 1, 10, length), int64_t{1});
        QCOMPARE(rowsWithin(100, 0, 10, length), int64_t{10});
        QCOMPARE(rowsWithin(1, 9, 10, length), int64_t{1});
    }

    void linearWithoutBiasAndInputMajorEqualTheirProducts()
    {
        ParameterStore store;
        const ParameterBuilder root(store);
        constexpr std::array<std::string_view, 2> names{"a", "b"};
        constexpr std::array<int64_t, 2> outs{12, 4};
        const auto plain = Linear::createGroup(root, names, 10, outs, Bias::None);
        const auto turned = Linear::createInputMajor(root / "c", 10, 6);
        initializeParameters(store, "", 3, 0.5);
        QCOMPARE(store.parameters.size(), size_t(4));
        QVERIFY((store.parameters[2].tensor.sizes() == at::IntArrayRef{10, 6}));
        const auto x = formula({5, 10}, 0.4, true);
        const auto y = linear(x, plain, at::kFloat), z = linear(x, turned, at::kFloat);
        QVERIFY(
            distance(y, at::cat({x.matmul(plain[0].weight.t()), x.matmul(plain[1].weight.t())}, 1)) < 1e-6);
        QVERIFY(distance(z, x.matmul(turned.weight) + turned.bias) < 1e-6);
        QVERIFY(distance(linearActivation(x, turned, Activation::GeluTanh, at::kFloat), at::gelu(z, "tanh"))
            < 1e-5);
        torch::autograd::backward({y.sum() + (z * z).sum()}, {});
        QVERIFY(distance(plain[1].weight.grad(), x.detach().sum(0).expand({4, 10})) < 1e-6);
        QVERIFY(distance(turned.weight.grad(), x.detach().t().matmul(2 * z.detach())) < 1e-6);
    }

    void groupedLinearEqualsItsParts()
    {
        ParameterStore store;
        const ParameterBuilder root(store);
        constexpr std::array<std::string_view, 3> names{"query", "key", "value"};
        const auto layers = Linear::createGroup(root, names, 40, 24);
        initializeParameters(store, "", 3, 0.5);
        const auto x = formula({19, 40}, 0.77, true);
        for (const auto type : {at::kFloat, at::kBFloat16}) {
            const auto tolerance = type == at::kFloat ? 1e-5 : 2e-2;
            const auto y = linear(x, layers, type);
            QCOMPARE(y.scalar_type(), at::kFloat);
            std::vector<at::Tensor> expected;
            for (const auto& layer : layers)
                expected.push_back(x.matmul(layer.weight.t()) + layer.bias);
            const auto z = at::cat(expected, 1);
            QVERIFY(distance(y, z) < tolerance);
            const auto weights = formula(y.sizes(), 2.3);
            const auto gradients = [&](const at::Tensor& out) {
                x.mutable_grad().reset();
                for (const auto& parameter : store.parameters)
                    parameter.tensor.mutable_grad().reset();
                torch::autograd::backward({(out * weights).sum()}, {});
                std::vector<at::Tensor> all{x.grad().clone()};
                for (const auto& parameter : store.parameters)
                    all.push_back(parameter.tensor.grad().clone());
                return all;
            };
            const auto mine = gradients(y), theirs = gradients(z);
            for (size_t i = 0; i < mine.size(); ++i)
                QVERIFY2(distance(mine[i], theirs[i]) < tolerance, std::to_string(i).c_str());
        }
    }

    void largeProductsEqualLibTorch()
    {
        const auto a = formula({300, 320}, 0.77), b = formula({384, 320}, 1.31), bias = formula({384}, 0.2);
        const auto truth = a.to(at::kDouble).matmul(b.to(at::kDouble).t()) + bias;
        QVERIFY(distance(multiplyTransposed(a, b, bias), truth) < 1e-5);
        const auto gradient = formula({300, 384}, 0.41);
        QVERIFY(
            distance(multiplyTransposed(gradient, b.t()), gradient.to(at::kDouble).matmul(b.to(at::kDouble)))
            < 1e-5);
        QVERIFY(distance(multiplyTransposed(gradient.t(), a.t()),
                    gradient.to(at::kDouble).t().matmul(a.to(at::kDouble)))
            < 1e-5);
    }
};

QTEST_GUILESS_MAIN(TestMatrices)
#include "tst_matrices.moc"
