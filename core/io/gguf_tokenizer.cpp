// SPDX-License-Identifier: MIT
// Reference:
// https://github.com/huggingface/transformers/blob/v5.23.0/src/transformers/integrations/gguf/gguf_tokenizer_mapping.py
#include "core/base/character_length.h"
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/io/gguf_model.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace studio {

namespace {

constexpr std::string_view g_llama3Split
    = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view g_qwen2Split
    = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view g_qwen35Split
    = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view g_tekkenSplit
    = R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view g_gpt4oSplit
    = R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

struct SplitRow {
    std::string_view name, pattern;
};
constexpr std::array g_splits{SplitRow{"llama3", g_llama3Split}, SplitRow{"llama-v3", g_llama3Split},
    SplitRow{"llama-bpe", g_llama3Split}, SplitRow{"falcon3", g_llama3Split},
    SplitRow{"falcon-h1", g_llama3Split}, SplitRow{"pixtral", g_llama3Split},
    SplitRow{"midm-2.0", g_llama3Split}, SplitRow{"lfm2", g_llama3Split},
    SplitRow{"jina-v5-nano", g_llama3Split}, SplitRow{"dbrx", g_llama3Split},
    SplitRow{"smaug-bpe", g_llama3Split}, SplitRow{"tekken", g_tekkenSplit}, SplitRow{"qwen2", g_qwen2Split},
    SplitRow{"deepseek-r1-qwen", g_qwen2Split}, SplitRow{"kormo", g_qwen2Split},
    SplitRow{"f2llmv2", g_qwen2Split}, SplitRow{"megrez", g_qwen2Split}, SplitRow{"qwen35", g_qwen35Split},
    SplitRow{"gpt-4o", g_gpt4oSplit}, SplitRow{"llama4", g_gpt4oSplit}, SplitRow{"kanana2", g_gpt4oSplit},
    SplitRow{"talkie", g_gpt4oSplit}, SplitRow{"minimax-m2", g_gpt4oSplit}};

constexpr double g_control = 3, g_userDefined = 4; // of tokenizer.ggml.token_type

/// GPT-2's visible character for every byte.
std::array<std::string, 256> byteCharacters()
{
    std::array<std::string, 256> characters;
    uint32_t next = 256;
    for (uint32_t byte = 0; byte < 256; ++byte) {
        const bool visible = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
        const auto c = visible ? byte : next++;
        if (c < 0x80)
            characters[byte] = {static_cast<char>(c)};
        else
            characters[byte] = {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    }
    return characters;
}

class TokenizerReader {
public:
    TokenizerReader(const GgufContent& content, const std::string& file)
        : m_content(content)
        , m_file(file)
    {
        const auto model = content.text("tokenizer.ggml.model");
        m_byteLevel = model == "gpt2";
        if (!m_byteLevel && model != "llama")
            fail(model ? concat("its tokeniser is '", elided(*model, 40), "'; gpt2 and llama can be used")
                       : std::string("it holds no tokeniser (tokenizer.ggml.model is missing)"));
        const auto* tokens = content.array("tokenizer.ggml.tokens");
        if (tokens == nullptr || tokens->type != 8 || tokens->count == 0)
            fail("its vocabulary (tokenizer.ggml.tokens) is missing");
        m_types = content.array("tokenizer.ggml.token_type");
        if (m_types != nullptr && (m_types->type == 8 || m_types->count != tokens->count))
            fail("tokenizer.ggml.token_type does not fit tokenizer.ggml.tokens");
        for (const auto text : tokens->texts)
            m_tokens.push_back(isValidUtf8(text) ? std::string(text) : repairUtf8(text));
        for (const auto& [name, key] :
            {std::pair{"bos_token", "bos_token_id"}, std::pair{"eos_token", "eos_token_id"},
                std::pair{"unk_token", "unknown_token_id"}, std::pair{"pad_token", "padding_token_id"}}) {
            const auto id = content.integer(concat("tokenizer.ggml.", key));
            if (id && (*id < 0 || size_t(*id) >= m_tokens.size()))
                fail(concat(
                    "tokenizer.ggml.", key, " is ", *id, ", but there are ", m_tokens.size(), " tokens"));
            m_named.emplace_back(name, id ? std::optional(size_t(*id)) : std::nullopt);
        }
        spellVocabulary();
    }

    std::string tokenizerJson()
    {
        const auto merges = mergesJson();
        return concat(R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":)", addedTokens(),
            R"(,"normalizer":)", normalizer(), R"(,"pre_tokenizer":)", preTokenizer(),
            R"(,"post_processor":)", postProcessor(), R"(,"decoder":)", decoder(),
            R"(,"model":{"type":"BPE","dropout":null,"unk_token":null,)",
            m_byteLevel
                ? R"("continuing_subword_prefix":"","end_of_word_suffix":"","fuse_unk":false,"byte_fallback":false)"
                : R"("continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":true,"byte_fallback":true)",
            R"(,"ignore_merges":false,"vocab":{)", vocabularyJson(), R"(},"merges":[)", merges, "]}}\n");
    }

    std::string tokenizerConfig() const
    {
        Json config;
        for (const auto& [name, id] : m_named)
            config[name] = id ? Json(m_tokens[*id]) : Json(nullptr);
        config["add_bos_token"] = addsBos();
        config["add_eos_token"] = addsEos();
        config["clean_up_tokenization_spaces"] = false;
        if (const auto chat = m_content.text("tokenizer.chat_template"))
            config["chat_template"] = *chat;
        config["tokenizer_class"] = "PreTrainedTokenizerFast";
        return config.dump(2) + "\n";
    }

private:
    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(ErrorKind::Checkpoint, concat(m_file, " cannot be used as a tokeniser: ", what, "."));
    }
    std::optional<size_t> named(std::string_view name) const
    {
        return std::ranges::find(m_named, name, &std::pair<const char*, std::optional<size_t>>::first)
            ->second;
    }
    bool addsBos() const
    {
        return m_content.boolean("tokenizer.ggml.add_bos_token").value_or(!m_byteLevel) && named("bos_token");
    }
    bool addsEos() const
    {
        return m_content.boolean("tokenizer.ggml.add_eos_token").value_or(false) && named("eos_token");
    }

    /// In a byte-level vocabulary every token is spelled with one character a byte; some files forget that.
    void spellVocabulary()
    {
        const auto characters = byteCharacters();
        std::unordered_map<std::string_view, bool> alphabet;
        for (const auto& character : characters)
            alphabet[character] = true;
        m_inAlphabet.assign(m_tokens.size(), true);
        for (size_t id = 0; id < m_tokens.size(); ++id) {
            const auto& token = m_tokens[id];
            auto spelled = token;
            if (m_byteLevel) {
                for (size_t i = 0; i < token.size() && m_inAlphabet[id]; i += characterLength(token[i]))
                    m_inAlphabet[id]
                        = alphabet.contains(std::string_view(token).substr(i, characterLength(token[i])));
                const auto isId = [id](const auto& entry) { return entry.second == id; };
                if (!m_inAlphabet[id] && std::ranges::none_of(m_named, isId)) {
                    spelled.clear();
                    for (const auto byte : token)
                        spelled += characters[static_cast<unsigned char>(byte)];
                }
            }
            const auto [place, isNew] = m_ids.try_emplace(spelled, id);
            if (isNew)
                m_order.push_back(&place->first);
            place->second = id; // of a token that is there twice, the last id counts
        }
    }

    std::string vocabularyJson() const
    {
        std::string text;
        for (const auto* token : m_order)
            text += concat(text.empty() ? "" : ",", jsonLine(*token), ':', m_ids.at(*token));
        return text;
    }

    std::string mergesJson() const
    {
        std::string text;
        const auto add = [&](std::string_view left, std::string_view right) {
            text += concat(text.empty() ? "[" : ",[", jsonLine(left), ',', jsonLine(right), ']');
        };
        if (const auto* merges = m_content.array("tokenizer.ggml.merges")) {
            if (merges->type != 8)
                fail("tokenizer.ggml.merges is not a list of texts");
            for (const auto merge : merges->texts) {
                const auto space = merge.find(' ');
                if (space == merge.npos || merge.find(' ', space + 1) != merge.npos)
                    fail(concat("the merge '", elided(merge, 60), "' is not a pair"));
                add(merge.substr(0, space), merge.substr(space + 1));
            }
            return text;
        }
        for (const auto& [left, right] : impliedMerges())
            add(left, right);
        return text;
    }

    /// A SentencePiece vocabulary without merges: every way to make a token of two others, best score first.
    std::vector<std::pair<std::string_view, std::string_view>> impliedMerges() const
    {
        const auto* scores = m_content.array("tokenizer.ggml.scores");
        if (scores == nullptr || scores->type == 8 || scores->count != m_tokens.size())
            fail("it holds neither tokenizer.ggml.merges nor a score for every token");
        struct Merge {
            double score;
            size_t leftLength, rightLength, leftId, rightId;
            std::string_view left, right;
        };
        constexpr size_t longest = 1000, mostMerges = 20'000'000;
        std::vector<Merge> merges;
        for (const auto* token : m_order) {
            const std::string_view text = *token;
            const auto length = size_t(codePointCount(text)), begin = merges.size();
            if (length > longest || begin > mostMerges)
                fail("its tokens are too long to be made of merges");
            size_t leftLength = 1;
            for (size_t at = characterLength(text.empty() ? 'a' : text[0]); at < text.size();
                 at += characterLength(text[at]), ++leftLength) {
                const auto left = m_ids.find(std::string(text.substr(0, at)));
                const auto right = left == m_ids.end() ? left : m_ids.find(std::string(text.substr(at)));
                if (right != m_ids.end())
                    merges.push_back({scores->number(m_ids.at(*token)), leftLength, length - leftLength,
                        left->second, right->second, left->first, right->first});
            }
            std::sort(
                merges.begin() + std::ptrdiff_t(begin), merges.end(), [](const Merge& a, const Merge& b) {
                    return std::pair(a.leftId, a.rightId) < std::pair(b.leftId, b.rightId);
                });
        }
        std::ranges::stable_sort(merges, [](const Merge& a, const Merge& b) {
            if (a.score != b.score)
                return a.score > b.score;
            return std::pair(a.leftLength, a.rightLength) > std::pair(b.leftLength, b.rightLength);
        });
        std::vector<std::pair<std::string_view, std::string_view>> pairs;
        for (const auto& merge : merges)
            pairs.emplace_back(merge.left, merge.right);
        return pairs;
    }

    /// Control tokens and the named ones are special; user-defined ones are matched whole in the text as
    /// well.
    std::string addedTokens() const
    {
        std::map<size_t, bool> special; // by id
        const auto add = [&](const std::string& token, bool isSpecial) {
            if (const auto found = m_ids.find(token); found != m_ids.end())
                special[found->second]
                    = isSpecial || (special.contains(found->second) && special[found->second]);
        };
        if (m_types != nullptr) {
            for (size_t id = 0; id < m_tokens.size(); ++id) {
                const auto type = m_types->number(id);
                if (type == g_userDefined || (type == g_control && m_inAlphabet[id]))
                    add(m_tokens[id], type == g_control);
            }
        }
        for (const auto& [name, id] : m_named) {
            if (id)
                add(m_tokens[*id], true);
        }
        // those that transformers' tokeniser class names by itself
        for (const auto* token : {"<|endoftext|>", "<unk>", "<s>", "</s>"}) {
            if (m_byteLevel == (token[1] == '|'))
                add(token, true);
        }
        Json list = Json::array();
        for (const auto& [id, isSpecial] : special)
            list.push_back({{"id", id}, {"content", m_tokens[id]}, {"single_word", false}, {"lstrip", false},
                {"rstrip", false}, {"normalized", false}, {"special", isSpecial}});
        return jsonLine(list);
    }

    /// A SentencePiece vocabulary's texts begin with "▁" unless the file says otherwise. As in llama.cpp and
    /// in the tokenizer.json that such models are trained with; transformers' reader of GGUF files leaves it
    /// out before a text that begins with a space.
    bool beginsWithSpace() const
    {
        return !m_byteLevel && m_content.boolean("tokenizer.ggml.add_space_prefix").value_or(true);
    }

    std::string normalizer() const
    {
        if (m_byteLevel)
            return "null";
        return concat(R"({"type":"Sequence","normalizers":[)",
            beginsWithSpace() ? R"({"type":"Prepend","prepend":"▁"},)" : "",
            R"({"type":"Replace","pattern":{"String":" "},"content":"▁"}]})");
    }

    std::string decoder() const
    {
        if (m_byteLevel)
            return R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true})";
        return concat(
            R"({"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},)",
            R"({"type":"ByteFallback"},{"type":"Fuse"})",
            beginsWithSpace() ? R"(,{"type":"Strip","content":" ","start":1,"stop":0}]})" : "]}");
    }

    std::string preTokenizer() const
    {
        const auto pre = m_content.text("tokenizer.ggml.pre").value_or("");
        if (const auto* const row = std::ranges::find(g_splits, pre, &SplitRow::name); row != g_splits.end())
            return concat(R"({"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":)",
                jsonLine(row->pattern), R"(},"behavior":"Isolated","invert":false},)",
                R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]})");
        if (m_byteLevel)
            return R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})";
        return "null";
    }

    std::string postProcessor() const
    {
        Json single = Json::array(), pair = Json::array(), tokens = Json::object();
        const auto addToken = [&](Json& list, std::string_view name, int type) {
            const auto& token = m_tokens[*named(name)];
            list.push_back({{"SpecialToken", {{"id", token}, {"type_id", type}}}});
            tokens[token] = {{"id", token}, {"ids", {m_ids.at(token)}}, {"tokens", {token}}};
        };
        const auto addText = [&](Json& list, const char* sequence, int type) {
            if (addsBos())
                addToken(list, "bos_token", type);
            list.push_back({{"Sequence", {{"id", sequence}, {"type_id", type}}}});
            if (addsEos())
                addToken(list, "eos_token", type);
        };
        addText(single, "A", 0);
        addText(pair, "A", 0);
        addText(pair, "B", 1);
        return jsonLine(
            {{"type", "TemplateProcessing"}, {"single", single}, {"pair", pair}, {"special_tokens", tokens}});
    }

    const GgufContent& m_content;
    const std::string& m_file;
    bool m_byteLevel = false;
    const GgufArray* m_types = nullptr;
    std::vector<std::string> m_tokens; ///< as the file spells them
    std::vector<bool> m_inAlphabet;
    std::vector<std::pair<const char*, std::optional<size_t>>> m_named;
    std::unordered_map<std::string, size_t> m_ids; ///< as the vocabulary spells them
    std::vector<const std::string*> m_order;
};

} // namespace

std::string ggufTokenizerJson(const GgufContent& content, const std::string& file)
{
    return TokenizerReader(content, file).tokenizerJson();
}

std::string ggufTokenizerConfig(const GgufContent& content, const std::string& file)
{
    return TokenizerReader(content, file).tokenizerConfig();
}

} // namespace studio
