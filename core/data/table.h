// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/task.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace studio {

// g++ 12 takes the scoped enumerator Json for a declaration that hides the alias Json.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
enum class FileFormat {
    Auto,
    Delimited, ///< CSV, TSV, semicolons, …: delimiter and quote in TableInfo
    Json, ///< one array of objects, or an object holding one such array (`data`)
    JsonLines, ///< an object a line
    LabelText, ///< "label text": the label ends at the first space, no header
    Lines, ///< one text a line, no label
};
#pragma GCC diagnostic pop

/// What the user fixes; everything else is detected.
struct TableOptions {
    FileFormat format = FileFormat::Auto;
    std::string encoding
        = "auto"; ///< "auto", "utf-8", "utf-16le", "utf-16be", "gb18030", "windows-1252", "iso-8859-1"
    std::optional<char> delimiter = std::nullopt;
    std::optional<char> quote = std::nullopt; ///< '\0': no quoting
    std::optional<bool> header = std::nullopt;
    bool operator==(const TableOptions&) const = default;
};

/// What was found in the file.
struct TableInfo {
    std::filesystem::path file;
    uint64_t bytes = 0;
    std::string sha256;
    FileFormat format = FileFormat::Delimited;
    std::string encoding; ///< as in TableOptions
    bool byteOrderMark = false;
    char delimiter = ',';
    char quote = '"'; ///< '\0' without quoting
    bool header = false;
    std::string lineEnd; ///< "\n", "\r\n", "\r" or "mixed"
    std::vector<std::string> columns; ///< header names made unique; "column_1"… without a header
    int64_t rows = 0;
};

/// A row that does not fit; rows count from 1 (the header is not a row), lines of the file from 1.
struct TableIssue {
    enum class Kind {
        RaggedRow,
        UndecodableBytes,
        UnclosedQuote,
        InvalidJson,
        NulByte
    } kind
        = Kind::RaggedRow;
    int64_t row = 0;
    int64_t line = 0;
    std::string message;
};

/// A data file, read once from end to end when opened (sha256, row positions, issues), then rows by number
/// from the mapped file. Memory: 8 bytes a row plus issues. Immutable; any thread.
class Table {
public:
    /// Throws Error{File} (absent, unreadable) or Error{Data} (empty, no row, unusable), Error{Cancelled}.
    [[nodiscard]] static std::shared_ptr<const Table> open(
        const std::filesystem::path& file, const TableOptions& options = {}, const TaskControl& control = {});
    ~Table();

    [[nodiscard]] const TableInfo& info() const;
    /// For before rows are read that are long open: throws Error{Data} where the file has become shorter
    /// since (one too large to be held in memory; the rows of others stay as they were).
    void requireIntact() const;
    [[nodiscard]] int64_t rowCount() const;
    /// Column number by name (or by number as text, from 1, when no name matches); throws Error{Data} listing
    /// the columns.
    [[nodiscard]] int columnIndex(const std::string& name) const;
    /// Cells of row `row` (from 0), as many as there are columns; missing cells of a ragged row are empty.
    /// JSON values that are not strings are given as JSON text; null as an empty cell.
    [[nodiscard]] std::vector<std::string> row(int64_t row) const;
    [[nodiscard]] std::string cell(int64_t row, int column) const;
    /// The same for several columns and many rows: `out` is resized to the columns and its strings are used
    /// again.
    void cells(int64_t row, std::span<const int> columns, std::vector<std::string>& out) const;
    /// Says that these rows were read and will not be soon again: a large file's pages are let go of.
    void releaseRows(int64_t begin, int64_t end) const;
    /// What is wrong with a row, also beyond those kept in issues().
    [[nodiscard]] std::optional<TableIssue::Kind> rowIssue(int64_t row) const;
    /// In order of rows; at most 10,000 are kept, issueCount() counts all.
    [[nodiscard]] const std::vector<TableIssue>& issues() const;
    [[nodiscard]] int64_t issueCount() const;

private:
    struct State;
    explicit Table(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// True for what leaves no sensible reading of the row (ragged, not JSON, zero byte); else the row can be
/// trained on.
[[nodiscard]] bool makesRowUnusable(TableIssue::Kind kind) noexcept;

/// Names for JSON, the command line and people: "csv", "tsv", "json", "jsonl", "label-text", "lines".
[[nodiscard]] std::string formatName(const TableInfo& info);
/// Parses such a name ("auto" too) into options (csv and tsv set the delimiter); throws Error{Settings}.
void applyFormatName(TableOptions& options, std::string_view name);

} // namespace studio
