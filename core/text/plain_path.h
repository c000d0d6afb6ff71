// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/added_vocabulary.h"
#include "core/text/normalizer.h"
#include "core/text/pre_tokenizer.h"
#include "core/text/token_model.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace studio {

/// The blocks run on plain UTF-8 without alignments, for ids alone, with a cache of words for each thread.
/// Gives the same ids as the blocks one after the other. Keeps references to the blocks.
class PlainPath {
public:
    /// nullopt where the blocks have no plain way.
    [[nodiscard]] static std::optional<PlainPath> create(const Normalizer* normalizer,
        const PreTokenizer* preTokenizer, const TokenModel* model, const AddedVocabulary& added);

    /// Appends the ids of well-formed UTF-8; stops once more than `enough` are there. False, with nothing
    /// appended, when the text may hold an added token and needs the slow way.
    [[nodiscard]] bool append(std::string_view text, size_t enough, std::vector<int32_t>& ids) const;

private:
    /// Added tokens, and which bytes one may start with.
    struct Added {
        const PieceTrie* trie = nullptr;
        std::array<bool, 256> starts{};
        [[nodiscard]] bool occursIn(std::string_view text) const;
    };
    PlainPath() = default;
    [[nodiscard]] static Added addedOf(const PieceTrie& trie);
    void cutBeforeMarks(PlainWords& words) const;

    const Normalizer* m_normalizer = nullptr;
    const PreTokenizer* m_preTokenizer = nullptr;
    const TokenModel* m_model = nullptr;
    Added m_raw, m_normalized;
    bool m_cutsBeforeMarks = false; ///< no token of the model stretches over the start of a word
    uint64_t m_cacheKey = 0; ///< no other object has it
};

} // namespace studio
