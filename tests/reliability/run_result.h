// SPDX-License-Identifier: MIT
#pragma once

#include "tests/core/train/training_fixture.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace studio::test {

/// What must be the same whatever happened on the way.
struct RunResult {
    std::string weights, predictions;
    std::vector<std::string> log;
    std::set<std::string> names; ///< of the folder's files
    bool operator==(const RunResult&) const = default;
};

inline RunResult resultIn(const std::filesystem::path& folder)
{
    RunResult result{readFile(folder / "model.safetensors"), readFile(folder / "eval_predictions.jsonl"),
        comparableLog(folder, false), {}};
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        result.names.insert(entry.path().filename().string());
    return result;
}

/// The first one; empty: they are equal.
inline std::string difference(const RunResult& found, const RunResult& expected)
{
    if (found.weights != expected.weights)
        return "other weights";
    if (found.predictions != expected.predictions)
        return "other predictions";
    for (size_t i = 0; i < found.log.size() || i < expected.log.size(); ++i) {
        const auto line = [i](const auto& log) { return i < log.size() ? log[i] : std::string("nothing"); };
        if (line(found.log) != line(expected.log))
            return concat("line ", i, " of the log is ", line(found.log), " instead of ", line(expected.log));
    }
    std::string names;
    for (const auto& name : found.names)
        names += name + ' ';
    return found.names == expected.names ? std::string() : "other files: " + names;
}

} // namespace studio::test
