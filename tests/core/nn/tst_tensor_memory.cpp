// SPDX-License-Identifier: MIT
#include "core/base/kept_memory.h"
#include "core/nn/tensor_memory.h"
#include "core/nn/torch_errors.h"

#include <random>
#include <thread>

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linear.h>

#include <QTest>

using namespace studio;

/// Asked for more than there is, the sanitizer's malloc answers as the C library's does.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options()
{
    return "allocator_may_return_null=1";
}

class TestTensorMemory : public QObject {
    Q_OBJECT

    static const void* address(const at::Tensor& tensor) { return tensor.const_data_ptr(); }

private Q_SLOTS:
    void initTestCase() { reuseTensorMemory(); }

    void tensorsOfEverySizeAreAligned()
    {
        std::vector<at::Tensor> kept;
        for (int64_t count : {1, 2, 15, 16, 17, 1000, 4096, 1'000'003}) {
            kept.push_back(at::full({count}, static_cast<double>(count), at::kFloat));
            QCOMPARE(reinterpret_cast<uintptr_t>(address(kept.back())) % 64, uintptr_t{0});
        }
        for (const auto& tensor : kept) // none has written into another
            QCOMPARE(tensor.min().item<double>() + tensor.max().item<double>(), 2.0 * tensor.numel());
        QCOMPARE(at::empty({0}, at::kFloat).numel(), int64_t{0});
        auto grown = at::empty({0}, at::kFloat).resize_({5000});
        grown.fill_(1);
        QCOMPARE(grown.sum().item<double>(), 5000.0);
    }

    void aFreedBlockServesTheNextTensorOfItsSize()
    {
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
        const KeptMemory memory;
        constexpr int64_t count = 3'000'000;
        std::vector<at::Tensor> tensors;
        for (int i = 0; i < 9; ++i)
            tensors.push_back(at::empty({count}, at::kFloat));
        // Every second one goes, as what a layer makes beside what it keeps.
        std::vector<const void*> gaps;
        for (size_t i = 1; i < 8; i += 2) {
            gaps.push_back(address(tensors[i]));
            tensors[i].reset();
        }
        for (size_t i = 1; i < 8; i += 2) {
            tensors[i] = at::empty({count}, at::kFloat);
            QVERIFY(std::ranges::count(gaps, address(tensors[i])) == 1);
        }
#else
        QSKIP("This allocator keeps freed blocks back.");
#endif
    }

    void operatorsThatAskTheAllocatorThemselvesWork()
    {
        // oneDNN's scratch memory comes from it too.
        for (int turn = 0; turn < 3; ++turn) {
            const auto y = at::linear(at::full({130 + turn, 512}, 0.5), at::full({700, 512}, 2.0));
            QCOMPARE(y.min().item<double>(), 512.0);
            QCOMPARE(y.max().item<double>(), 512.0);
        }
    }

    void whatCannotBeHadIsSaidAsLackOfMemory()
    {
        QVERIFY(!fitsIntoMemory([] { static_cast<void>(at::empty({int64_t{1} << 52}, at::kFloat)); }));
    }

    void tensorsMayBeFreedByAnotherThread()
    {
        std::vector<std::jthread> threads;
        for (unsigned seed = 0; seed < 4; ++seed)
            threads.emplace_back([seed] {
                std::mt19937 random(seed);
                std::vector<at::Tensor> tensors(16);
                for (int turn = 0; turn < 400; ++turn) {
                    auto& place = tensors[random() % tensors.size()];
                    place = at::full({static_cast<int64_t>(random() % 20'000)}, 1.0);
                    if (turn % 50 == 0) {
                        std::jthread([taken = std::move(tensors)]() mutable { taken.clear(); }).join();
                        tensors = std::vector<at::Tensor>(16);
                    }
                }
            });
    }
};

QTEST_APPLESS_MAIN(TestTensorMemory)
#include "tst_tensor_memory.moc"
