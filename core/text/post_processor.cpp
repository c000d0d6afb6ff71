// SPDX-License-Identifier: MIT
#include "core/text/post_processor.h"

#include "core/base/concat.h"
#include "core/base/unicode.h"
#include "core/text/character_table.h"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

namespace studio {
namespace {

using Kind = TemplatePiece::Kind;

/// A part of the result while it is put together, an Encoding of the reference: its pieces, and which of them
/// belong to which text.
struct Part {
    std::vector<TemplatePiece> pieces;
    std::map<int, std::pair<size_t, size_t>> sequences;

    void setTypes(int32_t typeId)
    {
        for (auto& piece : pieces)
            piece.typeId = typeId;
    }
    void setSequence(size_t id) { sequences[static_cast<int>(id)] = {0, pieces.size()}; }
    void trim(bool addPrefixSpace)
    {
        for (auto& piece : pieces) {
            if (piece.kind != Kind::Special)
                piece.trims.push_back({addPrefixSpace, &piece == &pieces.front()});
        }
    }
    /// Puts `before` and `after` around; only they count as special afterwards.
    void frame(const TemplatePiece* before, const TemplatePiece& after, int sequence)
    {
        for (auto& piece : pieces)
            piece.masked = false;
        if (before)
            pieces.insert(pieces.begin(), *before);
        pieces.push_back(after);
        sequences = {{sequence, {before ? 1 : 0, pieces.size() - 1}}};
    }
};
using Parts = std::vector<Part>;

/// One processor of the chain, run on layouts instead of texts.
struct Step {
    virtual ~Step() = default;
    virtual void run(Parts& parts, bool addSpecialTokens) const = 0;
    [[nodiscard]] virtual int32_t added(bool pair) const = 0;
};

int32_t readId(const Json& value, const TokenizerBlock& block)
{
    if (!value.is_number_integer() || value.get<int64_t>() < 0 || value.get<int64_t>() > INT32_MAX)
        block.fail(concat("a token or type id was expected, but found ", jsonLine(value)));
    return static_cast<int32_t>(value.get<int64_t>());
}

TemplatePiece special(const std::string& token, int32_t id, int32_t typeId)
{
    return {.kind = Kind::Special, .typeId = typeId, .ids = {id}, .tokens = {token}, .masked = true};
}

/// [CLS] first [SEP], second [SEP] — or, RoBERTa's, [SEP] second [SEP] with all types 0 and trimmed places.
struct FrameStep : Step {
    std::string cls, sep;
    int32_t clsId = 0, sepId = 0;
    bool roberta = false, trims = false, addPrefixSpace = false;

    void run(Parts& parts, bool addSpecialTokens) const override
    {
        for (auto& part : parts) {
            if (roberta && trims)
                part.trim(addPrefixSpace);
            if (roberta)
                part.setTypes(0);
        }
        const auto start = special(cls, clsId, 0), separator = special(sep, sepId, 0);
        for (size_t i = 0; addSpecialTokens && i < parts.size(); ++i) {
            if (i == 0)
                parts[i].frame(&start, separator, 0);
            else if (roberta)
                parts[i].frame(&separator, separator, 1);
            else
                parts[i].frame(nullptr, special(sep, sepId, 1), 1);
        }
    }
    [[nodiscard]] int32_t added(bool pair) const override { return !pair ? 2 : roberta ? 4 : 3; }
};

struct ByteLevelStep : Step {
    bool trims = true, addPrefixSpace = true;

    void run(Parts& parts, bool) const override
    {
        for (size_t i = 0; i < parts.size(); ++i) {
            if (trims)
                parts[i].trim(addPrefixSpace);
            parts[i].setSequence(i);
        }
    }
    [[nodiscard]] int32_t added(bool) const override { return 0; }
};

TemplatePiece readPiece(const Json& json, const TokenizerBlock& block)
{
    TemplatePiece piece;
    if (!json.is_object() || json.size() != 1)
        block.fail(concat("a template piece was expected, but found ", jsonLine(json)));
    const TokenizerBlock inner(json.begin().value(), block.place());
    piece.typeId = readId(inner.member("type_id"), block);
    const auto id = inner.text("id");
    if (json.begin().key() == "Sequence") {
        if (id != "A" && id != "B")
            block.fail(concat("a template may use the sequences A and B, but uses \"", id, "\""));
        piece.kind = id == "A" ? Kind::First : Kind::Second;
        return piece;
    }
    if (json.begin().key() != "SpecialToken")
        block.fail(concat(
            "a template piece is a Sequence or a SpecialToken, but found \"", json.begin().key(), "\""));
    piece.kind = Kind::Special;
    piece.masked = true;
    const auto& tokens = block.member("special_tokens");
    if (!tokens.is_object() || !tokens.contains(id))
        block.fail(concat(
            "the template uses the special token \"", id, "\", which \"special_tokens\" does not define"));
    const TokenizerBlock definition(tokens[id], block.place());
    for (const auto& value : definition.list("ids"))
        piece.ids.push_back(readId(value, block));
    for (const auto& token : definition.list("tokens")) {
        if (!token.is_string())
            block.fail(concat("\"tokens\" of the special token \"", id, "\" must hold strings"));
        piece.tokens.push_back(token.get<std::string>());
    }
    if (piece.ids.size() != piece.tokens.size())
        block.fail(concat("the special token \"", id, "\" has ", piece.ids.size(), " ids but ",
            piece.tokens.size(), " tokens"));
    return piece;
}

struct TemplateStep : Step {
    explicit TemplateStep(const TokenizerBlock& block)
        : m_place(block)
    {
        for (const auto& piece : block.list("single")) {
            m_single.push_back(readPiece(piece, block));
            if (m_single.back().kind == Kind::Second)
                block.fail("the template of a single text uses the second text");
        }
        for (const auto& piece : block.list("pair"))
            m_pair.push_back(readPiece(piece, block));
    }
    void run(Parts& parts, bool addSpecialTokens) const override
    {
        if (parts.empty() || parts.size() > 2)
            m_place.fail(concat("a TemplateProcessing stands after processors that leave ", parts.size(),
                " parts, but it can only take one text or two"));
        Parts result;
        for (const auto& piece : parts.size() == 2 ? m_pair : m_single) {
            if (piece.kind == Kind::Special) {
                if (addSpecialTokens)
                    result.push_back({{piece}, {}});
                continue;
            }
            const size_t index = piece.kind == Kind::First ? 0 : 1;
            parts[index].setTypes(piece.typeId);
            parts[index].setSequence(index);
            result.push_back(parts[index]);
        }
        parts = std::move(result);
    }
    [[nodiscard]] int32_t added(bool pair) const override
    {
        size_t count = 0;
        for (const auto& piece : pair ? m_pair : m_single)
            count += piece.ids.size();
        return static_cast<int32_t>(count);
    }

private:
    TokenizerBlock m_place; ///< valid while the block is read, as this step is
    std::vector<TemplatePiece> m_single, m_pair;
};

std::pair<std::string, int32_t> readNamedId(const TokenizerBlock& block, const char* key)
{
    const auto& entry = block.list(key);
    if (entry.size() != 2 || !entry[0].is_string())
        block.fail(concat("\"", key, "\" must be a list of a token and its id"));
    return {entry[0].get<std::string>(), readId(entry[1], block)};
}

using Steps = std::vector<std::unique_ptr<Step>>;

void addSteps(const TokenizerBlock& block, Steps& steps)
{
    const auto type = block.type();
    if (type == "TemplateProcessing") {
        steps.push_back(std::make_unique<TemplateStep>(block));
    } else if (type == "BertProcessing" || type == "RobertaProcessing") {
        auto step = std::make_unique<FrameStep>();
        std::tie(step->cls, step->clsId) = readNamedId(block, "cls");
        std::tie(step->sep, step->sepId) = readNamedId(block, "sep");
        step->roberta = type == "RobertaProcessing";
        if (step->roberta) {
            step->trims = block.flag("trim_offsets");
            step->addPrefixSpace = block.flag("add_prefix_space");
        }
        steps.push_back(std::move(step));
    } else if (type == "ByteLevel") {
        auto step = std::make_unique<ByteLevelStep>();
        step->trims = block.flag("trim_offsets");
        step->addPrefixSpace = block.flag("add_prefix_space");
        steps.push_back(std::move(step));
    } else if (type == "Sequence") {
        size_t index = 0;
        for (const auto& part : block.list("processors")) {
            const TokenizerBlock inner(part, concat(block.place(), ".processors[", index++, "]"));
            if (inner.isNull())
                inner.fail("a post-processor was expected, but found null");
            addSteps(inner, steps);
        }
    } else {
        block.failUnknown("post-processor",
            {"BertProcessing", "ByteLevel", "RobertaProcessing", "Sequence", "TemplateProcessing"});
    }
}

std::vector<TemplatePiece> layoutOf(const Steps& steps, bool pair, bool addSpecialTokens)
{
    Parts parts(pair ? 2 : 1);
    for (size_t i = 0; i < parts.size(); ++i) {
        parts[i].pieces.push_back(
            {.kind = i == 0 ? Kind::First : Kind::Second, .typeId = static_cast<int32_t>(i)});
        parts[i].setSequence(i);
    }
    for (const auto& step : steps)
        step->run(parts, addSpecialTokens);
    Part whole;
    for (const auto& part : parts) {
        const size_t start = whole.pieces.size();
        for (const auto& [id, range] : part.sequences)
            whole.sequences[id] = {start + range.first, start + range.second};
        whole.pieces.insert(whole.pieces.end(), part.pieces.begin(), part.pieces.end());
    }
    // A text that has no range is taken for the whole, as the reference does.
    const size_t count = std::max<size_t>(whole.sequences.size(), 1);
    for (int id = 0; static_cast<size_t>(id) < count; ++id) {
        const auto found = whole.sequences.find(id);
        const auto [first, last] = found == whole.sequences.end()
            ? std::pair<size_t, size_t>{0, whole.pieces.size()}
            : found->second;
        for (size_t i = first; i < last; ++i)
            whole.pieces[i].sequenceId = static_cast<int8_t>(id);
    }
    return whole.pieces;
}

PostProcessor processorOf(const Steps& steps)
{
    PostProcessor processor;
    processor.single = layoutOf(steps, false, true);
    processor.pair = layoutOf(steps, true, true);
    for (const auto& step : steps) {
        processor.addedToSingle += step->added(false);
        processor.addedToPair += step->added(true);
    }
    for (const bool pair : {false, true}) {
        auto bare = layoutOf(steps, pair, false);
        auto without = processor.pieces(pair);
        std::erase_if(without, [](const TemplatePiece& piece) { return piece.kind == Kind::Special; });
        if (bare != without)
            (pair ? processor.barePair : processor.bareSingle) = std::move(bare);
    }
    return processor;
}

} // namespace

TokenSpan trimmedSpan(TokenSpan span, std::string_view token, size_t index, const OffsetTrim& trim)
{
    const auto isSpace = [](char32_t c) {
        return c == 0x120 || CharacterTable::instance().is(c, WhiteSpaceCharacter); // U+0120 stands for ' '
    };
    int32_t leading = 0, trailing = 0;
    bool onlySpaces = true;
    for (size_t at = 0; at < token.size();) {
        const bool space = isSpace(nextCodePoint(token, at));
        onlySpaces = onlySpaces && space;
        leading += onlySpaces ? 1 : 0;
        trailing = space ? trailing + 1 : 0;
    }
    if (leading > 0) {
        const bool isFirst = (index == 0 && trim.startsEncoding) || span.start == 0;
        const int32_t removed = isFirst && trim.addPrefixSpace && leading == 1 ? 0 : leading;
        span.start = std::min(span.start + removed, span.end);
    }
    if (trailing > 0 && span.end >= trailing)
        span.end = std::max(span.end - trailing, span.start);
    return span;
}

PostProcessor createPostProcessor(const TokenizerBlock& block)
{
    Steps steps;
    if (!block.isNull())
        addSteps(block, steps);
    return processorOf(steps);
}

PostProcessor bertPostProcessor(const std::string& cls, int32_t clsId, const std::string& sep, int32_t sepId)
{
    auto step = std::make_unique<FrameStep>();
    step->cls = cls;
    step->clsId = clsId;
    step->sep = sep;
    step->sepId = sepId;
    Steps steps;
    steps.push_back(std::move(step));
    return processorOf(steps);
}

} // namespace studio
