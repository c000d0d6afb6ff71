// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/concat.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

namespace studio {

/// Size and time of the last change of a file; "-" where there is none. Changes with its content.
[[nodiscard]] inline std::string fileStamp(const std::filesystem::path& file)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error)
        return "-";
    const auto time = std::filesystem::last_write_time(file, error).time_since_epoch().count();
    return concat(static_cast<int64_t>(size), '@', static_cast<int64_t>(time));
}

} // namespace studio
