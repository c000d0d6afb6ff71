// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/task.h"
#include "core/data/tokenized_dataset.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace studio {

/// Ids and type ids of one row: its own, or those of the TokenizedDataset.
class TokenRow {
public:
    TokenRow(std::span<const int32_t> ids, std::span<const uint8_t> typeIds)
        : m_ids(ids)
        , m_typeIds(typeIds)
    {
    }
    TokenRow(std::vector<int32_t> ids, std::vector<uint8_t> typeIds)
        : m_ownIds(std::move(ids))
        , m_ownTypeIds(std::move(typeIds))
        , m_ids(m_ownIds)
        , m_typeIds(m_ownTypeIds)
    {
    }
    TokenRow(TokenRow&&) = default; // what the spans point to moves along
    TokenRow& operator=(TokenRow&&) = delete;
    [[nodiscard]] std::span<const int32_t> ids() const { return m_ids; }
    [[nodiscard]] std::span<const uint8_t> typeIds() const { return m_typeIds; }

private:
    std::vector<int32_t> m_ownIds;
    std::vector<uint8_t> m_ownTypeIds;
    std::span<const int32_t> m_ids;
    std::span<const uint8_t> m_typeIds;
};

/// The tokens of a dataset from the moment when tokenising begins: a thread of its own, of a lower priority,
/// makes the TokenizedDataset, and rows wanted before that is done are tokenised where they are wanted, with
/// the same result. Belongs to one thread.
class TokenSupply {
public:
    TokenSupply(std::shared_ptr<const Dataset> dataset, std::shared_ptr<const Tokenizer> tokenizer,
        TokenizeOptions options);
    /// Gives up what is not done.
    ~TokenSupply();

    /// Waits so long at most; whether all rows are tokenised, or tokenising has failed.
    [[nodiscard]] bool readyWithin(std::chrono::milliseconds time) const;
    [[nodiscard]] Progress progress() const; ///< in rows
    /// All tokens; waits for them, and throws what tokenising threw.
    [[nodiscard]] const TokenizedDataset& whole() const;
    /// Does not wait. Safe from many threads at once.
    [[nodiscard]] TokenRow row(int64_t index) const;

private:
    [[nodiscard]] TokenRow make(int64_t index) const;

    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    TokenizeOptions m_options;
    std::atomic<int64_t> m_done = 0; ///< rows
    std::shared_future<std::shared_ptr<const TokenizedDataset>> m_whole;
    std::jthread m_thread; ///< last: stopped and joined first
};

} // namespace studio
