// SPDX-License-Identifier: MIT
#include "core/base/file.h"
#include "core/train/metrics.h"

#include <limits>

#include <QTest>

using namespace studio;

namespace {

const Json& goldens()
{
    static const Json cases = parseJson(
        readFile(STUDIO_SOURCE_DIR "/tests/core/train/metrics_golden.json"), "metrics_golden.json");
    return cases;
}

std::vector<std::string> labelNames(size_t count)
{
    std::vector<std::string> names;
    for (size_t i = 0; i < count; ++i)
        names.push_back("class" + std::to_string(i));
    return names;
}

MetricReport compute(const Json& example)
{
    const auto kind = example.at("kind").get<std::string>();
    if (kind == "regression")
        return regressionMetrics(example.at("predictions").get<std::vector<float>>(),
            example.at("truth").get<std::vector<double>>());
    const auto names = labelNames(example.at("labels").get<size_t>());
    const auto scores = example.at("scores").get<std::vector<float>>();
    if (kind == "multi")
        return multiLabelMetrics(scores, example.at("truth").get<std::vector<uint8_t>>(), names);
    return singleLabelMetrics(scores, example.at("truth").get<std::vector<int32_t>>(),
        example.at("predictions").get<std::vector<int32_t>>(), names);
}

} // namespace

class TestMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsScikitLearn_data()
    {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < goldens().size(); ++i)
            QTest::newRow(goldens()[i].at("name").get<std::string>().c_str()) << static_cast<int>(i);
    }

    void equalsScikitLearn()
    {
        QFETCH(int, index);
        const auto& example = goldens()[static_cast<size_t>(index)];
        const auto report = compute(example);
        const auto json = toJson(report);
        for (const auto& [name, expected] : example.at("expected").items()) {
            const auto& found = json.at("eval_" + name);
            QVERIFY2(found.is_null() == expected.is_null(), name.c_str());
            if (!expected.is_null())
                QVERIFY2(std::abs(found.get<double>() - expected.get<double>()) < 1e-10,
                    (name + ": " + found.dump() + " instead of " + expected.dump()).c_str());
            if (expected.is_null())
                QVERIFY2(!report.warnings.empty(), name.c_str());
        }
        if (example.contains("confusion"))
            QCOMPARE(json.at("eval_confusion_matrix").dump(), example.at("confusion").dump());
        for (size_t i = 0; i < report.perClass.size(); ++i) {
            const auto& expected = example.at("per_class")[i];
            const auto& found = report.perClass[i];
            QVERIFY(std::abs(found.precision - expected[0].get<double>()) < 1e-12);
            QVERIFY(std::abs(found.recall - expected[1].get<double>()) < 1e-12);
            QVERIFY(std::abs(found.f1 - expected[2].get<double>()) < 1e-12);
            QCOMPARE(static_cast<double>(found.support), expected[3].get<double>());
        }
    }

    void jsonReadsBackEqual_data() { equalsScikitLearn_data(); }

    void jsonReadsBackEqual()
    {
        QFETCH(int, index);
        auto report = compute(goldens()[static_cast<size_t>(index)]);
        report.loss = 0.25;
        for (const auto* prefix : {"eval", "test"}) {
            const auto json = toJson(report, prefix);
            QCOMPARE(jsonLine(toJson(metricReportFromJson(json, prefix), prefix)), jsonLine(json));
        }
    }

    void scoresThatAreNoNumbersGiveNull()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const std::vector<float> scores = {nan, nan, 0.5F, 0.5F};
        const auto report
            = singleLabelMetrics(scores, std::vector<int32_t>{0, 1}, std::vector<int32_t>{0, 0}, {"a", "b"});
        QVERIFY(!report.auc);
        QCOMPARE(report.warnings.size(), size_t{1});
        QVERIFY(toJson(report).at("eval_auc").is_null());
        const auto values = regressionMetrics(std::vector<float>{nan, 1}, std::vector<double>{1, 2});
        QVERIFY(!values.mse && !values.pearson);
    }

    void noRowsGiveNoNumbers()
    {
        const auto report = singleLabelMetrics({}, {}, {}, {"a", "b"});
        QVERIFY(!report.accuracy && !report.f1);
        QVERIFY(toJson(report).at("eval_accuracy").is_null());
    }
};

QTEST_GUILESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
