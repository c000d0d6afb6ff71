// SPDX-License-Identifier: MIT
#include "core/text/token_decoder.h"

#include <array>
#include <string_view>
#include <utility>

namespace studio {
namespace {

void replaceAll(std::string& text, std::string_view from, std::string_view to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

void cleanUp(std::string& token)
{
    using namespace std::string_view_literals;
    if (token.find(' ') == std::string::npos)
        return;
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> rules{
        {{" ."sv, "."sv}, {" ?"sv, "?"sv}, {" !"sv, "!"sv}, {" ,"sv, ","sv}, {" ' "sv, "'"sv},
            {" n't"sv, "n't"sv}, {" 'm"sv, "'m"sv}, {" do not"sv, " don't"sv}, {" 's"sv, "'s"sv},
            {" 've"sv, "'ve"sv}, {" 're"sv, "'re"sv}}};
    for (const auto& [from, to] : rules)
        replaceAll(token, from, to);
}

class WordPieceDecoder : public TokenDecoder {
public:
    WordPieceDecoder(std::string prefix, bool cleanup)
        : m_prefix(std::move(prefix))
        , m_cleanup(cleanup)
    {
    }
    void decode(std::vector<std::string>& tokens) const override
    {
        for (size_t i = 0; i < tokens.size(); ++i) {
            if (i != 0) {
                if (tokens[i].starts_with(m_prefix))
                    tokens[i].erase(0, m_prefix.size());
                else
                    tokens[i].insert(0, 1, ' ');
            }
            if (m_cleanup)
                cleanUp(tokens[i]);
        }
    }

private:
    std::string m_prefix;
    bool m_cleanup;
};

} // namespace

std::unique_ptr<TokenDecoder> createWordPieceDecoder(const std::string& prefix, bool cleanup)
{
    return std::make_unique<WordPieceDecoder>(prefix, cleanup);
}

std::unique_ptr<TokenDecoder> createTokenDecoder(const TokenizerBlock& block)
{
    if (block.isNull())
        return nullptr;
    if (block.type() == "WordPiece")
        return createWordPieceDecoder(block.text("prefix"), block.flag("cleanup"));
    block.failUnknown("decoder", {"WordPiece"});
}

} // namespace studio
