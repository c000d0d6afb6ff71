// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

namespace studio {

/// A named character reference: the name after '&' (with its ';' unless it may go without) and the UTF-8 it
/// stands for.
struct HtmlEntity {
    std::string_view name;
    std::string_view text;
};

/// All named character references of HTML 5, ordered by name.
[[nodiscard]] std::span<const HtmlEntity> htmlEntities() noexcept;

} // namespace studio
