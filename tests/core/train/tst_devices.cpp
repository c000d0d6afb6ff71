// SPDX-License-Identifier: MIT
#include "core/base/error.h"
#include "core/train/cuda_library.h"
#include "core/train/devices.h"

#include <algorithm>
#include <thread>

#include <QTest>

using namespace studio;

namespace {

ErrorKind refusal(const std::string& device, const std::string& precision, std::string& sentence)
{
    try {
        (void)chooseCompute(device, precision);
    } catch (const Error& error) {
        sentence = error.what();
        return error.kind();
    }
    sentence = "accepted";
    return ErrorKind::Internal;
}

} // namespace

class TestDevices : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theProcessorComesFirstWithItsFigures()
    {
        const auto devices = listDevices(true);
        const auto& cpu = devices.front();
        QCOMPARE(cpu.id, std::string("cpu"));
        QVERIFY(!cpu.name.empty());
        QVERIFY(cpu.threads >= 1 && cpu.threads <= int(std::thread::hardware_concurrency()));
        QCOMPARE(cpu.threads, physicalCores());
        QVERIFY(cpu.freeMemoryBytes > 0 && cpu.freeMemoryBytes <= cpu.memoryBytes);
        QVERIFY(cpu.fp32Gflops > 0);
        QVERIFY(std::ranges::find(cpu.precisions, cpu.bestPrecision) != cpu.precisions.end());
        QVERIFY(std::ranges::find(cpu.precisions, "fp16") == cpu.precisions.end());
        QVERIFY(cpu.bestPrecision == "fp32" || cpu.bf16Gflops > 1.3 * cpu.fp32Gflops);
        const auto json = toJson(cpu);
        QCOMPARE(json["best_precision"].get<std::string>(), cpu.bestPrecision);
        QVERIFY(json["fp32_gflops"].get<double>() > 0);
    }

    void figuresAreNullWhereNothingWasMeasured()
    {
        QVERIFY(toJson(listDevices(false).front())["fp32_gflops"].is_null());
    }

    void choicesAreExplained()
    {
        const auto automatic = chooseCompute("cpu", "auto");
        QCOMPARE(automatic.device, std::string("cpu"));
        QCOMPARE(automatic.precision, listDevices(false).front().bestPrecision);
        QVERIFY(automatic.reason.starts_with(automatic.precision + ':'));
        QCOMPARE(chooseCompute("cpu", "bf16").precision, std::string("bf16"));
        QCOMPARE(chooseCompute("cpu", "fp32").precision, std::string("fp32"));
    }

    void aGpuComputesInWhatItIsBuiltFor()
    {
        using Names = std::vector<std::string>;
        QCOMPARE(gpuPrecisions(90, 75).second, std::string("bf16")); // H100
        QCOMPARE(gpuPrecisions(80, 75).first, (Names{"fp32", "fp16", "bf16"}));
        QCOMPARE(gpuPrecisions(75, 75).first, (Names{"fp32", "fp16"})); // T4
        QCOMPARE(gpuPrecisions(75, 75).second, std::string("fp16"));
        QVERIFY(gpuPrecisions(70, 75).first.empty()); // V100 under CUDA 13
        QCOMPARE(gpuPrecisions(70, 50).second, std::string("fp16"));
        QCOMPARE(gpuPrecisions(61, 50).second, std::string("fp32"));
    }

    void anAbsentGpuIsExplained()
    {
        if (!cudaGpus().empty())
            QSKIP("There is a GPU here.");
        QVERIFY(!whyNoCuda().empty());
        std::string sentence;
        QCOMPARE(refusal("cuda", "auto", sentence), ErrorKind::Device);
        QVERIFY(sentence.find("cuda:0 cannot be used: " + whyNoCuda()) != std::string::npos);
    }

    void impossibleChoicesAreRefused()
    {
        std::string sentence;
        QCOMPARE(refusal("cpu", "fp16", sentence), ErrorKind::Settings);
        QVERIFY(sentence.find("CUDA") != std::string::npos);
        QCOMPARE(refusal("tpu", "auto", sentence), ErrorKind::Settings);
        QVERIFY(sentence.find("'tpu'") != std::string::npos);
        QCOMPARE(refusal("cpu", "fp8", sentence), ErrorKind::Settings);
        QVERIFY(sentence.find("'fp8'") != std::string::npos);
        QCOMPARE(refusal("cuda:99", "auto", sentence), ErrorKind::Device);
        QVERIFY(sentence.find("cuda:99") != std::string::npos);
    }

    void memoryOfTheProcessIsSeen()
    {
        const auto before = residentBytes();
        QVERIFY(before > 1'000'000);
        std::vector<char> block(200'000'000, 1);
        QVERIFY(block[100] == 1);
        QVERIFY(residentBytes() >= before);
        QVERIFY(residentBytes() > 200'000'000);
        QVERIFY(availableMemoryBytes() > 0);
    }
};

QTEST_GUILESS_MAIN(TestDevices)
#include "tst_devices.moc"
