// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/json.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace studio {

/// One block of a tokenizer.json ({"type": …}) with its place, for messages: "/path/tokenizer.json:
/// normalizer". Every getter throws Error{Checkpoint} naming the place, the block and the key.
class TokenizerBlock {
public:
    TokenizerBlock(const Json& json, std::string place);

    [[nodiscard]] bool isNull() const { return m_json.is_null(); }
    [[nodiscard]] const std::string& place() const { return m_place; }
    [[nodiscard]] const Json& json() const { return m_json; }
    [[nodiscard]] std::string type() const;
    [[nodiscard]] bool flag(const char* key) const;
    [[nodiscard]] std::string text(const char* key) const;
    [[nodiscard]] const Json& list(const char* key) const;
    [[nodiscard]] const Json& member(const char* key) const;
    [[noreturn]] void fail(std::string_view what) const;
    /// For a type that is not among those this program knows.
    [[noreturn]] void failUnknown(std::string_view kind, std::initializer_list<std::string_view> known) const;

private:
    const Json& m_json;
    std::string m_place;
};

} // namespace studio
