// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace studio {

/// A cell as RFC 4180 writes it: quoted where it holds a comma, a quote or a line end.
[[nodiscard]] inline std::string csvCell(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string quoted = "\"";
    for (const char character : text) {
        if (character == '"')
            quoted += '"';
        quoted += character;
    }
    return quoted + '"';
}

} // namespace studio
