// SPDX-License-Identifier: MIT
#include "core/text/post_processor.h"

#include "core/base/concat.h"

#include <utility>

namespace studio {
namespace {

using Kind = TemplatePiece::Kind;

int32_t readId(const Json& value, const TokenizerBlock& block)
{
    if (!value.is_number_integer() || value.get<int64_t>() < 0 || value.get<int64_t>() > INT32_MAX)
        block.fail(concat("a token or type id was expected, but found ", jsonLine(value)));
    return static_cast<int32_t>(value.get<int64_t>());
}

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
    const auto& special = block.member("special_tokens");
    if (!special.is_object() || !special.contains(id))
        block.fail(concat(
            "the template uses the special token \"", id, "\", which \"special_tokens\" does not define"));
    const TokenizerBlock definition(special[id], block.place());
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

PostProcessor readTemplate(const TokenizerBlock& block)
{
    PostProcessor processor;
    for (const auto& piece : block.list("single")) {
        processor.single.push_back(readPiece(piece, block));
        if (processor.single.back().kind == Kind::Second)
            block.fail("the template of a single text uses the second text");
    }
    for (const auto& piece : block.list("pair"))
        processor.pair.push_back(readPiece(piece, block));
    return processor;
}

std::pair<std::string, int32_t> readNamedId(const TokenizerBlock& block, const char* key)
{
    const auto& entry = block.list(key);
    if (entry.size() != 2 || !entry[0].is_string())
        block.fail(concat("\"", key, "\" must be a list of a token and its id"));
    return {entry[0].get<std::string>(), readId(entry[1], block)};
}

} // namespace

int32_t PostProcessor::specialTokenCount(bool forPair) const
{
    size_t count = 0;
    for (const auto& piece : pieces(forPair))
        count += piece.ids.size();
    return static_cast<int32_t>(count);
}

PostProcessor createPostProcessor(const TokenizerBlock& block)
{
    if (block.isNull())
        return {{{Kind::First, 0, {}, {}}}, {{Kind::First, 0, {}, {}}, {Kind::Second, 1, {}, {}}}};
    const auto type = block.type();
    if (type == "TemplateProcessing")
        return readTemplate(block);
    if (type == "BertProcessing") {
        const auto [cls, clsId] = readNamedId(block, "cls");
        const auto [sep, sepId] = readNamedId(block, "sep");
        return bertPostProcessor(cls, clsId, sep, sepId);
    }
    block.failUnknown("post-processor", {"BertProcessing", "TemplateProcessing"});
}

PostProcessor bertPostProcessor(const std::string& cls, int32_t clsId, const std::string& sep, int32_t sepId)
{
    const TemplatePiece start{Kind::Special, 0, {clsId}, {cls}};
    const TemplatePiece first{Kind::First, 0, {}, {}};
    const TemplatePiece firstEnd{Kind::Special, 0, {sepId}, {sep}};
    const TemplatePiece second{Kind::Second, 1, {}, {}};
    const TemplatePiece secondEnd{Kind::Special, 1, {sepId}, {sep}};
    return {{start, first, firstEnd}, {start, first, firstEnd, second, secondEnd}};
}

} // namespace studio
