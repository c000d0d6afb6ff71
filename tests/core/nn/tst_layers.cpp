// SPDX-License-Identifier: MIT
// The CPU kernels against LibTorch's own operators, values and gradients, and every dropout site.
#include "core/nn/attention.h"
#include "core/nn/checkpointing.h"
#include "core/nn/cpu_kernels.h"
#include "core/nn/device_copy.h"
#include "core/nn/gated_activation.h"
#include "core/nn/layer_norm.h"
#include "core/nn/linear.h"
#include "core/nn/packed_batch.h"
#include "core/nn/parallel.h"
#include "core/nn/rms_norm.h"
#include "core/nn/rotary.h"
#include "tests/core/nn/formula_tensors.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <latch>
#include <set>
#include <thread>

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/gelu_backward.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <QTest>

using namespace studio;

namespace {

SequenceLayout layoutOf(std::vector<int64_t> lengths)
{
    SequenceLayout layout;
    layout.starts = {0};
    for (const auto length : lengths) {
        layout.starts.push_back(layout.starts.back() + length);
        layout.maxLength = std::max(layout.maxLength, length);
    }
    return layout;
}

/// Dense attention, sequence by sequence, in double precision.
at::Tensor denseAttention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
    const SequenceLayout& layout, int64_t heads, bool single)
{
    std::vector<at::Tensor> outputs;
    for (int64_t i = 0; i < layout.count(); ++i) {
        const auto rows = [&](const at::Tensor& x, int64_t start, int64_t length) {
            return x.narrow(0, start, length).to(at::kDouble).view({length, heads, -1}).transpose(0, 1);
        };
        const auto start = layout.starts[size_t(i)], length = layout.length(i);
        outputs.push_back(
            at::scaled_dot_product_attention(rows(query, single ? i : start, single ? 1 : length),
                rows(key, start, length), rows(value, start, length))
                .transpose(0, 1)
                .flatten(1));
    }
    return at::cat(outputs);
}

constexpr double g_dropped = 0.2;

/// |share − p| within three standard deviations.
bool shareFits(int64_t zeros, int64_t count, double probability)
{
    return std::abs(double(zeros) / double(count) - probability)
        <= 3 * std::sqrt(probability * (1 - probability) / double(count));
}

DropoutSite site(uint64_t key)
{
    return {.probability = g_dropped, .key = key * 0x9e3779b97f4a7c15ULL};
}

} // namespace

class TestLayers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyInstructionSetGivesTheSameNumbers()
    {
        const CpuKernels* tables[3];
        const int count = cpuKernelTables(tables);
        QVERIFY(count >= 1);
        const auto x = at::linspace(-12, 12, 4999, at::TensorOptions(at::kFloat));
        for (int t = 0; t < count; ++t) {
            for (const bool tanh : {false, true}) {
                auto derivative = x.clone(), y = at::empty_like(x);
                (tanh ? tables[t]->geluTanh : tables[t]->gelu)(
                    derivative.data_ptr<float>(), y.data_ptr<float>(), x.numel(), true);
                const auto mode = tanh ? "tanh" : "none";
                const auto truth = at::gelu(x.to(at::kDouble), mode);
                const auto slope
                    = at::gelu_backward(at::ones_like(x).to(at::kDouble), x.to(at::kDouble), mode);
                QVERIFY2((y.to(at::kDouble) - truth).abs().max().item<double>() < 2e-6, tables[t]->name);
                QVERIFY2(
                    (derivative.to(at::kDouble) - slope).abs().max().item<double>() < 2e-6, tables[t]->name);
            }
            // masks are the same whatever the width of a register
            const auto ones = at::ones({7, 37});
            auto mine = at::empty_like(ones), plain = at::empty_like(ones);
            const DropoutMask mask{.key = 77, .threshold = 1U << 30, .scale = 2};
            tables[t]->dropout(ones.data_ptr<float>(), mine.data_ptr<float>(), 3, 7, 37, mask);
            tables[0]->dropout(ones.data_ptr<float>(), plain.data_ptr<float>(), 3, 7, 37, mask);
            QVERIFY2(mine.equal(plain), tables[t]->name);
            for (const int64_t rows : {1, 16, 37}) {
                const auto square = formula({rows, 35}, 0.7);
                for (const int64_t spare : {0, 3}) {
                    const auto width = rows + spare;
                    auto turned = at::ones({35, width});
                    for (const auto& [first, last] : {std::pair{0, 16}, {16, 35}})
                        tables[t]->transpose(
                            square.data_ptr<float>(), turned.data_ptr<float>(), rows, 35, width, first, last);
                    QVERIFY2(turned.narrow(1, 0, rows).equal(square.t()), tables[t]->name);
                    QVERIFY2(turned.narrow(1, rows, spare).eq(0).all().item<bool>(), tables[t]->name);
                }
            }
            for (const int64_t rows : {1, 3, 4, 7, 16, 23}) {
                for (const int64_t inner : {5, 16, 37}) {
                    const auto a = formula({rows, inner}, 0.7), b = formula({11, inner}, 1.3),
                               bias = formula({11}, 0.2);
                    auto out = at::ones({rows, 11});
                    tables[t]->linearRows(a.data_ptr<float>(), b.data_ptr<float>(), bias.data_ptr<float>(),
                        out.data_ptr<float>(), rows, inner, 11, 0, 8);
                    tables[t]->linearRows(a.data_ptr<float>(), b.data_ptr<float>(), bias.data_ptr<float>(),
                        out.data_ptr<float>(), rows, inner, 11, 8, 11);
                    QVERIFY2(distance(out, a.to(at::kDouble).matmul(b.to(at::kDouble).t()) + bias) < 1e-5,
                        tables[t]->name);
                }
            }
        }
    }

    void extremeInputsStayFinite()
    {
        const auto x = formula({3, 7}, 0.3) * 1e30;
        for (const auto activation : {Activation::Gelu, Activation::GeluTanh}) {
            auto in = x.clone(), y = at::empty_like(x);
            (activation == Activation::Gelu ? cpuKernels().gelu : cpuKernels().geluTanh)(
                in.data_ptr<float>(), y.data_ptr<float>(), x.numel(), false);
            QVERIFY(y.isfinite().all().item<bool>());
        }
        // scores far apart: the softmax is one-hot
        const auto packed = formula({5, 3 * 8}, 0.7) * 1e4;
        QVERIFY(packedSelfAttention(packed, layoutOf({5}), 2, {}).isfinite().all().item<bool>());
    }

    void normEqualsLibTorch_data()
    {
        QTest::addColumn<int>("columns");
        for (const int columns : {1, 3, 16, 24, 37, 384})
            QTest::newRow(std::to_string(columns).c_str()) << columns;
    }

    void normEqualsLibTorch()
    {
        QFETCH(int, columns);
        const auto build = [&] {
            return std::array{formula({11, columns}, 0.7, true), formula({11, columns}, 1.3, true),
                formula({columns}, 0.2, true), formula({columns}, 0.4, true)};
        };
        const auto mine = build(), theirs = build();
        const auto weights = formula({11, columns}, 2.1);
        LayerNorm norm;
        norm.weight = mine[2];
        norm.bias = mine[3];
        norm.epsilon = 1e-5;
        const auto y = residualLayerNorm(mine[0], mine[1], norm, {});
        const auto z = at::layer_norm((theirs[0] + theirs[1]).to(at::kDouble), {columns},
            theirs[2].to(at::kDouble), theirs[3].to(at::kDouble), 1e-5);
        QVERIFY(distance(y, z) < 1e-5);
        torch::autograd::backward({(y * weights).sum()}, {});
        torch::autograd::backward({(z * weights).sum()}, {});
        if (columns < 3)
            return; // a single column is constant: its gradient is rounding noise
        for (size_t i = 0; i < mine.size(); ++i)
            QVERIFY2(distance(mine[i].grad(), theirs[i].grad()) < 1e-4, std::to_string(i).c_str());
    }

    void rmsNormEqualsItsFormula()
    {
        for (const int64_t columns : {3, 16, 37}) {
            for (const double offset : {0.0, 1.0}) {
                RmsNorm norm{.weight = formula({columns}, 0.3, true), .epsilon = 1e-5, .offset = offset};
                const auto x = formula({2, 9, columns}, 0.7, true), y = rmsNorm(x, norm);
                const auto z = x.detach().to(at::kDouble).requires_grad_(true);
                const auto weight = norm.weight.detach().to(at::kDouble).requires_grad_(true);
                const auto truth = z * at::rsqrt((z * z).mean(-1, true) + 1e-5) * (weight + offset);
                const auto weights = formula(y.sizes(), 2.3);
                QVERIFY(distance(y, truth) < 1e-6);
                torch::autograd::backward({(y * weights).sum()}, {});
                torch::autograd::backward({(truth * weights).sum()}, {});
                QVERIFY(distance(x.grad(), z.grad()) < 1e-5);
                QVERIFY(distance(norm.weight.grad(), weight.grad()) < 1e-5);
            }
        }
    }

    /// Where no CPU kernel does it, as on a GPU.
    void rmsNormByLibTorchEqualsItsFormula()
    {
        ParameterStore store;
        for (const double offset : {0.0, 1.0}) {
            auto norm = RmsNorm::create(ParameterBuilder(store), 24, 1e-5, offset);
            initializeParameters(store, "", 3, 0.5);
            const auto x = formula({5, 3, 24}, 0.77, true).to(at::kBFloat16);
            const auto y = rmsNorm(x, norm);
            QCOMPARE(y.scalar_type(), at::kFloat);
            const auto wide = x.to(at::kFloat);
            const auto rstd = at::rsqrt((wide * wide).mean(-1, true) + 1e-5);
            QVERIFY(distance(y, wide * rstd * (norm.weight + offset)) < 1e-6);
            torch::autograd::backward({y.sum()}, {});
            QVERIFY(norm.weight.grad().defined());
        }
    }

    /// Halves keep neither the position 4001 nor the sine of its angle; angles are fp32 all the same.
    void rotaryOfHalvesTurnsByExactAngles()
    {
        PackedBatch batch;
        batch.layout = layoutOf({4100});
        batch.positionIds = at::arange(4100);
        RotaryParameters parameters;
        parameters.size = 8;
        const auto angles = rotaryAngles(parameters, batch);
        const auto x = formula({4100, 2 * 8 + 3}, 0.7).to(at::kBFloat16);
        const auto y = applyRotary(x, angles, 2, 8), z = applyRotary(x.to(at::kFloat), angles, 2, 8);
        QCOMPARE(y.scalar_type(), at::kBFloat16);
        QVERIFY(distance(y, z) < 3e-3); // the rounding of the result alone
    }

    void gatedActivationEqualsItsParts()
    {
        for (const auto activation :
            {Activation::Silu, Activation::Gelu, Activation::GeluTanh, Activation::Relu2}) {
            const auto x = (formula({7, 2 * 21}, 0.7) * 6).requires_grad_(true);
            const auto z = x.detach().to(at::kDouble).requires_grad_(true);
            const auto y = gatedActivation(x, activation);
            const auto parts = z.chunk(2, 1);
            const auto truth = applyActivation(activation, parts[0]) * parts[1];
            const auto weights = formula(y.sizes(), 2.3);
            QVERIFY(distance(y, truth) < 2e-6);
            torch::autograd::backward({(y * weights).sum()}, {});
            torch::autograd::backward({(truth * weights).sum()}, {});
            QVERIFY(distance(x.grad(), z.grad()) < 2e-6);
        }
    }

    void rotaryTurnsPairsAndPassesTheRest()
    {
        PackedBatch batch;
        batch.layout = layoutOf({2, 5});
        batch.positionIds = at::cat({at::arange(2), at::arange(5)});
        RotaryParameters parameters;
        parameters.size = 6;
        parameters.theta = 100;
        const auto angles = rotaryAngles(parameters, batch);
        constexpr int64_t heads = 3, headSize = 10;
        const auto x = formula({7, heads * headSize + 4}, 0.7, true);
        const auto y = applyRotary(x, angles, heads, headSize);
        const auto* in = x.const_data_ptr<float>();
        for (int64_t t = 0; t < 7; ++t) {
            for (int64_t column = 0; column < x.size(1); ++column) {
                const auto inHead = column % headSize;
                double expected = in[t * x.size(1) + column];
                if (column < heads * headSize && inHead < 6) {
                    const auto pair = inHead < 3 ? column + 3 : column - 3;
                    const double angle = double(t < 2 ? t : t - 2) * std::pow(100, -double(inHead % 3) / 3);
                    expected = expected * std::cos(angle)
                        + in[t * x.size(1) + pair] * std::sin(angle) * (inHead < 3 ? -1 : 1);
                }
                QVERIFY(std::abs(y[t][column].item<double>() - expected) < 1e-6);
            }
        }
        // a turn is undone by its gradient; the same by LibTorch's operators
        torch::autograd::backward({y}, {y.detach()});
        QVERIFY(distance(x.grad(), x) < 1e-6);
        QVERIFY(distance(y, applyRotary(x.to(at::kDouble), angles, heads, headSize)) < 1e-6);
    }

    void attentionEqualsDense_data()
    {
        QTest::addColumn<QList<int>>("lengths");
        QTest::addColumn<int>("headSize");
        QTest::newRow("mixed") << QList<int>{1, 2, 7, 7, 33} << 8;
        QTest::newRow("odd head size") << QList<int>{3, 16, 17} << 5;
        QTest::newRow("wide head") << QList<int>{4, 40} << 64;
        QTest::newRow("long") << QList<int>{1, 131} << 16;
        QTest::newRow("one token") << QList<int>{1} << 32;
    }

    void attentionEqualsDense()
    {
        QFETCH(QList<int>, lengths);
        QFETCH(int, headSize);
        constexpr int64_t heads = 3;
        const auto layout = layoutOf({lengths.begin(), lengths.end()});
        const auto width = heads * headSize;
        for (const bool single : {false, true}) {
            const auto build = [&] {
                return std::array{formula({single ? layout.count() : layout.tokens(), width}, 0.9, true),
                    formula({layout.tokens(), width}, 1.7, true),
                    formula({layout.tokens(), width}, 0.31, true)};
            };
            const auto mine = build(), theirs = build();
            const auto y = single
                ? packedSingleQueryAttention(mine[0], at::cat({mine[1], mine[2]}, 1), layout, heads, {})
                : packedSelfAttention(at::cat({mine[0], mine[1], mine[2]}, 1), layout, heads, {});
            const auto z = denseAttention(theirs[0], theirs[1], theirs[2], layout, heads, single);
            QVERIFY(distance(y, z) < 1e-5);
            const auto weights = formula(y.sizes(), 2.3);
            torch::autograd::backward({(y * weights).sum()}, {});
            torch::autograd::backward({(z * weights).sum()}, {});
            const auto all = theirs[2].grad().norm().item<double>();
            for (size_t i = 0; i < mine.size(); ++i) {
                const auto error = (mine[i].grad() - theirs[i].grad()).norm().item<double>();
                QVERIFY2(error <= 1e-4 * std::max(theirs[i].grad().norm().item<double>(), 1e-2 * all),
                    std::to_string(error).c_str());
            }
        }
    }

    void attentionRecipesEqualDenseOnes_data()
    {
        QTest::addColumn<AttentionRecipe>("recipe");
        QTest::newRow("causal") << AttentionRecipe::causal(4);
        QTest::newRow("one key head") << AttentionRecipe::causal(4, 1);
        QTest::newRow("window") << AttentionRecipe::causal(4, 2, 5);
        QTest::newRow("window of one") << AttentionRecipe::causal(4, 4, 1);
        QTest::newRow("wide window") << AttentionRecipe::causal(4, 2, 40);
        QTest::newRow("symmetric window") << AttentionRecipe{.headCount = 4, .before = 3, .after = 3};
        QTest::newRow("soft cap") << AttentionRecipe{.headCount = 4, .after = 0, .softCap = 1.5};
        QTest::newRow("scale") << AttentionRecipe{
            .headCount = 4, .keyValueHeadCount = 2, .scale = 0.11, .softCap = 3};
    }

    /// Against LibTorch's operators in double precision.
    void attentionRecipesEqualDenseOnes()
    {
        QFETCH(AttentionRecipe, recipe);
        constexpr int64_t headSize = 6;
        const auto layout = layoutOf({1, 2, 9, 9, 33, 70});
        const auto keyWidth = 2 * recipe.keyValueHeads() * headSize, width = recipe.headCount * headSize;
        const auto mine = formula({layout.tokens(), width + keyWidth}, 0.9, true);
        const auto theirs = mine.detach().to(at::kDouble).requires_grad_(true);
        const auto y = packedSelfAttention(mine, layout, recipe, {});
        const auto z = packedSelfAttention(theirs, layout, recipe, {});
        QVERIFY2(distance(y, z) < 1e-5, std::to_string(distance(y, z)).c_str());
        const auto weights = formula(y.sizes(), 2.3);
        torch::autograd::backward({(y * weights).sum()}, {});
        torch::autograd::backward({(z * weights).sum()}, {});
        QVERIFY2(distance(mine.grad(), theirs.grad()) < 1e-5,
            std::to_string(distance(mine.grad(), theirs.grad())).c_str());

        // one query a sequence: the rows of the whole answer
        const std::vector<int64_t> positions{0, 1, 4, 8, 12, 69};
        std::vector<int64_t> rows;
        for (size_t i = 0; i < positions.size(); ++i)
            rows.push_back(layout.starts[i] + positions[i]);
        const auto indices = at::tensor(at::ArrayRef<int64_t>(rows), at::TensorOptions(at::kLong));
        for (const bool kernels : {true, false}) {
            const auto source = (kernels ? mine.detach() : theirs.detach()).clone().requires_grad_(true);
            const auto parts = source.split_with_sizes({width, keyWidth}, 1);
            const auto single = packedSingleQueryAttention(
                parts[0].index_select(0, indices), parts[1], layout, positions, recipe, {});
            QVERIFY(distance(single, z.detach().index_select(0, indices)) < 1e-5);
            torch::autograd::backward({(single * single).sum()}, {});
            theirs.mutable_grad().reset();
            const auto whole = packedSelfAttention(theirs, layout, recipe, {}).index_select(0, indices);
            torch::autograd::backward({(whole * whole).sum()}, {});
            QVERIFY2(distance(source.grad(), theirs.grad()) < 1e-5, kernels ? "kernels" : "operators");
        }
    }

    void attentionToOtherSequencesEqualsDense()
    {
        constexpr int64_t heads = 3, headSize = 6, width = heads * headSize;
        const auto queries = layoutOf({3, 1, 5, 5, 40}), keys = layoutOf({2, 9, 9, 33, 1}); // any order
        const AttentionRecipe recipe{.headCount = heads, .scale = 0.7};
        const auto query = formula({queries.tokens(), width}, 0.9, true);
        const auto keyValue = formula({keys.tokens(), 2 * width}, 1.7, true);
        const auto y = packedCrossAttention(query, queries, keyValue, keys, recipe, {});
        const auto otherQuery = query.detach().to(at::kDouble).requires_grad_(true);
        const auto otherKeyValue = keyValue.detach().to(at::kDouble).requires_grad_(true);
        const auto z = packedCrossAttention(otherQuery, queries, otherKeyValue, keys, recipe, {});
        QVERIFY(distance(y, z) < 1e-5);
        for (int64_t i = 0; i < queries.count(); ++i) { // each sequence by itself
            const auto rows = [&](const at::Tensor& x, const SequenceLayout& layout) {
                return x.narrow(0, layout.starts[size_t(i)], layout.length(i))
                    .view({layout.length(i), heads, -1})
                    .transpose(0, 1);
            };
            const auto dense = at::scaled_dot_product_attention(rows(otherQuery, queries),
                rows(otherKeyValue.narrow(1, 0, width).contiguous(), keys),
                rows(otherKeyValue.narrow(1, width, width).contiguous(), keys), {}, 0, false, 0.7);
            QVERIFY(distance(y.narrow(0, queries.starts[size_t(i)], queries.length(i)),
                        dense.transpose(0, 1).flatten(1))
                < 1e-5);
        }
        const auto weights = formula(y.sizes(), 2.3);
        torch::autograd::backward({(y * weights).sum()}, {});
        torch::autograd::backward({(z * weights).sum()}, {});
        QVERIFY(distance(query.grad(), otherQuery.grad()) < 1e-5);
        QVERIFY(distance(keyValue.grad(), otherKeyValue.grad()) < 1e-5);
        const auto dropped = [&](uint64_t key) {
            return packedCrossAttention(query, queries, keyValue, keys, recipe, site(key)).detach();
        };
        QVERIFY(dropped(1).equal(dropped(1)) && !dropped(1).equal(dropped(2)));
    }

    void biasesByDistanceAreAddedToTheScores_data()
    {
        QTest::addColumn<bool>("causal");
        QTest::newRow("both sides") << false;
        QTest::newRow("causal") << true;
    }

    void biasesByDistanceAreAddedToTheScores()
    {
        QFETCH(bool, causal);
        constexpr int64_t heads = 3, headSize = 5, width = heads * headSize, reach = 75;
        const auto layout = layoutOf({1, 2, 9, 9, 33, 70});
        AttentionRecipe recipe{.headCount = heads, .after = causal ? 0 : -1, .scale = 0.9};
        const auto mine = formula({layout.tokens(), 3 * width}, 0.9, true);
        const auto bias = formula({heads, 2 * reach - 1}, 1.3, true);
        const auto y = packedSelfAttention(mine, layout, recipe, {}, bias);

        // the definition, in double precision
        const auto theirs = mine.detach().to(at::kDouble).requires_grad_(true);
        const auto theirBias = bias.detach().to(at::kDouble).requires_grad_(true);
        std::vector<at::Tensor> outputs;
        for (int64_t i = 0; i < layout.count(); ++i) {
            const auto length = layout.length(i);
            const auto parts = theirs.narrow(0, layout.starts[size_t(i)], length)
                                   .view({length, 3, heads, headSize})
                                   .permute({1, 2, 0, 3})
                                   .unbind(0);
            std::vector<at::Tensor> rows; // of the bias, a query each
            for (int64_t query = 0; query < length; ++query)
                rows.push_back(theirBias.narrow(1, reach - 1 - query, length));
            auto scores = at::matmul(parts[0], parts[1].transpose(1, 2)) * 0.9 + at::stack(rows, 1);
            if (causal)
                scores = scores.masked_fill(at::ones({length, length}, at::kBool).triu(1), -1e30);
            outputs.push_back(at::matmul(scores.softmax(2), parts[2]).transpose(0, 1).flatten(1));
        }
        const auto z = at::cat(outputs);
        QVERIFY2(distance(y, z) < 1e-5, std::to_string(distance(y, z)).c_str());
        const auto weights = formula(y.sizes(), 2.3);
        torch::autograd::backward({(y * weights).sum()}, {});
        torch::autograd::backward({(z * weights).sum()}, {});
        QVERIFY(distance(mine.grad(), theirs.grad()) < 1e-5);
        QVERIFY2(distance(bias.grad(), theirBias.grad()) < 1e-5,
            std::to_string(distance(bias.grad(), theirBias.grad())).c_str());

        // LibTorch's operators, and one query a sequence by either way
        const auto packed = theirs.detach(), table = theirBias.detach();
        QVERIFY(distance(packedSelfAttention(packed, layout, recipe, {}, table), z) < 1e-5);
        const std::vector<int64_t> positions{0, 1, 4, 8, 12, 69};
        std::vector<int64_t> chosen;
        for (size_t i = 0; i < positions.size(); ++i)
            chosen.push_back(layout.starts[i] + positions[i]);
        const auto indices = at::tensor(at::ArrayRef<int64_t>(chosen), at::TensorOptions(at::kLong));
        for (const bool kernels : {true, false}) {
            const auto source = kernels ? mine.detach() : packed;
            const auto column = (kernels ? bias.detach() : table).clone().requires_grad_(true);
            const auto single
                = packedSingleQueryAttention(source.narrow(1, 0, width).index_select(0, indices),
                    source.narrow(1, width, 2 * width), layout, positions, recipe, {}, column);
            QVERIFY(distance(single, z.detach().index_select(0, indices)) < 1e-5);
            torch::autograd::backward({(single * single).sum()}, {});
            const auto again = table.clone().requires_grad_(true);
            const auto whole
                = packedSelfAttention(packed, layout, recipe, {}, again).index_select(0, indices);
            torch::autograd::backward({(whole * whole).sum()}, {});
            QVERIFY2(distance(column.grad(), again.grad()) < 1e-5, kernels ? "kernels" : "operators");
        }
    }

    void attentionDropoutHasTheRightShareScaleAndGradient()
    {
        // With the identity as values, the output is the matrix of dropped-out probabilities.
        constexpr int64_t length = 64, heads = 2, width = length * heads;
        const auto layout = layoutOf({length});
        const auto query = formula({length, width}, 0.9), key = formula({length, width}, 1.7);
        const auto value = at::eye(length).repeat({1, heads});
        const auto packed = at::cat({query, key, value}, 1);
        const auto plain = packedSelfAttention(packed, layout, heads, {});
        const auto dropped = packedSelfAttention(packed, layout, heads, site(1));
        const auto zeros = (dropped == 0).sum().item<int64_t>();
        QVERIFY2(shareFits(zeros, dropped.numel(), g_dropped), std::to_string(zeros).c_str());
        const auto ratio = (dropped / plain).masked_select(dropped != 0);
        QVERIFY((ratio - 1 / (1 - g_dropped)).abs().max().item<double>() < 1e-4);
        QVERIFY(!dropped.equal(packedSelfAttention(packed, layout, heads, site(2))));
        QVERIFY(dropped.equal(packedSelfAttention(packed, layout, heads, site(1))));
        // heads do not share a mask
        QVERIFY(!(dropped.narrow(1, 0, length) == 0).equal(dropped.narrow(1, length, length) == 0));

        // gradient under a fixed mask against a central difference along one direction
        const auto small = at::cat({formula({9, 6}, 0.9), formula({9, 6}, 1.7), formula({9, 6}, 0.4)}, 1);
        const auto weights = formula({9, 6}, 2.3), direction = formula({9, 18}, 3.7);
        const auto loss = [&](const at::Tensor& x) {
            return (packedSelfAttention(x, layoutOf({2, 7}), 2, site(3)).to(at::kDouble) * weights).sum();
        };
        const auto variable = small.clone().requires_grad_(true);
        torch::autograd::backward({loss(variable)}, {});
        const double step = 1e-2;
        const auto slope
            = (loss(small + direction * step) - loss(small - direction * step)).item<double>() / (2 * step);
        const auto expected = (variable.grad() * direction).sum().item<double>();
        QVERIFY2(std::abs(slope - expected) <= 2e-3 * std::max(1.0, std::abs(expected)),
            qPrintable(QStringLiteral("%1 against %2").arg(slope).arg(expected)));
    }

    void plainDropoutHasTheRightShareScaleAndGradient()
    {
        const auto x = at::ones({200, 385}).requires_grad_(true);
        const auto y = dropout(x, site(5));
        const auto zeros = (y == 0).sum().item<int64_t>();
        QVERIFY2(shareFits(zeros, y.numel(), g_dropped), std::to_string(zeros).c_str());
        QVERIFY((y.masked_select(y != 0) - 1 / (1 - g_dropped)).abs().max().item<double>() < 1e-6);
        torch::autograd::backward({y.sum()}, {});
        QVERIFY(x.grad().equal(y));
        QVERIFY(!y.equal(dropout(x, site(6))));
        QVERIFY(dropout(x, {}).equal(x));
        // no row or column is favoured
        const auto perColumn = (y == 0).sum(0).to(at::kDouble) / 200;
        QVERIFY(
            perColumn.max().item<double>() < g_dropped + 5 * std::sqrt(g_dropped * (1 - g_dropped) / 200));
        QVERIFY(
            perColumn.min().item<double>() > g_dropped - 5 * std::sqrt(g_dropped * (1 - g_dropped) / 200));
    }

    void residualDropoutHasTheRightShareAndScale()
    {
        const auto x = formula({150, 96}, 0.9, true), residual = formula({150, 96}, 0.3, true);
        LayerNorm norm;
        norm.weight = at::ones({96});
        norm.bias = at::zeros({96});
        const auto weights = formula({150, 96}, 2.3);
        torch::autograd::backward({(residualLayerNorm(x, residual, norm, site(9)) * weights).sum()}, {});
        const auto zeros = (x.grad() == 0).sum().item<int64_t>();
        QVERIFY2(shareFits(zeros, x.numel(), g_dropped), std::to_string(zeros).c_str());
        const auto ratio = (x.grad() / residual.grad()).masked_select(x.grad() != 0);
        QVERIFY((ratio - 1 / (1 - g_dropped)).abs().max().item<double>() < 1e-4);
        // the same mask as dropout() makes, so the fused sum equals the plain one
        const auto plain = layerNorm(residual + dropout(x, site(9)), norm);
        QVERIFY(distance(residualLayerNorm(x, residual, norm, site(9)), plain) < 1e-6);
    }

    void sitesStepsAndMicroBatchesHaveTheirOwnKeys()
    {
        std::set<uint64_t> keys;
        for (uint64_t seed = 0; seed < 4; ++seed) {
            for (int64_t step = 0; step < 4; ++step) {
                for (int64_t microBatch = 0; microBatch < 4; ++microBatch) {
                    ForwardContext context{
                        .training = true, .seed = seed, .step = step, .microBatch = microBatch};
                    for (int i = 0; i < 4; ++i)
                        keys.insert(nextDropoutSite(0.1, context).key);
                }
            }
        }
        QCOMPARE(keys.size(), size_t(256));
        ForwardContext training{.training = true};
        QCOMPARE(nextDropoutSite(0.1, training).probability, 0.1);
        ForwardContext evaluation;
        QVERIFY(!nextDropoutSite(0.1, evaluation).active());
    }

    void aCheckpointedLayerKeepsItsInputAlone()
    {
        const auto weight = formula({6, 6}, 0.3, true), frozen = formula({6, 6}, 0.7);
        int calls = 0;
        c10::weak_intrusive_ptr<c10::StorageImpl> kept = formula({1}, 1).storage().getWeakStorageImpl();
        const LayerFunction layer = [&](const std::vector<at::Tensor>& inputs, ForwardContext& context) {
            ++calls;
            const auto inner = at::matmul(inputs[0], weight).tanh(); // its backward pass keeps what it gives
            kept = inner.storage().getWeakStorageImpl();
            const auto masked = dropout(inner, nextDropoutSite(0.5, context));
            return at::matmul(masked, frozen).add(inputs[1].defined() ? inputs[1] : inputs[0]);
        };
        const auto gradientsOf = [&](bool checkpointLayers, bool second) {
            const auto x = formula({40, 6}, 0.2, true),
                       y = second ? formula({40, 6}, 0.9, true) : at::Tensor();
            ForwardContext context{.training = true, .seed = 1};
            context.checkpointLayers = checkpointLayers;
            weight.mutable_grad().reset();
            calls = 0;
            auto output = checkpointed(layer, {x, y}, context);
            output = checkpointed(layer, {output, {}}, context); // other masks
            if (context.nextDropoutSite != 2 || kept.expired() != checkpointLayers)
                return std::vector<at::Tensor>();
            torch::autograd::backward({output.square().sum()}, {});
            return std::vector{output.detach(), x.grad(), weight.grad(), second ? y.grad() : x.grad()};
        };
        for (const bool second : {false, true}) {
            const auto plain = gradientsOf(false, second);
            QCOMPARE(calls, 2);
            const auto again = gradientsOf(true, second);
            QCOMPARE(calls, 4);
            QCOMPARE(plain.size(), size_t{4});
            QCOMPARE(again.size(), size_t{4});
            for (size_t i = 0; i < plain.size(); ++i)
                QVERIFY(plain[i].equal(again[i]));
        }
        ForwardContext context{.training = true, .checkpointLayers = true};
        weight.requires_grad_(false); // nothing to train: nothing to compute again
        QVERIFY(!checkpointed(layer, {formula({4, 6}, 0.2), {}}, context).requires_grad());
    }

    void partsRunAtTheSameTime()
    {
        const auto threads = at::get_num_threads();
        at::set_num_threads(2);
        std::latch bothBegan(2);
        std::atomic<int> metTheOther = 0;
        forEachPart(2, [&](int64_t, int64_t, int64_t) {
            bothBegan.count_down();
            const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
            while (!bothBegan.try_wait() && std::chrono::steady_clock::now() < end)
                std::this_thread::yield();
            metTheOther += bothBegan.try_wait() ? 1 : 0;
        });
        at::set_num_threads(threads);
        QCOMPARE(metTheOther.load(), 2);
    }

    void aCopyToTheHostArrives()
    {
        const auto figures = formula({3}, 0.3);
        HostCopy copy(figures);
        QVERIFY(copy.get().equal(figures));
        QVERIFY(onDevice(figures, at::kCPU).is_same(figures)); // nothing to copy
    }

    void packingSortsByLengthAndRemembersTheOrder()
    {
        const std::vector<int32_t> one{5}, three{1, 2, 3}, two{8, 9}, twoMore{6, 7};
        const std::vector<uint8_t> types{0, 1, 1};
        const std::vector<SequenceView> views{{three, types}, {two, {}}, {one, {}}, {twoMore, {}}};
        const auto batch = packBatch(views, at::kCPU);
        QCOMPARE(batch.order, (std::vector<int64_t>{2, 1, 3, 0}));
        QCOMPARE(batch.layout.starts, (std::vector<int64_t>{0, 1, 3, 5, 8}));
        QCOMPARE(batch.layout.maxLength, int64_t(3));
        const auto list = [](const at::Tensor& x) {
            return std::vector<int64_t>(x.data_ptr<int64_t>(), x.data_ptr<int64_t>() + x.numel());
        };
        QCOMPARE(list(batch.inputIds), (std::vector<int64_t>{5, 8, 9, 6, 7, 1, 2, 3}));
        QCOMPARE(list(batch.positionIds), (std::vector<int64_t>{0, 0, 1, 0, 1, 0, 1, 2}));
        QCOMPARE(list(batch.tokenTypeIds), (std::vector<int64_t>{0, 0, 0, 0, 0, 0, 1, 1}));
        QCOMPARE(list(batch.firstTokens), (std::vector<int64_t>{0, 1, 3, 5}));
    }

    void freshParametersDependOnSeedAndNameAlone()
    {
        const auto build = [](bool extra) {
            auto store = std::make_unique<ParameterStore>();
            const ParameterBuilder root(*store);
            if (extra)
                root.add("other", {3}, Init::Ones);
            root.add("weight", {200, 300}, Init::Normal);
            root.add("bias", {4}, Init::Zeros);
            return store;
        };
        const auto first = build(false), second = build(true);
        initializeParameters(*first, "", 7, 0.02);
        initializeParameters(*second, "", 7, 0.02);
        const auto weight = first->parameters[0].tensor.detach();
        QVERIFY(weight.equal(second->parameters[1].tensor));
        QVERIFY(std::abs(weight.mean().item<double>()) < 5 * 0.02 / std::sqrt(60000.0));
        QVERIFY(std::abs(weight.std().item<double>() - 0.02) < 0.0005);
        QCOMPARE(first->parameters[1].tensor.abs().sum().item<double>(), 0.0);
        const auto before = weight.clone();
        initializeParameters(*first, "", 8, 0.02);
        QVERIFY(!before.equal(weight));
    }
};

QTEST_GUILESS_MAIN(TestLayers)
#include "tst_layers.moc"
