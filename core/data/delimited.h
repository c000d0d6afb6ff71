// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// How fields and records of a delimited file are told apart.
struct Dialect {
    char delimiter = ',';
    char quote = '"'; ///< '\0': no quoting
    bool bareCr = false; ///< records end with '\r' alone; else with '\n', a '\r' before it dropped
};

/// One field of a record: bytes [begin, end) of the text. A quoted field holds its quotes; `closing` is the
/// position of the closing one, what stands between it and `end` belongs to the value too.
struct FieldSpan {
    static constexpr size_t unquoted = size_t(-1);
    size_t begin = 0;
    size_t end = 0;
    size_t closing = unquoted;
};

/// One record: bytes [begin, end) without its line end; `next` is where the following one begins.
struct RecordScan {
    size_t end = 0;
    size_t next = 0;
    int64_t fields = 0;
    int64_t lines = 1; ///< lines of the file that it takes
    bool blank = false; ///< nothing but a line end
    bool unclosedQuote
        = false; ///< a quote opens a field and no fitting one closes it: taken as an ordinary character
    bool carriageReturn = false; ///< ended by "\r\n" (or "\r")
    bool lineFeed = false;
};

/// The longest row that is accepted: text that is longer is a file whose line ends were not understood.
inline constexpr size_t maxRowBytes = size_t(16) << 20;

/// Reads one record from `position` (RFC 4180, read tolerantly: quotes inside unquoted fields are ordinary,
/// line ends inside quotes belong to the value, a backslash is a backslash). `fields` may be null.
[[nodiscard]] RecordScan scanRecord(
    std::string_view text, size_t position, const Dialect& dialect, std::vector<FieldSpan>* fields);

/// Appends the value of a field.
void appendField(std::string& out, std::string_view text, const FieldSpan& field, char quote);

/// Position after the line that begins at `position`; `end` is where its content ends.
[[nodiscard]] size_t nextLine(std::string_view text, size_t position, bool bareCr, size_t& end);

/// The text beginning with a file's content, cut after a whole line where `whole` is false.
struct DialectSample {
    std::string_view text;
    bool whole = true;
    std::string extension; ///< ".csv", lower case
};

/// True when `text` has '\r' but no '\n'.
[[nodiscard]] bool usesBareCr(std::string_view text);

struct DialectGuess {
    char delimiter = '\0'; ///< '\0': not a table of fields
    char quote = '\0';
    int64_t columns = 0;
    bool quotesSeen = false; ///< a cell of the sample begins with a quote
};

/// The delimiter among comma, tab, semicolon and bar that cuts the sample into equally many fields, with its
/// quoting. What the user fixed is kept.
[[nodiscard]] DialectGuess guessDialect(
    const DialectSample& sample, bool bareCr, std::optional<char> delimiter, std::optional<char> quote);

/// True when each line is a label of few different ones, a space, and text.
[[nodiscard]] bool looksLikeLabelText(const DialectSample& sample, bool bareCr);

/// fastText's "__label__a __label__b text": the labels, and where the text begins.
struct LabelledLine {
    std::vector<std::string_view> labels;
    size_t text = 0;
};
[[nodiscard]] LabelledLine splitLabelledLine(std::string_view line);

/// True when each line of the sample begins with a fastText label and one with several.
[[nodiscard]] bool hasSeveralLabels(const DialectSample& sample, bool bareCr);

/// True when the first record reads as column names rather than data.
[[nodiscard]] bool looksLikeHeader(const std::vector<std::vector<std::string>>& records);

/// True for a name that columns of text data sets carry: text, label, sentence1, review, 标签, …
[[nodiscard]] bool isKnownColumnName(std::string_view name);

} // namespace studio
