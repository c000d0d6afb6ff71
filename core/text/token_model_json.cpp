// SPDX-License-Identifier: MIT
#include "core/text/token_model_json.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/text/unigram.h"
#include "core/text/word_level.h"
#include "core/text/wordpiece.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace studio {
namespace {

/// The score as the reference's JSON reader gets it from the same digits: it rounds them to a double first,
/// then the quotient by a power of ten, which decides between pieces of equal score.
double scoreAsRead(double score)
{
    std::array<char, 32> text{};
    const auto written = std::to_chars(
        text.data(), text.data() + text.size(), std::fabs(score), std::chars_format::scientific);
    const std::string_view digits(text.data(), static_cast<size_t>(written.ptr - text.data())); // d.ddde-07
    const auto mark = digits.find('e');
    if (mark == std::string_view::npos)
        return score;
    uint64_t significand = 0;
    for (const char c : digits.substr(0, mark)) {
        if (c != '.')
            significand = significand * 10 + static_cast<uint64_t>(c - '0');
    }
    const int shift = mark > 1 ? static_cast<int>(mark) - 2 : 0; // digits after the point
    const auto* first = digits.data() + mark + 1;
    int exponent = 0;
    std::from_chars(*first == '+' ? first + 1 : first, written.ptr, exponent);
    exponent -= shift;
    if (exponent < -308 || exponent > 308)
        return score;
    double power = 0;
    const auto name = concat("1e", std::abs(exponent));
    std::from_chars(name.data(), name.data() + name.size(), power);
    const auto value = static_cast<double>(significand);
    return std::copysign(exponent < 0 ? value / power : value * power, score);
}

using Element = simdjson::dom::element;
using Entries = std::vector<std::pair<std::string_view, int32_t>>;

std::string shownJson(const Element& element)
{
    return std::string(simdjson::minify(element));
}

Entries readEntries(const Element& element, const std::string& place, std::string_view key)
{
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS) {
        throw Error(ErrorKind::Checkpoint,
            concat(place, ": ", key,
                " must be an object of pieces and their ids. The file is damaged or was "
                "written by a library that is not compatible."));
    }
    Entries entries;
    entries.reserve(object.size());
    for (const auto field : object) {
        int64_t id = 0;
        if (field.value.get(id) != simdjson::SUCCESS || id < 0 || id > PieceTable::largestAllowedId) {
            throw Error(ErrorKind::Checkpoint,
                concat(place, ": the id of the piece \"", field.key, "\" must be a number from 0 to ",
                    PieceTable::largestAllowedId, ", but is ", shownJson(field.value), "."));
        }
        entries.emplace_back(field.key, static_cast<int32_t>(id));
    }
    auto sorted = entries;
    std::sort(sorted.begin(), sorted.end());
    const auto same = std::adjacent_find(
        sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
    if (same != sorted.end()) {
        throw Error(ErrorKind::Checkpoint,
            concat(place, ": the vocabulary has the piece \"", same->first, "\" twice, with the ids ",
                same->second, " and ", (same + 1)->second, "; the file is damaged."));
    }
    return entries;
}

Element memberOf(const TokenizerBlock& block, const Element& element, const char* key)
{
    Element member;
    if (element[key].get(member) != simdjson::SUCCESS)
        block.fail(concat("the key \"", key, "\" is missing"));
    return member;
}

/// A text that may be absent or null.
std::optional<std::string> optionalText(const TokenizerBlock& block, const char* key)
{
    const auto found = block.json().find(key);
    if (found == block.json().end() || found->is_null())
        return std::nullopt;
    return block.text(key);
}

bool optionalFlag(const TokenizerBlock& block, const char* key)
{
    const auto found = block.json().find(key);
    return found != block.json().end() && !found->is_null() && block.flag(key);
}

std::vector<Bpe::Merge> readMerges(const TokenizerBlock& block, const Element& element)
{
    simdjson::dom::array list;
    if (element.get(list) != simdjson::SUCCESS)
        block.fail("\"merges\" must be a list");
    std::vector<Bpe::Merge> merges;
    merges.reserve(list.size());
    for (const auto entry : list) {
        std::string_view line;
        if (entry.get(line) == simdjson::SUCCESS) {
            if (!line.starts_with("#version"))
                merges.push_back(splitMerge(line, merges.size() + 1, block.place()));
            continue;
        }
        simdjson::dom::array pair;
        std::string_view left, right;
        if (entry.get(pair) != simdjson::SUCCESS || pair.size() != 2
            || pair.at(0).get(left) != simdjson::SUCCESS || pair.at(1).get(right) != simdjson::SUCCESS) {
            block.fail(concat(
                "the merge number ", merges.size() + 1, " must be two pieces, but is ", shownJson(entry)));
        }
        merges.emplace_back(left, right);
    }
    return merges;
}

std::unique_ptr<TokenModel> createBpe(const TokenizerBlock& block, const Element& element)
{
    BpeOptions options;
    options.unknownToken = optionalText(block, "unk_token");
    options.continuingPrefix = optionalText(block, "continuing_subword_prefix").value_or("");
    options.endOfWordSuffix = optionalText(block, "end_of_word_suffix").value_or("");
    options.fuseUnknown = optionalFlag(block, "fuse_unk");
    options.byteFallback = optionalFlag(block, "byte_fallback");
    options.ignoreMerges = optionalFlag(block, "ignore_merges");
    const auto merges = readMerges(block, memberOf(block, element, "merges"));
    return std::make_unique<Bpe>(
        readVocabularyObject(memberOf(block, element, "vocab"), block.place(), "\"vocab\""), merges,
        std::move(options), block.place());
}

std::unique_ptr<TokenModel> createUnigram(const TokenizerBlock& block, const Element& element)
{
    simdjson::dom::array list;
    if (memberOf(block, element, "vocab").get(list) != simdjson::SUCCESS)
        block.fail("\"vocab\" must be a list of pieces and their scores");
    std::vector<Unigram::ScoredPiece> pieces;
    pieces.reserve(list.size());
    for (const auto entry : list) {
        simdjson::dom::array pair;
        std::string_view piece;
        double score = 0;
        if (entry.get(pair) != simdjson::SUCCESS || pair.size() != 2
            || pair.at(0).get(piece) != simdjson::SUCCESS || pair.at(1).get(score) != simdjson::SUCCESS) {
            block.fail(concat("the entry number ", pieces.size(),
                " of the vocabulary must be a piece and its score, but is ", shownJson(entry)));
        }
        pieces.emplace_back(piece, scoreAsRead(score));
    }
    if (pieces.size() > static_cast<size_t>(PieceTable::largestAllowedId))
        block.fail(concat("the vocabulary has ", pieces.size(), " pieces, which is more than any model has"));
    std::optional<int32_t> unknown;
    const auto found = block.json().find("unk_id");
    if (found != block.json().end() && !found->is_null()) {
        if (!found->is_number_integer() || found->get<int64_t>() < 0 || found->get<int64_t>() > INT32_MAX)
            block.fail(concat("\"unk_id\" must be an id, but is ", jsonLine(*found)));
        unknown = found->get<int32_t>();
    }
    return std::make_unique<Unigram>(pieces, unknown, optionalFlag(block, "byte_fallback"), block.place());
}

std::unique_ptr<TokenModel> createWordPiece(const TokenizerBlock& block, const Element& element)
{
    WordPieceOptions options;
    options.unknownToken = block.text("unk_token");
    options.continuingPrefix = block.text("continuing_subword_prefix");
    const auto& maxChars = block.member("max_input_chars_per_word");
    if (!maxChars.is_number_integer() || maxChars.get<int64_t>() < 0)
        block.fail(concat("\"max_input_chars_per_word\" must be a count, but is ", jsonLine(maxChars)));
    options.maxCharsPerWord = maxChars.get<int64_t>();
    const auto entries = readEntries(memberOf(block, element, "vocab"), block.place(), "\"vocab\"");
    static_cast<void>(PieceTable(entries, block.place())); // tells of ids that are given twice
    std::vector<std::pair<std::string, int32_t>> pieces(entries.begin(), entries.end());
    return std::make_unique<WordPiece>(std::move(pieces), options, block.place());
}

std::unique_ptr<TokenModel> createWordLevel(const TokenizerBlock& block, const Element& element)
{
    return std::make_unique<WordLevel>(
        readVocabularyObject(memberOf(block, element, "vocab"), block.place(), "\"vocab\""),
        block.text("unk_token"), block.place());
}

/// Old files do not name the type: the keys tell it, in the reference's order.
std::string typeOf(const TokenizerBlock& block, const Element& element)
{
    if (block.json().contains("type"))
        return block.type();
    const auto has = [&](const char* key) { return element[key].error() == simdjson::SUCCESS; };
    if (has("merges"))
        return "BPE";
    if (has("max_input_chars_per_word"))
        return "WordPiece";
    return has("unk_token") ? "WordLevel" : "Unigram";
}

} // namespace

PieceTable readVocabularyObject(const Element& element, const std::string& place, std::string_view key)
{
    return PieceTable(readEntries(element, place, key), place);
}

Bpe::Merge splitMerge(std::string_view line, size_t number, const std::string& place)
{
    const auto space = line.find(' ');
    if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos) {
        throw Error(ErrorKind::Checkpoint,
            concat(place, ": the merge number ", number,
                " must be two pieces with one space between them, but is \"", line,
                "\"; the file is damaged."));
    }
    return {line.substr(0, space), line.substr(space + 1)};
}

std::unique_ptr<TokenModel> createTokenModel(const TokenizerBlock& block, const Element& element)
{
    const auto type = typeOf(block, element);
    if (type == "BPE")
        return createBpe(block, element);
    if (type == "Unigram")
        return createUnigram(block, element);
    if (type == "WordPiece")
        return createWordPiece(block, element);
    if (type == "WordLevel")
        return createWordLevel(block, element);
    block.failUnknown("model", {"BPE", "Unigram", "WordPiece", "WordLevel"});
}

} // namespace studio
