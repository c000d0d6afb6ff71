// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/unicode.h"
#include "core/text/character_table.h"
#include "core/text/pipeline_tokenizer.h"
#include "core/text/tokenizer_loading.h"
#include "core/text/wordpiece.h"

#include <unordered_map>
#include <utility>

namespace studio {
namespace {

/// Without the white space at its end, as the reference reads vocabulary files.
std::string_view trimmedEnd(std::string_view line)
{
    while (!line.empty()) {
        size_t last = line.size() - 1;
        while (last > 0 && (static_cast<unsigned char>(line[last]) & 0xC0) == 0x80)
            --last;
        const auto c = toUtf32(line.substr(last));
        if (c.size() != 1 || !CharacterTable::instance().is(c[0], WhiteSpaceCharacter))
            break;
        line = line.substr(0, last);
    }
    return line;
}

/// A piece a line; its number is its id. Only '\n' ends a line: pieces may hold U+2028, U+0085 and the like.
/// Empty lines are no pieces that a text could hold.
std::vector<std::pair<std::string, int32_t>> readPieces(std::string_view text, const std::string& place)
{
    std::vector<std::pair<std::string, int32_t>> pieces;
    std::unordered_map<std::string_view, size_t> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = trimmedEnd(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        pieces.emplace_back(std::string(line), static_cast<int32_t>(pieces.size()));
        const auto [first, isNew] = lines.try_emplace(line, pieces.size());
        if (!isNew && !line.empty())
            throw Error(ErrorKind::Checkpoint,
                concat(place, " has the piece \"", elided(line, 40), "\" twice, in the lines ", first->second,
                    " and ", pieces.size(), "; take the file from where the model came from."));
    }
    return pieces;
}

std::string flagText(std::optional<bool> flag)
{
    return flag ? (*flag ? "true" : "false") : "null";
}

} // namespace

std::unique_ptr<TokenizerAlgorithm> loadVocabularyText(
    const std::filesystem::path& file, const TokenizerSettings& settings)
{
    const auto place = concat("'", pathText(file), "'");
    const auto content = readFile(file);
    if (!isValidUtf8(content))
        throw Error(
            ErrorKind::Checkpoint, concat(place, " is not UTF-8 text; it is damaged or no vocabulary file."));

    PipelineParts parts;
    WordPieceOptions wordPiece;
    wordPiece.unknownToken = settings.unknown;
    parts.model = std::make_unique<WordPiece>(readPieces(content, place), wordPiece, place);
    BertNormalizerOptions normalizer;
    normalizer.handleChineseChars = settings.tokenizeChineseChars;
    normalizer.stripAccents = settings.stripAccents;
    normalizer.lowercase = settings.lowercase;
    parts.normalizer = std::make_unique<BertNormalizer>(normalizer);
    parts.preTokenizer = std::make_unique<BertPreTokenizer>();
    parts.decoder = createWordPieceDecoder("##", true);
    parts.added = AddedVocabulary(settings.added, *parts.model, parts.normalizer.get());
    const auto idOf = [&](const std::string& token) {
        const auto added = parts.added.tokenToId(token);
        const auto id = added ? added : parts.model->tokenToId(token);
        if (!id)
            throw Error(ErrorKind::Checkpoint,
                concat(place, ": the vocabulary has no \"", token,
                    "\", which every text needs; it belongs to another "
                    "kind of tokeniser or is damaged."));
        return *id;
    };
    parts.postProcessor
        = bertPostProcessor(settings.cls, idOf(settings.cls), settings.sep, idOf(settings.sep));

    std::string identity = concat("vocab.txt\n", content, "\nlowercase ", normalizer.lowercase, " chinese ",
        normalizer.handleChineseChars, " accents ", flagText(normalizer.stripAccents), " unknown ",
        settings.unknown, " cls ", settings.cls, " sep ", settings.sep);
    for (const auto& token : settings.added)
        identity += concat("\n", token.content, " ", token.singleWord, token.leftStrip, token.rightStrip,
            token.normalized, token.special);
    auto tokenizer = std::make_unique<PipelineTokenizer>(std::move(parts));
    tokenizer->facts.files = {file};
    tokenizer->facts.contentHash = sha256(identity);
    tokenizer->facts.padId = tokenizer->tokenToId(settings.pad);
    return tokenizer;
}

} // namespace studio
