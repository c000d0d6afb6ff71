// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/unicode.h"
#include "core/text/character_table.h"
#include "core/text/sentencepiece_model.h"
#include "core/text/token_model_json.h"
#include "core/text/tokenizer_loading.h"

#include <algorithm>
#include <utility>

namespace studio {
namespace {

/// Pieces of a SentencePiece file with the ids of a vocabulary of its own; a language code (">>fr<<") at the
/// start of the text is one token.
class MarianModel : public TokenModel {
public:
    MarianModel(std::string_view file, PieceTable vocabulary, const std::string& unknown,
        const std::string& piecePlace, const std::string& vocabularyPlace)
        : m_spelling(file, SentencePieceNumbering{}, piecePlace)
        , m_vocabulary(std::move(vocabulary))
        , m_unknown(m_vocabulary.find(unknown))
    {
        if (m_unknown < 0) {
            throw Error(ErrorKind::Checkpoint,
                concat(vocabularyPlace, ": the vocabulary has no unknown token \"", unknown,
                    "\"; it belongs to another tokeniser or is damaged."));
        }
    }

    void tokenize(std::string_view word, std::vector<ModelToken>& tokens) const override
    {
        size_t start = 0;
        if (const auto end = word.find("<<"); word.starts_with(">>") && end != std::string_view::npos) {
            start = end + 2;
            add(std::string(word.substr(0, start)), 0, start, tokens);
        }
        for (auto& piece : m_spelling.pieces(word.substr(start)))
            add(std::move(piece.text), start + piece.start, start + piece.end, tokens);
    }
    [[nodiscard]] int32_t size() const override { return m_vocabulary.size(); }
    [[nodiscard]] int32_t largestId() const override { return m_vocabulary.largestId(); }
    [[nodiscard]] std::optional<int32_t> tokenToId(std::string_view token) const override
    {
        return m_vocabulary.tokenToId(token);
    }
    [[nodiscard]] std::optional<std::string> idToToken(int32_t id) const override
    {
        return m_vocabulary.idToToken(id);
    }
    [[nodiscard]] std::optional<int32_t> unknownId() const override { return m_unknown; }
    [[nodiscard]] std::string kind() const override { return m_spelling.kind(); }
    [[nodiscard]] const SentencePieceModel& spelling() const { return m_spelling; }

private:
    void add(std::string text, size_t start, size_t end, std::vector<ModelToken>& tokens) const
    {
        const auto id = m_vocabulary.find(text);
        tokens.push_back({id < 0 ? m_unknown : id, start, end, id < 0 ? std::move(text) : std::string()});
    }

    SentencePieceModel m_spelling;
    PieceTable m_vocabulary;
    int32_t m_unknown;
};

/// Joins the pieces between special tokens by the library's rules.
class MarianDecoder : public TokenDecoder {
public:
    MarianDecoder(const SentencePieceModel& spelling, std::vector<std::string> special)
        : m_spelling(&spelling)
        , m_special(std::move(special))
    {
    }
    void decode(std::vector<std::string>& tokens) const override
    {
        std::string text;
        std::vector<std::string> pieces;
        const auto flush = [&] {
            text += m_spelling->decodePieces(pieces);
            pieces.clear();
        };
        for (auto& token : tokens) {
            if (std::find(m_special.begin(), m_special.end(), token) == m_special.end()) {
                pieces.push_back(std::move(token));
                continue;
            }
            flush();
            text += concat(token, " ");
        }
        flush();
        replaceSpaces(text);
        const auto characters = toUtf32(text);
        size_t first = 0, last = characters.size();
        while (first < last && isSpace(characters[first]))
            ++first;
        while (last > first && isSpace(characters[last - 1]))
            --last;
        tokens = {toUtf8(std::u32string_view(characters).substr(first, last - first))};
    }

private:
    /// As Python's str.strip() sees it.
    static bool isSpace(char32_t c)
    {
        return (c >= 0x1C && c <= 0x1F) || CharacterTable::instance().is(c, WhiteSpaceCharacter);
    }
    static void replaceSpaces(std::string& text)
    {
        constexpr std::string_view mark = "\u2581";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
            text.replace(at, mark.size(), " ");
    }
    const SentencePieceModel* m_spelling;
    std::vector<std::string> m_special;
};

} // namespace

std::unique_ptr<TokenizerAlgorithm> loadMarian(
    const std::filesystem::path& folder, const TokenizerSettings& settings, TextRole role)
{
    const bool target = role == TextRole::Target;
    const auto pieceFile = folder / (target ? "target.spm" : "source.spm");
    const auto vocabularyFile
        = folder / (target && settings.flag("separate_vocabs", false) ? "target_vocab.json" : "vocab.json");
    const auto pieces = readFile(pieceFile), vocabulary = readFile(vocabularyFile);
    const auto place = concat("'", pathText(vocabularyFile), "'");
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (const auto error = parser.parse(vocabulary).get(root)) {
        static_cast<void>(
            parseJson(vocabulary, place)); // says line and column, when it too finds the mistake
        throw Error(ErrorKind::Checkpoint,
            concat(place, " is not valid JSON: ", simdjson::error_message(error), "."));
    }
    auto model = std::make_unique<MarianModel>(pieces, readVocabularyObject(root, place, "the vocabulary"),
        settings.unknown, concat("'", pathText(pieceFile), "'"), place);
    PipelineParts parts;
    parts.decoder = std::make_unique<MarianDecoder>(
        model->spelling(), std::vector{settings.eos, settings.unknown, settings.pad});
    parts.model = std::move(model);
    parts.added = AddedVocabulary(settings.added, *parts.model, nullptr);
    const auto idOf = [&](const std::string& token) {
        return parts.added.tokenToId(token).value_or(parts.model->unknownId().value_or(0));
    };
    const auto eos = settings.eos + ":0";
    const auto block = templateBlock({"$A:0", eos}, {"$A:0", "$B:0", eos}, idOf);
    parts.postProcessor = createPostProcessor(TokenizerBlock(block, place));
    auto tokenizer = std::make_unique<PipelineTokenizer>(std::move(parts));
    for (const char* name : {"vocab.json", "source.spm", "target.spm", "target_vocab.json"}) {
        std::error_code ignored;
        if (std::filesystem::exists(folder / name, ignored))
            tokenizer->facts.files.push_back(folder / name);
    }
    tokenizer->facts.contentHash = sha256(
        concat("marian ", static_cast<int>(role), "\n", pieces, "\n", vocabulary, "\n", settings.identity()));
    if (!settings.pad.empty())
        tokenizer->facts.padId = tokenizer->tokenToId(settings.pad);
    return tokenizer;
}

} // namespace studio
