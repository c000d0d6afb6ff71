// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/base/resource_paths.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;

class TestResourcePaths : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { qunsetenv("STUDIO_RESOURCES"); }

    void theEnvironmentVariableComesFirst()
    {
        QTemporaryDir folder;
        const auto root = std::filesystem::path(folder.path().toStdString());
        std::filesystem::create_directories(root / "starter");
        std::filesystem::create_directories(root / "demo");
        QFile config(folder.filePath(QStringLiteral("starter/config.json")));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.close();
        qputenv("STUDIO_RESOURCES", folder.path().toUtf8());
        QCOMPARE(starterModelFolder(), root / "starter");
        QCOMPARE(demoFolder(), root / "demo");
    }

    void aStarterFolderWithoutConfigIsPassedOver()
    {
        QTemporaryDir folder;
        const auto root = std::filesystem::path(folder.path().toStdString());
        std::filesystem::create_directories(root / "starter");
        qputenv("STUDIO_RESOURCES", folder.path().toUtf8());
        try {
            const auto found = starterModelFolder(); // the source tree's, where it has been fetched
            QVERIFY(found != root / "starter");
            QVERIFY(std::filesystem::exists(found / "config.json"));
        } catch (const Error& error) {
            QCOMPARE(error.kind(), ErrorKind::File);
            QVERIFY(QByteArray(error.what()).contains((root / "starter").c_str()));
            QVERIFY(QByteArray(error.what()).contains("STUDIO_RESOURCES"));
        }
    }
};

QTEST_GUILESS_MAIN(TestResourcePaths)
#include "tst_resource_paths.moc"
