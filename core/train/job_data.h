// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/task.h"
#include "core/data/dataset.h"
#include "core/data/token_supply.h"
#include "core/text/tokenizer.h"
#include "core/train/arguments.h"
#include "core/train/label_choice.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace studio {

/// How to read the data files, as the arguments say.
[[nodiscard]] TableOptions tableOptions(const TrainingArguments& arguments);
/// The columns given, the rest as `usual` says where the table has all of those, else by suggestMapping;
/// throws Error{Data} listing the columns where text or label stay unknown.
[[nodiscard]] ColumnMapping chooseMapping(const TrainingArguments& arguments, const Table& table,
    const std::optional<ColumnMapping>& usual = std::nullopt);

/// Rows of one part of a job: of a file of its own or of a share of the training file.
struct JobPart {
    std::shared_ptr<const Dataset> dataset;
    std::shared_ptr<const TokenSupply> tokens; ///< after startTokenizing()
    std::vector<int64_t> rows; ///< indices into dataset
    std::vector<int32_t> modelIds; ///< label index of the dataset → id of the model

    [[nodiscard]] int64_t size() const { return static_cast<int64_t>(rows.size()); }
    [[nodiscard]] int32_t label(int64_t position) const; ///< single label: id of the model
    [[nodiscard]] std::vector<int32_t> labels(int64_t position) const; ///< multi-label: ids, ascending
    [[nodiscard]] double target(int64_t position) const; ///< regression
    [[nodiscard]] TokenRow tokensOf(int64_t position) const
    {
        return tokens->row(rows[static_cast<size_t>(position)]);
    }
    [[nodiscard]] int32_t length(int64_t position) const ///< in tokens
    {
        return static_cast<int32_t>(tokensOf(position).ids().size());
    }
};

/// The data of a run: read once from end to end, split, and mapped to the labels of the model.
struct JobData {
    JobPart train, validation, test; ///< without rows: absent
    ProblemType problemType = ProblemType::SingleLabel;
    LabelChoice choice;
    std::vector<DataProblem> problems;
    std::vector<std::string> warnings; ///< sentences: problems, leakage, labels
    Json files = Json::array(); ///< for run.json: path, sha256, rows, columns of each file
    Json split = Json::object(); ///< for run.json
};

/// Reads files and splits; `config` and `knownLabels` (classLabels()) are those of the model. Throws
/// Error{Data}, Error{Settings}, Error{Cancelled}.
[[nodiscard]] JobData readJobData(const TrainingArguments& arguments, const Json& config,
    const std::vector<std::string>& knownLabels, const TaskControl& control);

/// A model as the data that it shall be measured on are read for it.
struct EvaluatedModel {
    std::filesystem::path folder;
    std::vector<std::string> labels; ///< by id
    ProblemType problemType = ProblemType::Auto; ///< of its configuration
};
/// One labelled file for `evaluate`: columns and cleaning are those that the arguments give, else those that
/// the model was trained with, where its run tells (run.json in its folder, or around that of a checkpoint).
/// Throws as readJobData, and Error{Settings} for a problem type that the model's head cannot have.
[[nodiscard]] JobData readEvaluationData(const TrainingArguments& arguments, const std::string& file,
    const EvaluatedModel& model, const TaskControl& control);
/// Begins to tokenise all parts (cached under the user's cache folder).
void startTokenizing(JobData& data, const std::shared_ptr<const Tokenizer>& tokenizer, int32_t maxLength,
    PhaseProfile* profile = nullptr);
inline constexpr std::chrono::milliseconds untilTheEnd = std::chrono::hours(10'000);
/// Waits until a part is tokenised, but no longer than `patience`; every tenth of a second calls `goOn`, and
/// returns false where that does.
bool awaitTokens(const JobPart& part, std::chrono::milliseconds patience,
    const std::function<bool(const Progress&)>& goOn);
/// The same with progress for `control`; throws Error{Cancelled}.
void awaitTokens(const JobPart& part, std::chrono::milliseconds patience, const TaskControl& control);
/// Mean length of (at most 1,000 of) the rows, in tokens.
[[nodiscard]] double meanLengthOf(const JobPart& part);
/// Longest input: max_seq_length, or what the model allows (`limit`); throws Error{Settings} above it, and
/// where no token of a text would fit beside the `special` ones.
[[nodiscard]] int32_t chooseMaxLength(const TrainingArguments& arguments, int32_t limit, int64_t special);
/// Share of unknown characters among (at most 2,000 of) the training texts.
[[nodiscard]] double unknownShareOf(const JobPart& part, const Tokenizer& tokenizer);

} // namespace studio
