// SPDX-License-Identifier: MIT
#include "core/base/error.h"

namespace studio {

std::string_view errorKindName(ErrorKind kind) noexcept
{
    switch (kind) {
    case ErrorKind::Usage:
        return "usage";
    case ErrorKind::Settings:
        return "settings";
    case ErrorKind::Data:
        return "data";
    case ErrorKind::Checkpoint:
        return "checkpoint";
    case ErrorKind::File:
        return "file";
    case ErrorKind::DiskFull:
        return "disk_full";
    case ErrorKind::OutOfMemory:
        return "out_of_memory";
    case ErrorKind::Device:
        return "device";
    case ErrorKind::Busy:
        return "busy";
    case ErrorKind::Cancelled:
        return "cancelled";
    case ErrorKind::Internal:
        break;
    }
    return "internal";
}

int exitCode(ErrorKind kind) noexcept
{
    if (kind == ErrorKind::Usage || kind == ErrorKind::Settings)
        return 2;
    return kind == ErrorKind::Cancelled ? 130 : 1;
}

} // namespace studio
