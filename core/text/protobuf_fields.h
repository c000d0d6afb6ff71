// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace studio {

/// Reads a base-128 number of the protobuf wire format; false at the end of the data.
[[nodiscard]] inline bool readVarint(std::string_view data, size_t& at, uint64_t& value)
{
    value = 0;
    for (unsigned shift = 0; shift < 64 && at < data.size(); shift += 7) {
        const auto byte = static_cast<unsigned char>(data[at++]);
        value |= uint64_t{byte & 0x7Fu} << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

/// Visits the fields of one protobuf message: number, varint value, bytes of a field of another kind. Ends
/// where the message is damaged.
template <typename Visit>
void visitFields(std::string_view data, Visit visit)
{
    for (size_t at = 0; at < data.size();) {
        uint64_t tag = 0, value = 0;
        if (!readVarint(data, at, tag))
            return;
        std::string_view bytes;
        const auto wire = tag & 7;
        if (wire == 0) {
            if (!readVarint(data, at, value))
                return;
        } else {
            uint64_t length = wire == 1 ? 8 : 4;
            if (wire == 2 && !readVarint(data, at, length))
                return;
            if (wire > 2 && wire != 5)
                return;
            if (length > data.size() - at)
                return;
            bytes = data.substr(at, length);
            at += length;
        }
        visit(tag >> 3, value, bytes);
    }
}

} // namespace studio
