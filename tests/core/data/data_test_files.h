// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/data/table.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <QTemporaryDir>
#include <QTest>

namespace studio {

/// A folder of files that a test writes, removed with the object.
class TestFiles {
public:
    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    std::filesystem::path write(const std::string& name, std::string_view content) const
    {
        const auto file = folder() / name;
        std::ofstream(file, std::ios::binary).write(content.data(), std::streamsize(content.size()));
        return file;
    }
    std::shared_ptr<const Table> table(
        const std::string& name, std::string_view content, const TableOptions& options = {}) const
    {
        return Table::open(write(name, content), options);
    }
    std::shared_ptr<const Dataset> dataset(
        const std::string& name, std::string_view content, const DatasetOptions& options) const
    {
        return Dataset::create(table(name, content), options);
    }

private:
    QTemporaryDir m_folder;
};

/// The sentence of the error that `call` throws, with its kind in front ("data: …"); "no error" without one.
template <typename Call>
std::string errorOf(Call call)
{
    try {
        call();
    } catch (const Error& error) {
        return std::string(errorKindName(error.kind())) + ": " + error.what();
    }
    return "no error";
}

inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// Shows the text where a part is missing.
#define VERIFY_CONTAINS(text, part)                                                                          \
    QVERIFY2(studio::contains(text, part), (std::string("'") + (part) + "' is not in: " + (text)).c_str())

/// The folder with real data, or nullopt after a skip (a failure where CI is set).
inline std::optional<std::filesystem::path> realData()
{
    if (const char* folder = std::getenv("STUDIO_TEST_DATA"); folder && std::filesystem::is_directory(folder))
        return std::filesystem::path(folder);
    return std::nullopt;
}

#define NEED_REAL_DATA(folder)                                                                               \
    const auto folder##Found = studio::realData();                                                           \
    if (!folder##Found) {                                                                                    \
        if (qEnvironmentVariableIsSet("CI"))                                                                 \
            QFAIL("STUDIO_TEST_DATA names no folder");                                                       \
        QSKIP("STUDIO_TEST_DATA names no folder with real data");                                            \
    }                                                                                                        \
    const auto folder = *folder##Found

} // namespace studio
