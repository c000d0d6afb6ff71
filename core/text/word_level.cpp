// SPDX-License-Identifier: MIT
#include "core/text/word_level.h"

#include "core/base/concat.h"
#include "core/base/error.h"

namespace studio {

WordLevel::WordLevel(PieceTable vocabulary, const std::string& unknownToken, std::string place)
    : m_pieces(std::move(vocabulary))
    , m_unknown(m_pieces.find(unknownToken))
    , m_place(std::move(place))
{
}

void WordLevel::tokenize(std::string_view word, std::vector<ModelToken>& tokens) const
{
    auto id = m_pieces.find(word);
    if (id < 0)
        id = m_unknown;
    if (id < 0) {
        throw Error(ErrorKind::Checkpoint,
            concat(m_place, ": a text holds the word \"", word,
                "\", which is not in the vocabulary, and neither is the unknown token (\"unk_token\")."));
    }
    tokens.push_back({id, 0, word.size()});
}

} // namespace studio
