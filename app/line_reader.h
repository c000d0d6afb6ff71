// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace studio::app {

/// Lines of standard input or a file as the line protocol has them: split at '\n' alone, one trailing '\r'
/// removed, a UTF-8 byte order mark at the very beginning skipped, ill-formed UTF-8 repaired.
class LineReader {
public:
    LineReader(); ///< standard input
    explicit LineReader(const std::filesystem::path& file); ///< throws Error{File}
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    /// The next line; waits for it. nullopt at the end.
    [[nodiscard]] std::optional<std::string> next();
    /// Whether `next` would answer without waiting for more input.
    [[nodiscard]] bool hasWaitingLine() const;
    /// Number of the last line, from 1.
    [[nodiscard]] int64_t lineNumber() const { return m_lineNumber; }
    /// Whether the last line was ill-formed UTF-8 and has been repaired.
    [[nodiscard]] bool repaired() const { return m_repaired; }
    /// "Standard input" or the file's name in quotes.
    [[nodiscard]] const std::string& name() const { return m_name; }

private:
    [[nodiscard]] bool fill(); ///< false at the end of the input

    int m_descriptor = 0;
    std::string m_name;
    std::string m_buffer;
    size_t m_begin = 0, m_searched = 0; ///< first byte not handed out; no '\n' before m_searched
    int64_t m_lineNumber = 0;
    bool m_ended = false, m_repaired = false, m_started = false;
};

} // namespace studio::app
