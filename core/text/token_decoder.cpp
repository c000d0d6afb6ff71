// SPDX-License-Identifier: MIT
#include "core/text/token_decoder.h"

#include "core/base/concat.h"
#include "core/base/unicode.h"
#include "core/text/byte_alphabet.h"
#include "core/text/metaspace.h"
#include "core/text/text_pattern.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace studio {
namespace {

struct ByteLevelDecoder : TokenDecoder {
    void decode(std::vector<std::string>& tokens) const override
    {
        std::string bytes;
        for (const auto& token : tokens) {
            if (!appendBytesOfCharacters(bytes, token))
                bytes += token;
        }
        tokens.assign(1, repairUtf8(bytes));
    }
};

class MetaspaceDecoder : public TokenDecoder {
public:
    explicit MetaspaceDecoder(const MetaspaceOptions& options)
        : m_replacement(toUtf8(std::u32string_view(&options.replacement, 1)))
        , m_dropsFirst(options.prepend != MetaspaceOptions::Prepend::Never)
    {
    }
    void decode(std::vector<std::string>& tokens) const override
    {
        for (size_t i = 0; i < tokens.size(); ++i)
            replaceAll(tokens[i], m_replacement, i == 0 && m_dropsFirst ? "" : " ");
    }

private:
    std::string m_replacement;
    bool m_dropsFirst;
};

class BpeDecoder : public TokenDecoder {
public:
    explicit BpeDecoder(std::string suffix)
        : m_suffix(std::move(suffix))
    {
    }
    void decode(std::vector<std::string>& tokens) const override
    {
        for (auto& token : tokens)
            replaceAll(token, m_suffix, &token == &tokens.back() ? "" : " ");
    }

private:
    std::string m_suffix;
};

/// Tokens "<0x41>" are bytes; a run of them that is not UTF-8 becomes one U+FFFD a byte.
struct ByteFallbackDecoder : TokenDecoder {
    void decode(std::vector<std::string>& tokens) const override
    {
        std::vector<std::string> result;
        std::string bytes;
        const auto flush = [&] {
            if (isValidUtf8(bytes)) {
                if (!bytes.empty())
                    result.push_back(bytes);
            } else {
                result.insert(result.end(), bytes.size(), "\xEF\xBF\xBD");
            }
            bytes.clear();
        };
        for (auto& token : tokens) {
            if (const int byte = byteOf(token); byte >= 0) {
                bytes.push_back(static_cast<char>(byte));
            } else {
                flush();
                result.push_back(std::move(token));
            }
        }
        flush();
        tokens = std::move(result);
    }

private:
    static int byteOf(std::string_view token)
    {
        if (token.size() != 6 || !token.starts_with("<0x") || !token.ends_with('>'))
            return -1;
        auto digits = token.substr(3, 2);
        if (digits.front() == '+') // the reference's number parser takes a sign
            digits.remove_prefix(1);
        int byte = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        return error == std::errc() && end == digits.data() + digits.size() && byte >= 0 && digits[0] != '-'
            ? byte
            : -1;
    }
};

struct FuseDecoder : TokenDecoder {
    void decode(std::vector<std::string>& tokens) const override
    {
        std::string text;
        for (const auto& token : tokens)
            text += token;
        tokens.assign(1, std::move(text));
    }
};

class StripDecoder : public TokenDecoder {
public:
    StripDecoder(char32_t content, size_t start, size_t stop)
        : m_content(content)
        , m_start(start)
        , m_stop(stop)
    {
    }
    void decode(std::vector<std::string>& tokens) const override
    {
        for (auto& token : tokens) {
            const auto characters = toUtf32(token);
            size_t first = 0, last = characters.size();
            while (first < std::min(m_start, characters.size()) && characters[first] == m_content)
                ++first;
            while (last > first && characters.size() - last < m_stop && characters[last - 1] == m_content)
                --last;
            token = toUtf8(std::u32string_view(characters).substr(first, last - first));
        }
    }

private:
    char32_t m_content;
    size_t m_start, m_stop;
};

class ReplaceDecoder : public TokenDecoder {
public:
    ReplaceDecoder(TextPattern pattern, std::string content)
        : m_pattern(std::move(pattern))
        , m_content(std::move(content))
    {
    }
    void decode(std::vector<std::string>& tokens) const override
    {
        std::vector<PatternMatch> matches;
        for (auto& token : tokens) {
            if (token.empty())
                continue;
            matches.clear();
            m_pattern.find(std::string_view(token), matches);
            std::string text;
            size_t done = 0;
            for (const auto& match : matches) {
                text.append(token, done, match.start - done);
                text += m_content;
                done = match.end;
            }
            text.append(token, done, std::string::npos);
            token = std::move(text);
        }
    }

private:
    TextPattern m_pattern;
    std::string m_content;
};

class SequenceDecoder : public TokenDecoder {
public:
    explicit SequenceDecoder(const TokenizerBlock& block)
    {
        size_t index = 0;
        for (const auto& part : block.list("decoders")) {
            const TokenizerBlock inner(part, concat(block.place(), ".decoders[", index++, "]"));
            if (auto decoder = createTokenDecoder(inner))
                m_parts.push_back(std::move(decoder));
            else
                inner.fail("a decoder was expected, but found null");
        }
    }
    void decode(std::vector<std::string>& tokens) const override
    {
        for (const auto& part : m_parts)
            part->decode(tokens);
    }

private:
    std::vector<std::unique_ptr<TokenDecoder>> m_parts;
};

std::unique_ptr<TokenDecoder> createStripDecoder(const TokenizerBlock& block)
{
    const auto content = toUtf32(block.text("content"));
    if (content.size() != 1)
        block.fail(concat("\"content\" must be one character, but is ", jsonLine(block.member("content"))));
    const auto count = [&](const char* key) {
        const auto& value = block.member(key);
        if (!value.is_number_integer() || value.get<int64_t>() < 0)
            block.fail(concat("\"", key, "\" must be a count, but is ", jsonLine(value)));
        return static_cast<size_t>(value.get<int64_t>());
    };
    const auto start = count("start");
    return std::make_unique<StripDecoder>(content.front(), start, count("stop"));
}

} // namespace

std::unique_ptr<TokenDecoder> createTokenDecoder(const TokenizerBlock& block)
{
    if (block.isNull())
        return nullptr;
    const auto type = block.type();
    if (type == "BPEDecoder")
        return std::make_unique<BpeDecoder>(block.text("suffix"));
    if (type == "ByteFallback")
        return std::make_unique<ByteFallbackDecoder>();
    if (type == "ByteLevel")
        return std::make_unique<ByteLevelDecoder>();
    if (type == "CTC")
        return createCtcDecoder(block);
    if (type == "Fuse")
        return std::make_unique<FuseDecoder>();
    if (type == "Metaspace")
        return std::make_unique<MetaspaceDecoder>(readMetaspace(block));
    if (type == "Replace") {
        TextPattern pattern(block);
        return std::make_unique<ReplaceDecoder>(std::move(pattern), block.text("content"));
    }
    if (type == "Sequence")
        return std::make_unique<SequenceDecoder>(block);
    if (type == "Strip")
        return createStripDecoder(block);
    if (type == "WordPiece")
        return createWordPieceDecoder(block.text("prefix"), block.flag("cleanup"));
    block.failUnknown("decoder",
        {"BPEDecoder", "ByteFallback", "ByteLevel", "CTC", "Fuse", "Metaspace", "Replace", "Sequence",
            "Strip", "WordPiece"});
}

} // namespace studio
