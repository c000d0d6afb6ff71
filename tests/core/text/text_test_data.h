// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <QtTest>

/// Folder of the real data, or empty: then skip with `STUDIO_SKIP_WITHOUT_DATA`.
inline std::filesystem::path testDataFolder()
{
    const char* folder = std::getenv("STUDIO_TEST_DATA");
    std::error_code ignored;
    if (folder == nullptr || !std::filesystem::is_directory(folder, ignored))
        return {};
    return folder;
}

/// Folder of the starter model's tokeniser.
inline std::filesystem::path starterFolder()
{
    return std::filesystem::path(STUDIO_SOURCE_DIR) / ".deps" / "starter";
}

inline std::filesystem::path goldenFolder()
{
    return std::filesystem::path(STUDIO_SOURCE_DIR) / "tests" / "core" / "text" / "goldens";
}

/// Skips the test function, or fails it where CI is set: there the data must be present.
#define STUDIO_SKIP_WITHOUT(folder, what)                                                                    \
    do {                                                                                                     \
        std::error_code error_;                                                                              \
        if ((folder).empty() || !std::filesystem::is_directory(folder, error_)) {                            \
            if (qEnvironmentVariableIsSet("CI"))                                                             \
                QFAIL(what " is absent, and CI is set");                                                     \
            QSKIP(what " is absent");                                                                        \
        }                                                                                                    \
    } while (false)
