// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace studio {

/// Removes tags, comments, declarations and the content of script and style. Tags that end a line or a cell
/// leave one space between words; a '<' that begins no whole tag stays as it is.
[[nodiscard]] std::string stripHtmlTags(std::string_view text);

/// Named and numeric character references become characters, by the rules of HTML 5 (as Python's
/// html.unescape).
[[nodiscard]] std::string decodeHtmlEntities(std::string_view text);

} // namespace studio
