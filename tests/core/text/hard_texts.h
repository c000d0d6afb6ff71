// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/file.h"
#include "core/base/json.h"
#include "tests/core/text/text_test_data.h"

#include <string>
#include <vector>

namespace studio::tests {

/// Those of tests/reference/hard_texts.py.
inline std::vector<std::string> hardTexts()
{
    std::vector<std::string> texts;
    for (const auto& entry : readJsonFile(goldenFolder() / "hard_texts.json")) {
        const auto once = entry[0].get<std::string>();
        std::string text;
        for (int i = 0; i < entry[1].get<int>(); ++i)
            text += once;
        texts.push_back(text);
    }
    return texts;
}

} // namespace studio::tests
