// SPDX-License-Identifier: MIT
// config.json of every family, each key with each of many values: a model is made, or one sentence is said.
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/models/registry.h"

#include <filesystem>
#include <limits>

#include <QTest>

using namespace studio;
namespace fs = std::filesystem;

class TestConfigs : public QObject {
    Q_OBJECT

    static std::vector<Json> values()
    {
        return {0, 1, -1, 3, 64, 1'000'000'007, int64_t{1} << 31, std::numeric_limits<int64_t>::max(),
            std::numeric_limits<int64_t>::min(), std::numeric_limits<uint64_t>::max(), 0.0, -0.5, 0.5, 1e300,
            true, false, nullptr, "", "gelu", "none", Json::array(), Json::array({0}), Json::array({"a"}),
            Json::array({Json::array({1}), nullptr}), Json::object(), Json{{"0", "a"}},
            Json{{"type", "linear"}, {"factor", 0}}, Json{{"rope_type", "yarn"}, {"factor", 1e9}},
            Json{{"rope_type", "longrope"}, {"short_factor", Json::array({1})}}};
    }

    /// Makes a model of it, without memory for its numbers.
    static void make(const Json& config)
    {
        const ConfigReader reader(config, "config.json");
        const auto& family = findFamily(reader);
        (void)readLabels(reader);
        (void)readProblemType(reader);
        if (family.createSequenceToSequence)
            (void)createLanguageShapes(family, reader);
        if (family.create)
            (void)createShapes(family, reader, 2);
    }

private Q_SLOTS:
    void everyValueOfEveryKeyIsTakenOrRefused_data()
    {
        QTest::addColumn<QString>("file");
        for (const auto& entry : fs::directory_iterator(STUDIO_SOURCE_DIR "/tests/fuzz/configs"))
            QTest::newRow(entry.path().stem().c_str()) << QString::fromStdString(entry.path().string());
    }
    void everyValueOfEveryKeyIsTakenOrRefused()
    {
        QFETCH(QString, file);
        const auto config = parseJson(readFile(file.toStdString()), "config.json");
        make(config);
        int refused = 0;
        const auto attempt = [&](const Json& changed) {
            try {
                make(changed);
            } catch (const Error& error) {
                ++refused;
                QVERIFY(error.kind() != ErrorKind::Internal);
            }
        };
        for (const auto& [key, value] : config.items()) {
            auto changed = config;
            changed.erase(key);
            attempt(changed);
            if (key.find("layers") != std::string::npos || key == "n_layer" || key == "num_hidden_groups")
                continue; // very many layers take time and are refused by nobody
            for (const auto& other : values()) {
                changed[key] = other;
                attempt(changed);
            }
        }
        QVERIFY(refused > 50);
    }
};

QTEST_GUILESS_MAIN(TestConfigs)
#include "tst_configs.moc"
