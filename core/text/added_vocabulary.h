// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/normalizer.h"
#include "core/text/piece_trie.h"
#include "core/text/token_model.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace studio {

/// An entry of `added_tokens`; the flags are those of the `tokenizers` library.
struct AddedToken {
    std::string content;
    bool singleWord = false;
    bool leftStrip = false;
    bool rightStrip = false;
    bool normalized = true; ///< looked for in the normalised text, in its own normalised form
    bool special = false; ///< left out by decode(skipSpecialTokens)
    bool operator==(const AddedToken&) const = default;
};

/// A stretch of a text: an added token, or (id -1) text between added tokens.
struct AddedTokenMatch {
    int32_t id;
    size_t start;
    size_t end;
};

/// Tokens that are found in a text before, and whatever, the model makes of it.
class AddedVocabulary {
public:
    AddedVocabulary() = default;
    /// Tokens that the model knows keep its id, others get the next free ones. `normalizer` may be null.
    AddedVocabulary(
        const std::vector<AddedToken>& tokens, const TokenModel& model, const Normalizer* normalizer);

    /// Covers `text` with matches of the tokens that are looked for in the raw (or the normalised) text.
    [[nodiscard]] std::vector<AddedTokenMatch> find(std::u32string_view text, bool normalized) const;
    [[nodiscard]] bool hasNormalizedTokens() const noexcept { return m_hasNormalized; }
    [[nodiscard]] const PieceTrie& rawTrie() const noexcept { return m_rawTrie; }
    [[nodiscard]] const PieceTrie& normalizedTrie() const noexcept { return m_normalizedTrie; }

    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view token) const;
    /// The form that decoding sees.
    [[nodiscard]] std::optional<std::string> idToToken(int32_t id) const;
    [[nodiscard]] bool isSpecial(const std::string& token) const { return m_special.contains(token); }
    [[nodiscard]] int32_t largestId() const;

private:
    std::unordered_map<std::string, int32_t> m_ids;
    std::map<int32_t, AddedToken> m_tokens;
    std::unordered_map<int32_t, std::string> m_normalizedForms;
    std::unordered_set<std::string> m_special;
    PieceTrie m_rawTrie, m_normalizedTrie;
    bool m_hasRaw = false, m_hasNormalized = false;
};

} // namespace studio
