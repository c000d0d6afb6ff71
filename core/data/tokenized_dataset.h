// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/phase_profile.h"
#include "core/base/task.h"
#include "core/data/dataset.h"
#include "core/text/tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace studio {

struct TokenizeOptions {
    int32_t maxLength = 512;
    TruncationStrategy truncation = TruncationStrategy::LongestFirst;
    int threads = 0; ///< 0: all cores
    std::filesystem::path cacheFolder = {}; ///< empty: no cache
    PhaseProfile* profile = nullptr; ///< records the blocks of all threads
};

/// What a model reads for a row.
[[nodiscard]] TokenIds tokenizeRow(
    const Dataset& dataset, const Tokenizer& tokenizer, const TokenizeOptions& options, int64_t row);

/// Token ids of all rows of a dataset, made by several threads and kept in a cache file (memory-mapped) under
/// a key of data content, mapping, cleaning, tokeniser and length. Immutable; any thread.
class TokenizedDataset {
public:
    [[nodiscard]] static std::shared_ptr<const TokenizedDataset> create(const Dataset& dataset,
        const Tokenizer& tokenizer, const TokenizeOptions& options, const TaskControl& control = {});
    ~TokenizedDataset();

    [[nodiscard]] int64_t size() const;
    [[nodiscard]] std::span<const int32_t> ids(int64_t index) const;
    [[nodiscard]] std::span<const uint8_t> typeIds(int64_t index) const;
    [[nodiscard]] int32_t length(int64_t index) const;
    [[nodiscard]] bool truncated(int64_t index) const;
    [[nodiscard]] int64_t truncatedCount() const;
    [[nodiscard]] int64_t tokenCount() const;
    [[nodiscard]] int64_t unknownTokenCount() const;
    [[nodiscard]] bool fromCache() const;
    [[nodiscard]] const LengthStatistics&
    lengths() const; ///< in tokens, after truncation, special tokens included

private:
    struct State;
    explicit TokenizedDataset(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace studio
