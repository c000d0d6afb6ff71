// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/file.h"

#include <optional>
#include <string>
#include <string_view>

namespace studio {

/// A whole file to read in, mapped or copied. Whoever writes a file anew in its place takes the pages from
/// under a map, and the next look at them ends the process: what fits into memory is copied.
class FileText {
public:
    /// Throws as MappedFile.
    explicit FileText(const std::filesystem::path& file)
    {
        std::error_code absent;
        if (const auto size = std::filesystem::file_size(file, absent);
            !absent && size > 0 && size < mostCopied)
            m_copied = readFile(file);
        else
            m_mapped.emplace(file);
    }
    FileText(const FileText&) = delete;
    FileText& operator=(const FileText&) = delete;
    [[nodiscard]] std::string_view text() const noexcept
    {
        return m_mapped ? m_mapped->text() : std::string_view(m_copied);
    }
    [[nodiscard]] bool isMapped() const noexcept { return m_mapped.has_value(); }

private:
    static constexpr uintmax_t mostCopied = uintmax_t(64) << 20; ///< MappedPages lets go of nothing below it

    std::optional<MappedFile> m_mapped;
    std::string m_copied;
};

} // namespace studio
