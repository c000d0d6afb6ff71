// SPDX-License-Identifier: MIT
#include "core/text/tokenizer_block.h"

#include "core/base/concat.h"
#include "core/base/error.h"

#include <utility>

namespace studio {

TokenizerBlock::TokenizerBlock(const Json& json, std::string place)
    : m_json(json)
    , m_place(std::move(place))
{
    if (!json.is_null() && !json.is_object())
        fail(concat("an object with a \"type\" was expected, but found ", json.type_name()));
}

std::string TokenizerBlock::type() const
{
    return text("type");
}

const Json& TokenizerBlock::member(const char* key) const
{
    const auto found = m_json.find(key);
    if (found == m_json.end())
        fail(concat("the key \"", key, "\" is missing"));
    return *found;
}

bool TokenizerBlock::flag(const char* key) const
{
    const auto& value = member(key);
    if (!value.is_boolean())
        fail(concat("\"", key, "\" must be true or false, but is ", jsonLine(value)));
    return value.get<bool>();
}

std::string TokenizerBlock::text(const char* key) const
{
    const auto& value = member(key);
    if (!value.is_string())
        fail(concat("\"", key, "\" must be a string, but is ", jsonLine(value)));
    return value.get<std::string>();
}

const Json& TokenizerBlock::list(const char* key) const
{
    const auto& value = member(key);
    if (!value.is_array())
        fail(concat("\"", key, "\" must be a list, but is ", value.type_name()));
    return value;
}

void TokenizerBlock::fail(std::string_view what) const
{
    throw Error(ErrorKind::Checkpoint,
        concat(m_place, ": ", what,
            ". The file is damaged or was written by a library that is not compatible."));
}

void TokenizerBlock::failUnknown(std::string_view kind, std::initializer_list<std::string_view> known) const
{
    std::string names;
    for (const auto name : known)
        names += concat(names.empty() ? "" : ", ", name);
    throw Error(ErrorKind::Checkpoint,
        concat(m_place, ": the ", kind, " \"", type(), "\" is not supported by this version; supported are ",
            names, "."));
}

} // namespace studio
