// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/token_model.h"

#include <array>
#include <atomic>
#include <functional>
#include <span>

namespace studio {

/// Tokens of short words that a thread met before. A word takes the place of another one with the same slot,
/// so the memory is bounded; several models share it.
class WordTokenCache {
public:
    /// A number that no other model has.
    [[nodiscard]] static uint64_t newOwner() noexcept
    {
        static std::atomic<uint64_t> last = 0;
        return ++last;
    }
    [[nodiscard]] static WordTokenCache& ofThisThread()
    {
        static thread_local WordTokenCache cache;
        return cache;
    }

    /// Appends the tokens of `word`; false when they are not there.
    [[nodiscard]] bool find(uint64_t owner, std::string_view word, std::vector<ModelToken>& tokens) const
    {
        if (word.size() > longestWord)
            return false;
        const auto& entry = m_entries[slotOf(word)];
        if (entry.owner != owner || std::string_view(entry.bytes.data(), entry.length) != word)
            return false;
        for (size_t i = 0; i < entry.count; ++i)
            tokens.push_back({entry.ids[i], entry.starts[i], entry.ends[i]});
        return true;
    }
    /// Keeps what find() will give; words and tokens that do not fit are left out.
    void add(uint64_t owner, std::string_view word, std::span<const ModelToken> tokens)
    {
        if (word.size() > longestWord || tokens.size() > mostTokens)
            return;
        auto& entry = m_entries[slotOf(word)];
        entry.owner = 0;
        entry.length = static_cast<uint8_t>(word.size());
        entry.count = static_cast<uint8_t>(tokens.size());
        word.copy(entry.bytes.data(), word.size());
        for (size_t i = 0; i < tokens.size(); ++i) {
            if (!tokens[i].text.empty() || tokens[i].end > UINT8_MAX)
                return;
            entry.ids[i] = tokens[i].id;
            entry.starts[i] = static_cast<uint8_t>(tokens[i].start);
            entry.ends[i] = static_cast<uint8_t>(tokens[i].end);
        }
        entry.owner = owner;
    }

private:
    static constexpr size_t longestWord = 46, mostTokens = 12, slots = size_t{1} << 13;
    struct Entry {
        uint64_t owner = 0; ///< 0: free
        uint8_t length = 0;
        uint8_t count = 0;
        std::array<char, longestWord> bytes{};
        std::array<int32_t, mostTokens> ids{};
        std::array<uint8_t, mostTokens> starts{}, ends{};
    };
    [[nodiscard]] static size_t slotOf(std::string_view word) noexcept
    {
        return std::hash<std::string_view>()(word) % slots;
    }
    std::vector<Entry> m_entries = std::vector<Entry>(slots);
};

} // namespace studio
