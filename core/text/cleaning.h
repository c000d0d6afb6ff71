// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// Cleaning steps of texts, applied in this order; all off by default. Names as `--clean
/// html,urls,nfkc,whitespace,…`.
struct CleaningOptions {
    bool html = false; ///< strip tags and comments, decode entities
    bool urls = false; ///< remove http(s)://…, www.…
    bool nfkc = false; ///< Unicode NFKC
    bool whitespace = false; ///< collapse runs of white space to one space, trim
    bool dropEmpty = false; ///< rows whose text is empty afterwards
    bool dropDuplicates = false; ///< later rows with equal text, pair and label
    bool operator==(const CleaningOptions&) const = default;
};

/// Parses "html,whitespace"; throws Error{Settings} naming the unknown step and the known ones.
[[nodiscard]] CleaningOptions parseCleaning(std::string_view list);
[[nodiscard]] std::vector<std::string> cleaningNames(const CleaningOptions& options);
/// The text steps (not the row steps) applied to one text.
[[nodiscard]] std::string cleanText(std::string_view text, const CleaningOptions& options);

} // namespace studio
