// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/arguments.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace studio {

/// Which rows of the training part make which batch and which step: a function of settings, seed and the
/// rows' lengths alone. A batch holds per_device_train_batch_size rows. With max_tokens_per_batch it holds
/// the next rows of the epoch's order up to the first that would exceed the budget, a longer row alone; the
/// epochs of a shuffled run then differ in their number of batches.
class BatchPlan {
public:
    BatchPlan() = default;
    /// `lengths`: tokens of each row; needed with max_tokens_per_batch and group_by_length alone.
    BatchPlan(const TrainingArguments& arguments, int64_t rows, std::vector<int32_t> lengths);

    struct Window {
        int64_t epoch = 0, first = 0, last = 0; ///< batches [first, last) of the epoch
    };
    /// The batches of a step (from 1): gradient_accumulation_steps of them, fewer at the end of an epoch.
    [[nodiscard]] Window windowOf(int64_t step) const;
    /// Positions of a batch's rows. Valid until a batch of another epoch is asked for.
    [[nodiscard]] std::span<const int64_t> rowsOf(int64_t epoch, int64_t batch) const;
    [[nodiscard]] int64_t stepsIn(int64_t epoch) const;
    /// Epochs done after so many steps, in batches.
    [[nodiscard]] double epochAfter(int64_t step) const;
    [[nodiscard]] bool endsEpoch(int64_t step) const;
    /// max_steps of `arguments`, else the steps of its num_train_epochs. Whatever else it says is not looked
    /// at.
    [[nodiscard]] int64_t totalSteps(const TrainingArguments& arguments) const;

private:
    struct Order {
        int64_t epoch = -1;
        std::vector<int64_t> rows;
        std::vector<int64_t> starts; ///< of the batches in `rows`, and the end
    };
    [[nodiscard]] Order makeOrder(int64_t epoch) const;
    [[nodiscard]] int64_t batchesIn(int64_t epoch) const;
    void planUpTo(int64_t epoch) const;
    /// Epoch of the step that follows `done` steps, and the steps of that epoch before it.
    [[nodiscard]] std::pair<int64_t, int64_t> placeAfter(int64_t done) const;

    TrainingArguments m_arguments;
    int64_t m_rows = 0;
    std::vector<int32_t> m_lengths;
    bool m_alike = true; ///< every epoch has as many batches as the first
    // filled when asked for
    mutable Order m_order; ///< of the epoch last asked for
    mutable std::vector<int64_t> m_batches; ///< of each epoch; where all are alike, of the first
    mutable std::vector<int64_t> m_stepsBefore = {0}; ///< each epoch, and behind the last one known
};

} // namespace studio
