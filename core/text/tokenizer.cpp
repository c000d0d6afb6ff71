// SPDX-License-Identifier: MIT
#include "core/text/tokenizer.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/unicode.h"
#include "core/io/checkpoint_files.h"
#include "core/io/gguf_model.h"
#include "core/text/character_table.h"
#include "core/text/tokenizer_loading.h"

#include <algorithm>
#include <array>
#include <utility>

namespace studio {
namespace {

constexpr std::array sentencePieceNames{
    "spiece.model", "sentencepiece.bpe.model", "tokenizer.model", "spm.model", "sentencepiece.model"};

constexpr size_t longestPart = 1 << 20; // bytes of a text that unknownShare looks at in one go

bool isThere(const std::filesystem::path& file)
{
    std::error_code ignored;
    return std::filesystem::exists(file, ignored);
}

/// The text itself when it is well-formed, else its repaired copy in `storage`.
std::string_view repaired(std::string_view text, std::string& storage)
{
    if (isValidUtf8(text))
        return text;
    storage = repairUtf8(text);
    return storage;
}

/// Adds what the small files of the folder say.
void completeFacts(TokenizerAlgorithm& algorithm, const TokenizerSettings& settings)
{
    auto& facts = algorithm.facts;
    facts.modelMaxLength = settings.modelMaxLength;
    if (settings.namesTruncationSide)
        facts.truncationSide = settings.truncationSide;
    if (settings.namesPad || !facts.padId) {
        if (const auto id = algorithm.tokenToId(settings.pad); id && !settings.pad.empty())
            facts.padId = id;
    }
    if (const auto inputs = settings.config.find("model_input_names");
        inputs != settings.config.end() && inputs->is_array())
        facts.givesTypeIds = std::ranges::find(*inputs, Json("token_type_ids")) != inputs->end();
    if (!facts.givesTypeIds)
        facts.contentHash += "-without-types";
    facts.files.insert(facts.files.end(), settings.files.begin(), settings.files.end());
    for (auto& file : facts.files)
        file = std::filesystem::absolute(file);
}

/// The tokeniser that a GGUF file describes.
std::unique_ptr<TokenizerAlgorithm> loadGguf(const std::filesystem::path& path)
{
    const MappedFile file(path);
    const auto content = readGguf(file.bytes(), pathText(path));
    auto algorithm = readTokenizerJson(ggufTokenizerJson(content, pathText(path)), path);
    auto& facts = algorithm->facts;
    facts.files = {std::filesystem::absolute(path)};
    if (const auto pad = content.integer("tokenizer.ggml.padding_token_id"))
        facts.padId = static_cast<int32_t>(*pad);
    return algorithm;
}

/// A sentence that quotes what a file holds, in one line of bearable length.
std::string asOneLine(std::string_view sentence)
{
    constexpr int64_t longest = 1500; // characters
    std::string line;
    for (const char c : elided(sentence, longest)) {
        if (c == '\n' || c == '\r' || c == '\t')
            line += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        else
            line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    }
    return line.ends_with('.') ? line : line + '.';
}

/// What `load` returns, with its errors in sentences.
template <typename Load>
std::shared_ptr<Tokenizer> loaded(Load load)
{
    try {
        return std::make_shared<Tokenizer>(load());
    } catch (const Error& error) {
        throw Error(error.kind(), asOneLine(error.what()));
    }
}

std::unique_ptr<TokenizerAlgorithm> loadFolder(const std::filesystem::path& folder, TextRole role)
{
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored) && !ggufFile(folder))
        throw Error(ErrorKind::File, concat("'", pathText(folder), "' is not a folder that can be read."));
    std::unique_ptr<TokenizerAlgorithm> algorithm;
    const bool whole = isThere(folder / "tokenizer.json"), pieces = isThere(folder / "vocab.txt");
    const auto family = whole ? tokenizerJsonFamily(folder)
        : pieces              ? TokenizerFamily::Bert // a list of pieces is BERT's
                              : tokenizerFamily(folder);
    const auto settings = readTokenizerSettings(folder, specialTokensOf(family));
    const auto piecesFile = std::find_if(sentencePieceNames.begin(), sentencePieceNames.end(),
        [&](const char* candidate) { return isThere(folder / candidate); });
    // Files that hold a vocabulary alone; the rest is the class's.
    if (!whole && (pieces || isThere(folder / "vocab.json") || piecesFile != sentencePieceNames.end()))
        requireKnownTokenizerClass(folder);
    if (whole) {
        algorithm = loadTokenizerJson(folder / "tokenizer.json", family, &settings);
        if (pieces)
            algorithm->facts.files.push_back(folder / "vocab.txt");
    } else if (pieces) {
        algorithm = loadVocabularyText(folder / "vocab.txt", settings);
    } else if (isThere(folder / "vocab.json") && isThere(folder / "merges.txt")) {
        algorithm = loadVocabularyAndMerges(folder, family, settings);
    } else if (isThere(folder / "source.spm") && isThere(folder / "vocab.json")) {
        algorithm = loadMarian(folder,
            family == TokenizerFamily::Marian
                ? settings
                : readTokenizerSettings(folder, specialTokensOf(TokenizerFamily::Marian)),
            role);
    } else if (piecesFile != sentencePieceNames.end()) {
        switch (family) {
        case TokenizerFamily::Unknown:
        case TokenizerFamily::Bert:
            algorithm = loadSentencePiece(folder / *piecesFile);
            break;
        case TokenizerFamily::Gpt2:
        case TokenizerFamily::CodeGen:
        case TokenizerFamily::Roberta:
        case TokenizerFamily::Qwen2:
        case TokenizerFamily::Marian:
            throw Error(ErrorKind::Checkpoint,
                concat("'", pathText(folder), "' holds ", *piecesFile,
                    ", but the tokeniser that its configuration names reads other files (vocab.json and ",
                    family == TokenizerFamily::Marian ? "source.spm" : "merges.txt", "), which are absent."));
        default:
            algorithm = loadSentencePiece(folder / *piecesFile, family, settings, role);
        }
    } else if (const auto gguf = ggufFile(folder)) {
        return loadGguf(*gguf);
    } else {
        throw Error(ErrorKind::Checkpoint,
            concat("'", pathText(folder),
                "' holds no tokeniser: tokenizer.json, vocab.txt, vocab.json with merges.txt, or a "
                "SentencePiece model (spiece.model, tokenizer.model, sentencepiece.bpe.model, spm.model) was "
                "expected. Copy it from where the model came from."));
    }
    algorithm->facts.givesTypeIds = classGivesTypeIds(folder);
    completeFacts(*algorithm, settings);
    return algorithm;
}

std::unique_ptr<TokenizerAlgorithm> loadOneFile(const std::filesystem::path& file)
{
    std::unique_ptr<TokenizerAlgorithm> algorithm;
    const auto extension = file.extension();
    if (extension == ".json") {
        algorithm = loadTokenizerJson(file);
    } else if (extension == ".txt") {
        TokenizerSettings settings;
        for (const auto& content :
            {settings.unknown, settings.sep, settings.pad, settings.cls, settings.mask})
            settings.added.push_back({content, false, false, false, false, true});
        algorithm = loadVocabularyText(file, settings);
    } else if (extension == ".model") {
        algorithm = loadSentencePiece(file);
    } else {
        throw Error(ErrorKind::Checkpoint,
            concat("'", pathText(file),
                "' is not a tokeniser file: a .json, .txt or .model file was expected."));
    }
    completeFacts(*algorithm, {});
    return algorithm;
}

} // namespace

Tokenizer::Tokenizer(std::unique_ptr<TokenizerAlgorithm> algorithm)
    : m_algorithm(std::move(algorithm))
{
}

Tokenizer::~Tokenizer() = default;

std::shared_ptr<Tokenizer> Tokenizer::load(const std::filesystem::path& folder, TextRole role)
{
    return loaded([&] { return loadFolder(folder, role); });
}

std::shared_ptr<Tokenizer> Tokenizer::loadFile(const std::filesystem::path& file)
{
    return loaded([&] { return loadOneFile(file); });
}

void Tokenizer::refuseIdsFrom(int32_t limit)
{
    auto& facts = m_algorithm->facts;
    facts.idLimit = limit;
    facts.contentHash
        = concat(facts.contentHash, "-below-", limit); // what was tokenised without it may hold them
}

/// What the algorithm gives, as the model may have it.
template <typename Tokens>
Tokens Tokenizer::checked(Tokens tokens) const
{
    const auto& facts = m_algorithm->facts;
    if (!facts.givesTypeIds)
        std::ranges::fill(tokens.typeIds, 0);
    if (facts.idLimit) {
        for (const auto id : tokens.ids) {
            if (id >= *facts.idLimit)
                throw Error(ErrorKind::Data,
                    concat("A text holds the token '", idToToken(id), "' (id ", id,
                        "), but the model's word embedding has ", *facts.idLimit,
                        " rows; take it out of the text, or take the tokeniser files that belong to this "
                        "model."));
        }
    }
    return tokens;
}

Encoding Tokenizer::encode(std::string_view text, const EncodeOptions& options) const
{
    std::string storage;
    return checked(m_algorithm->encode(repaired(text, storage), nullptr, options));
}

Encoding Tokenizer::encodePair(
    std::string_view first, std::string_view second, const EncodeOptions& options) const
{
    std::string firstStorage, secondStorage;
    const auto secondText = repaired(second, secondStorage);
    return checked(m_algorithm->encode(repaired(first, firstStorage), &secondText, options));
}

std::vector<Encoding> Tokenizer::encodeWindows(
    std::string_view first, const std::string_view* second, const EncodeOptions& options) const
{
    std::string firstStorage, secondStorage;
    const auto firstText = repaired(first, firstStorage);
    const auto secondText = second == nullptr ? std::string_view() : repaired(*second, secondStorage);
    auto windows = m_algorithm->encodeWindows(firstText, second == nullptr ? nullptr : &secondText, options);
    for (auto& window : windows)
        window = checked(std::move(window));
    return windows;
}

TokenIds Tokenizer::encodeIds(
    std::string_view first, const std::string_view* second, const EncodeOptions& options) const
{
    std::string firstStorage, secondStorage;
    const auto firstText = repaired(first, firstStorage);
    if (second == nullptr)
        return checked(m_algorithm->encodeIds(firstText, nullptr, options));
    const auto secondText = repaired(*second, secondStorage);
    return checked(m_algorithm->encodeIds(firstText, &secondText, options));
}

std::string Tokenizer::decode(std::span<const int32_t> ids, bool skipSpecialTokens) const
{
    return m_algorithm->decode(ids, skipSpecialTokens);
}

int32_t Tokenizer::vocabularySize() const
{
    return m_algorithm->vocabularySize();
}

std::optional<int32_t> Tokenizer::tokenToId(std::string_view token) const
{
    return m_algorithm->tokenToId(token);
}

std::string Tokenizer::idToToken(int32_t id) const
{
    return m_algorithm->idToToken(id);
}

std::optional<int32_t> Tokenizer::allowed(std::optional<int32_t> id) const
{
    const auto& limit = m_algorithm->facts.idLimit;
    return id && limit && *id >= *limit ? std::nullopt : id;
}

std::optional<int32_t> Tokenizer::unknownId() const
{
    return allowed(m_algorithm->unknownId());
}

std::optional<int32_t> Tokenizer::padId() const
{
    return allowed(m_algorithm->facts.padId);
}

std::optional<int32_t> Tokenizer::modelMaxLength() const
{
    return m_algorithm->facts.modelMaxLength;
}

TruncationSide Tokenizer::truncationSide() const
{
    return m_algorithm->facts.truncationSide;
}

int32_t Tokenizer::specialTokenCount(bool pair) const
{
    return m_algorithm->specialTokenCount(pair);
}

std::string Tokenizer::kind() const
{
    return m_algorithm->kind();
}

std::string Tokenizer::contentHash() const
{
    return m_algorithm->facts.contentHash;
}

std::vector<std::filesystem::path> Tokenizer::files() const
{
    return m_algorithm->facts.files;
}

double unknownShare(const Tokenizer& tokenizer, std::span<const std::string> texts)
{
    const auto unknown = tokenizer.unknownId();
    if (!unknown)
        return 0;
    const auto& table = CharacterTable::instance();
    int64_t visible = 0, lost = 0;
    const auto count = [&](std::string_view text) {
        const auto characters = toUtf32(text);
        const auto visibleIn = [&](size_t start, size_t end) {
            const auto begin = characters.begin();
            return std::count_if(begin + static_cast<std::ptrdiff_t>(start),
                begin + static_cast<std::ptrdiff_t>(end),
                [&](char32_t c) { return !table.is(c, WhiteSpaceCharacter); });
        };
        visible += visibleIn(0, characters.size());
        const auto encoding = tokenizer.encode(text, {.addSpecialTokens = false});
        for (size_t i = 0; i < encoding.ids.size(); ++i) {
            const auto [start, end] = encoding.offsets[i];
            if (encoding.ids[i] == *unknown)
                lost += visibleIn(static_cast<size_t>(start), static_cast<size_t>(end));
        }
    };
    for (const auto& whole : texts) {
        // Offsets need many times a text's memory, so enormous ones are taken in parts that end at a space.
        std::string_view rest = whole;
        while (rest.size() > longestPart) {
            auto cut = rest.rfind(' ', longestPart);
            if (cut == std::string_view::npos || cut == 0)
                cut = longestPart;
            while (cut > 1 && (static_cast<unsigned char>(rest[cut]) & 0xC0) == 0x80)
                --cut;
            count(rest.substr(0, cut));
            rest.remove_prefix(cut);
        }
        count(rest);
    }
    return visible == 0 ? 0.0 : static_cast<double>(lost) / static_cast<double>(visible);
}

} // namespace studio
