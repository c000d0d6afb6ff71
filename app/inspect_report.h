// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"
#include "core/data/dataset.h"
#include "core/models/checkpoint_info.h"

#include <cstdint>
#include <optional>
#include <string>

namespace studio::app {

struct LengthStatistics {
    int64_t minimum = 0, median = 0, percentile95 = 0, maximum = 0;
    double mean = 0;
};

/// Of a file under the tokeniser of a model.
struct TokenStatistics {
    LengthStatistics lengths;
    int64_t maxLength = 0, rowsCut = 0;
    double unknownShare = 0; ///< of the characters
};

/// What `inspect` finds out about a file beyond its table and dataset.
struct FileStatistics {
    ColumnMapping mapping;
    std::optional<LengthStatistics> characters = std::nullopt;
    std::optional<TokenStatistics> tokens = std::nullopt;
};

[[nodiscard]] std::string modelText(const CheckpointInfo& info);
/// Format, encoding, dialect, columns with examples.
[[nodiscard]] std::string tableReport(const Table& table);
/// Mapping, labels, lengths, problems; `dataset` null: no text column was found.
[[nodiscard]] std::string datasetReport(const Dataset* dataset, const FileStatistics& statistics);
[[nodiscard]] Json fileJson(const Table& table, const Dataset* dataset, const FileStatistics& statistics);

} // namespace studio::app
