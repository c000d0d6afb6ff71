// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace studio {

enum class Activation;

/// Typed access to config.json. Every complaint is Error{Checkpoint} naming file, key, what was found and
/// what was expected. A fallback is used where the key is absent; without one the key is required.
class ConfigReader {
public:
    ConfigReader(const Json& config, std::string file, std::set<std::string> separateTensors = {});

    [[nodiscard]] int64_t integer(std::string_view key, int64_t minimum, int64_t maximum,
        std::optional<int64_t> fallback = std::nullopt) const;
    [[nodiscard]] double number(std::string_view key, double minimum, double maximum,
        std::optional<double> fallback = std::nullopt) const;
    /// As number, null counts as absent.
    [[nodiscard]] double numberOrNull(
        std::string_view key, double minimum, double maximum, double fallback) const;
    [[nodiscard]] std::string text(
        std::string_view key, std::optional<std::string> fallback = std::nullopt) const;
    [[nodiscard]] bool boolean(std::string_view key, bool fallback) const;
    [[noreturn]] void fail(std::string_view key, std::string_view expected) const;
    [[nodiscard]] const std::string& file() const { return m_file; }
    [[nodiscard]] const Json& json() const { return m_config; }
    /// Whether the checkpoint holds a tensor with numbers of its own that its family otherwise ties to
    /// another
    /// ("lm_head.weight").
    [[nodiscard]] bool isSeparate(const std::string& tensor) const { return m_separate.contains(tensor); }

private:
    [[nodiscard]] const Json* find(std::string_view key) const;

    const Json& m_config;
    std::string m_file;
    std::set<std::string> m_separate;
};

/// The word under which a size is stated that most families call `common` and this one `own`: as in the
/// reference the common word wins where both are there.
[[nodiscard]] std::string_view statedWord(
    const ConfigReader& reader, std::string_view own, std::string_view common);

/// An integer, or nothing where the key is null; `absent` without the key.
[[nodiscard]] std::optional<int64_t> optionalInteger(const ConfigReader& reader, std::string_view key,
    int64_t minimum, int64_t maximum, std::optional<int64_t> absent);
/// pad_token_id as stated, nothing where it is null. Throws where the word embedding has no row for it.
[[nodiscard]] std::optional<int64_t> readPaddingId(
    const ConfigReader& reader, int64_t vocabularySize, std::optional<int64_t> absent);
/// The row that torch.nn.Embedding leaves without gradient: a negative id counts from the end. -1: none.
[[nodiscard]] int64_t paddingRowOf(std::optional<int64_t> paddingId, int64_t vocabularySize);

/// An activation by its name; throws naming those that are known.
[[nodiscard]] Activation readActivation(
    const ConfigReader& reader, std::string_view key, Activation fallback);

} // namespace studio
