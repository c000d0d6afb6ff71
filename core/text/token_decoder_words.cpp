// SPDX-License-Identifier: MIT
#include "core/text/token_decoder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace studio {
namespace {

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

/// Connectionist temporal classification: repetitions and padding go, a delimiter stands between words.
class CtcDecoder : public TokenDecoder {
public:
    CtcDecoder(std::string pad, std::string delimiter, bool cleanup)
        : m_pad(std::move(pad))
        , m_delimiter(std::move(delimiter))
        , m_cleanup(cleanup)
    {
    }
    void decode(std::vector<std::string>& tokens) const override
    {
        tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
        for (auto& token : tokens) {
            replaceAll(token, m_pad, "");
            if (m_cleanup) {
                cleanUp(token);
                replaceAll(token, m_delimiter, " ");
            }
        }
        std::erase_if(tokens, [](const std::string& token) { return token.empty(); });
    }

private:
    std::string m_pad, m_delimiter;
    bool m_cleanup;
};

} // namespace

void replaceAll(std::string& text, std::string_view from, std::string_view to)
{
    if (from.empty()) { // between all characters and at both ends
        if (to.empty())
            return;
        std::string result;
        for (const char byte : text) {
            if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80)
                result += to;
            result += byte;
        }
        text = result + std::string(to);
        return;
    }
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

std::unique_ptr<TokenDecoder> createWordPieceDecoder(const std::string& prefix, bool cleanup)
{
    return std::make_unique<WordPieceDecoder>(prefix, cleanup);
}

std::unique_ptr<TokenDecoder> createCtcDecoder(const TokenizerBlock& block)
{
    return std::make_unique<CtcDecoder>(
        block.text("pad_token"), block.text("word_delimiter_token"), block.flag("cleanup"));
}

} // namespace studio
