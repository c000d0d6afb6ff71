// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/piece_table.h"
#include "core/text/token_model.h"

namespace studio {

/// A word is a piece or unknown.
class WordLevel : public TokenModel {
public:
    WordLevel(PieceTable vocabulary, const std::string& unknownToken, std::string place);

    void tokenize(std::string_view word, std::vector<ModelToken>& tokens) const override;
    [[nodiscard]] int32_t size() const override { return m_pieces.size(); }
    [[nodiscard]] int32_t largestId() const override { return m_pieces.largestId(); }
    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view token) const override
    {
        return m_pieces.tokenToId(token);
    }
    [[nodiscard]] std::optional<std::string> idToToken(int32_t id) const override
    {
        return m_pieces.idToToken(id);
    }
    [[nodiscard]] std::optional<int32_t> unknownId() const override
    {
        return m_unknown < 0 ? std::nullopt : std::optional(m_unknown);
    }
    [[nodiscard]] std::string kind() const override { return "WordLevel"; }

private:
    PieceTable m_pieces;
    int32_t m_unknown;
    std::string m_place;
};

} // namespace studio
