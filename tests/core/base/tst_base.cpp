// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/host_memory.h"
#include "core/base/json.h"
#include "core/base/parse_number.h"
#include "core/base/phase_profile.h"
#include "core/base/unicode.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <thread>

#include <QTemporaryDir>
#include <QTest>

using namespace studio;

namespace {
std::filesystem::path folderOf(const QTemporaryDir& dir)
{
    return dir.path().toStdString();
}

template <typename Call>
std::string messageOf(ErrorKind kind, Call call)
{
    try {
        call();
    } catch (const Error& error) {
        return error.kind() == kind ? error.what() : "wrong kind: " + std::string(error.what());
    }
    return "no error";
}

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

int entryCount(const std::filesystem::path& folder)
{
    return static_cast<int>(std::distance(std::filesystem::directory_iterator(folder), {}));
}
} // namespace

class TestBase : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void sha256MatchesThePublishedVectors()
    {
        QCOMPARE(
            sha256(std::string_view()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        QCOMPARE(sha256(std::string_view("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    void illFormedUtf8BecomesOneReplacementASubpart()
    {
        bool changed = false;
        // As Python's b"a\xf0\x9f\x92b\xc0\x80\xed\xa0\x80".decode(errors="replace").
        QCOMPARE(repairUtf8("a\xf0\x9f\x92"
                            "b\xc0\x80\xed\xa0\x80",
                     &changed),
            "a\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
        QVERIFY(changed);
        QCOMPARE(repairUtf8("naïve 文 🙂", &changed), "naïve 文 🙂");
        QVERIFY(!changed);
        QVERIFY(!isValidUtf8("\xed\xa0\x80"));
    }

    void utf32RoundTrips()
    {
        const std::string text = "a\u00e9\u6587\U0001F642";
        QCOMPARE(toUtf8(toUtf32(text)), text);
        QCOMPARE(codePointCount(text), 4);
        QCOMPARE(elided(text, 2), "a\u00e9…");
        QCOMPARE(elided(text, 4), text);
    }

    void aNumberIsTheWholeText()
    {
        QCOMPARE(parseNumber<int64_t>("-12"), std::optional<int64_t>(-12));
        QCOMPARE(parseNumber<double>("1e-4"), std::optional<double>(1e-4));
        for (const auto* text : {"", " 1", "1 ", "+1", "1,5", "1.5", "1x", "9223372036854775808"})
            QVERIFY2(!parseNumber<int64_t>(text), text);
        QVERIFY(!parseNumber<double>("1e999"));
        QVERIFY(!parseNumber<size_t>("-1"));
    }

    void jsonMistakeNamesLineAndColumn()
    {
        const auto message
            = messageOf(ErrorKind::Settings, [] { (void)parseJson("{\n  \"a\": 1,,\n}", "run.json", true); });
        QVERIFY2(contains(message, "run.json") && contains(message, "line 2, column 10"), message.c_str());
    }

    void notANumberBecomesNullInALine()
    {
        QCOMPARE(jsonLine(Json{{"loss", std::numeric_limits<double>::quiet_NaN()}}), R"({"loss":null})");
        QVERIFY(isValidUtf8(jsonLine(Json("\xff"))));
    }

    void atomicWriteReplacesWholeOrNotAtAll()
    {
        QTemporaryDir dir;
        const auto file = folderOf(dir) / "a.txt";
        writeFileAtomically(file, "first");
        QCOMPARE(readFile(file), "first");
        const auto failsHalfway = [](const FileSink& sink) {
            sink("half");
            throw Error(ErrorKind::Internal, "stop");
        };
        QVERIFY_THROWS_EXCEPTION(Error, writeFileAtomically(file, failsHalfway));
        QCOMPARE(readFile(file), "first");
        QCOMPARE(entryCount(folderOf(dir)), 1);
    }

    void fullDiskIsNamedAndLeavesTheOldFile()
    {
        QTemporaryDir dir;
        const auto file = folderOf(dir) / "a.txt";
        writeFileAtomically(file, "old");
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        rlimit small{1000, before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto message
            = messageOf(ErrorKind::DiskFull, [&] { writeFileAtomically(file, std::string(5000, 'x')); });
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY2(contains(message, pathText(folderOf(dir))) && contains(message, "4000 more bytes"),
            message.c_str());
        QCOMPARE(readFile(file), "old");
        QCOMPARE(entryCount(folderOf(dir)), 1);
    }

    void fileErrorsNameTheFile()
    {
        QTemporaryDir dir;
        const auto absent = folderOf(dir) / "absent.txt";
        QVERIFY(contains(messageOf(ErrorKind::File, [&] { (void)readFile(absent); }), "absent.txt"));
        QVERIFY(
            contains(messageOf(ErrorKind::File, [&] { MappedFile mapped(folderOf(dir)); }), "is a folder"));
        writeFileAtomically(folderOf(dir) / "file", "x");
        QVERIFY(contains(
            messageOf(ErrorKind::File, [&] { createFolders(folderOf(dir) / "file" / "below"); }), "below"));
    }

    void atomicFolderAppearsOnCommitAlone()
    {
        QTemporaryDir dir;
        const auto target = folderOf(dir) / "checkpoint-1";
        {
            AtomicFolder folder(target);
            writeFileAtomically(folder.path() / "a", "1");
            QVERIFY(!std::filesystem::exists(target));
        }
        QCOMPARE(entryCount(folderOf(dir)), 0);
        for (const std::string content : {"1", "2"}) {
            AtomicFolder folder(target);
            writeFileAtomically(folder.path() / "a", content);
            folder.commit();
            QCOMPARE(readFile(target / "a"), content);
        }
        QCOMPARE(entryCount(folderOf(dir)), 1);
    }

    void lineLogCutsBackAndAppends()
    {
        QTemporaryDir dir;
        const auto file = folderOf(dir) / "metrics.jsonl";
        uint64_t keep = 0;
        {
            LineLog log(file, 0);
            log.append("one");
            keep = log.size();
            log.append("two");
            log.sync();
        }
        {
            LineLog log(file, keep);
            log.append("three");
        }
        QCOMPARE(readFile(file), "one\nthree\n");
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        rlimit small{20, before.rlim_max};
        {
            LineLog log(file, UINT64_MAX);
            setrlimit(RLIMIT_FSIZE, &small);
            const auto message = messageOf(ErrorKind::DiskFull, [&] { log.append(std::string(50, 'x')); });
            setrlimit(RLIMIT_FSIZE, &before);
            QVERIFY2(contains(message, "metrics.jsonl"), message.c_str());
            log.append("four");
        }
        QCOMPARE(readFile(file), "one\nthree\nfour\n");
    }

    void memoryIsTheMachinesOrThatOfTheControlGroup()
    {
        QTemporaryDir dir;
        const auto root = folderOf(dir);
        const auto write = [&](const char* name, const std::string& text) {
            createFolders((root / name).parent_path());
            writeFileAtomically(root / name, text);
        };
        write("proc/meminfo", "MemTotal:       8000 kB\nMemFree: 1 kB\nMemAvailable:   6000 kB\n");
        QCOMPARE(hostMemory(root).availableBytes, int64_t{6000 * 1024});
        QCOMPARE(hostMemory(root).totalBytes, int64_t{8000 * 1024});
        // Version 2: the group has no limit, the one around it has; pages of files can be dropped.
        write("proc/self/cgroup", "0::/outer/inner\n");
        write("sys/fs/cgroup/outer/inner/memory.max", "max\n");
        write("sys/fs/cgroup/outer/memory.max", "4000000\n");
        write("sys/fs/cgroup/outer/memory.current", "3500000\n");
        QCOMPARE(hostMemory(root).availableBytes, int64_t{500'000});
        QCOMPARE(hostMemory(root).totalBytes, int64_t{4'000'000});
        write("sys/fs/cgroup/outer/memory.stat", "anon 5\ninactive_file 300000\nactive_file 200000\n");
        QCOMPARE(hostMemory(root).availableBytes, int64_t{900'000});
        // Version 1.
        write("proc/self/cgroup", "3:cpu:/a\n2:memory:/a\n");
        write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "2000000\n");
        write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "1900000\n");
        write("sys/fs/cgroup/memory/a/memory.stat", "total_inactive_file 50000\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1\n");
        QCOMPARE(hostMemory(root).availableBytes, int64_t{150'000});
        QVERIFY(hostMemory().availableBytes > 0);
        QVERIFY(hostMemory().totalBytes >= hostMemory().availableBytes);
        QCOMPARE(memoryFloor({.availableBytes = 0, .totalBytes = 1}), int64_t{128} << 20);
        QCOMPARE(memoryFloor({.availableBytes = 0, .totalBytes = int64_t{1} << 40}), int64_t{1} << 30);
    }

    void aProfileThatIsOffRecordsNothing()
    {
        QTemporaryDir dir;
        PhaseProfile profile;
        QCOMPARE(profile.timed("work", [] { return 7; }), 7);
        QVERIFY(profile.report().phases.empty());
        profile.writeTrace(folderOf(dir) / "profile.json");
        QCOMPARE(entryCount(folderOf(dir)), 0);
        const PhaseProfile::Span none(nullptr, "no profile at all");
    }

    void phasesAddUpAndInnerOnesAreTakenOut()
    {
        QTemporaryDir dir;
        PhaseProfile profile;
        profile.start();
        int waits = 0;
        profile.setSynchronize([&waits] { ++waits; });
        for (int i = 0; i < 3; ++i) {
            const PhaseProfile::Span outer(&profile, "outer");
            profile.timed("inner", [] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });
        }
        std::thread([&profile] { const PhaseProfile::Span span(&profile, "elsewhere"); }).join();
        QCOMPARE(waits, 6);
        profile.writeTrace(folderOf(dir) / "profile.json");
        const auto trace = readJsonFile(folderOf(dir) / "profile.json");
        double inner = 0, outer = 0;
        int elsewhere = 0, threads = 0;
        for (const auto& event : trace.at("traceEvents")) {
            const auto name = event.at("name").get<std::string>();
            threads += name == "thread_name";
            if (event.at("ph") != "X")
                continue;
            QVERIFY(event.at("ts").is_number() && event.at("pid").is_number_integer());
            QCOMPARE(event.at("tid").get<int>(), name == "elsewhere" ? 1 : 0);
            elsewhere += name == "elsewhere";
            (name == "inner" ? inner : outer) += name == "elsewhere" ? 0 : event.at("dur").get<double>();
        }
        QCOMPARE(elsewhere, 1);
        QCOMPARE(threads, 2);
        const auto report = profile.report();
        QCOMPARE(report.phases.size(), size_t{3}); // another thread's time is no part of the whole
        QCOMPARE(report.phases.back().name, std::string("other"));
        double sum = 0;
        for (const auto& phase : report.phases) {
            sum += phase.seconds;
            if (phase.name == "other")
                continue;
            QCOMPARE(phase.count, int64_t{3});
            const double expected = phase.name == "inner" ? inner : outer - inner;
            QVERIFY(std::abs(phase.seconds * 1e6 - expected) < 0.01);
        }
        QVERIFY(std::abs(sum - report.seconds) < 1e-9);
    }

    void theTraceOfALongJobKeepsItsTwoEnds()
    {
        QTemporaryDir dir;
        PhaseProfile profile;
        profile.start();
        for (int i = 0; i < 130'007; ++i)
            const PhaseProfile::Span span(&profile, i == 0 ? "begin" : i == 130'006 ? "end" : "middle");
        profile.writeTrace(folderOf(dir) / "profile.json");
        const auto trace = readJsonFile(folderOf(dir) / "profile.json");
        QCOMPARE(trace.at("otherData").at("spans").get<int>(), 130'007);
        QCOMPARE(trace.at("otherData").at("spans_left_out").get<int>(), 30'007);
        std::vector<std::string> names;
        double last = -1;
        for (const auto& event : trace.at("traceEvents")) {
            if (event.at("ph") != "X")
                continue;
            names.push_back(event.at("name").get<std::string>());
            QVERIFY(event.at("ts").get<double>() >= last);
            last = event.at("ts").get<double>();
        }
        QCOMPARE(names.size(), size_t{100'000});
        QCOMPARE(names.front(), std::string("begin"));
        QCOMPARE(names.back(), std::string("end"));
        QCOMPARE(profile.report().phases.front().count + profile.report().phases.at(1).count
                + profile.report().phases.at(2).count,
            int64_t{130'007});
    }

    void numbersAreWrittenTheSameInEveryLocale()
    {
        QCOMPARE(concat("x = ", 1.5, ", ", 3, ' ', true), "x = 1.5, 3 true");
        QCOMPARE(numberText(0.1), "0.1");
        QCOMPARE(numberText(5e-5), "5e-05");
    }
};

QTEST_GUILESS_MAIN(TestBase)
#include "tst_base.moc"
