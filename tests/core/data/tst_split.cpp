// SPDX-License-Identifier: MIT
#include "core/data/split.h"
#include "tests/core/data/data_test_files.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace studio;
using Rows = std::vector<int64_t>;

namespace {

DatasetOptions labelled(ProblemType type = ProblemType::Auto)
{
    DatasetOptions options;
    options.mapping.text = "text";
    options.mapping.labels = {"label"};
    options.problemType = type;
    return options;
}

/// `counts[i]` rows of class i, mixed.
std::string rowsOf(const std::vector<int>& counts)
{
    std::string out = "text,label\n";
    const int most = *std::max_element(counts.begin(), counts.end());
    for (int i = 0; i < most; ++i) {
        for (size_t label = 0; label < counts.size(); ++label) {
            if (i < counts[label])
                out += "text " + std::to_string(i) + " of class " + std::to_string(label) + ",class"
                    + std::to_string(label) + "\n";
        }
    }
    return out;
}

std::vector<int> classCounts(const Dataset& data, const Rows& part)
{
    std::vector<int> counts(data.labelNames().size());
    for (const auto row : part)
        ++counts[size_t(data.label(row))];
    return counts;
}

void verifyPartition(const Split& split, int64_t count)
{
    Rows all;
    for (const auto* part : {&split.train, &split.validation, &split.test}) {
        QVERIFY(std::is_sorted(part->begin(), part->end()));
        all.insert(all.end(), part->begin(), part->end());
    }
    std::sort(all.begin(), all.end());
    Rows expected(static_cast<size_t>(count));
    std::iota(expected.begin(), expected.end(), int64_t(0));
    QCOMPARE(all, expected);
}

} // namespace

class TestSplit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void partsHaveTheirShareOfEachClass_data()
    {
        QTest::addColumn<QList<int>>("counts");
        QTest::addColumn<double>("validation");
        QTest::addColumn<double>("test");
        QTest::newRow("even") << QList<int>{100, 50, 50} << 0.1 << 0.2;
        QTest::newRow("remainders") << QList<int>{33, 33, 34, 7} << 0.15 << 0.15;
        QTest::newRow("rare class") << QList<int>{200, 1, 2} << 0.1 << 0.1;
        QTest::newRow("large shares") << QList<int>{9, 9, 9} << 0.4 << 0.4;
        QTest::newRow("test alone") << QList<int>{31, 17} << 0.0 << 0.3;
        QTest::newRow("many single rows") << QList<int>(40, 1) << 0.25 << 0.0;
    }

    void partsHaveTheirShareOfEachClass()
    {
        QFETCH(QList<int>, counts);
        QFETCH(double, validation);
        QFETCH(double, test);
        const std::vector<int> sizes(counts.begin(), counts.end());
        const auto data = m_files.dataset("a.csv", rowsOf(sizes), labelled());
        const auto split = stratifiedSplit(*data, {.validation = validation, .test = test, .seed = 7});
        verifyPartition(split, data->size());
        QCOMPARE(int64_t(split.validation.size()), std::llround(validation * double(data->size())));
        QCOMPARE(int64_t(split.test.size()), std::llround(test * double(data->size())));
        const bool roomy = sizes.size() < 10;
        for (const auto* part : {&split.validation, &split.test}) {
            const double share = part == &split.validation ? validation : test;
            const auto found = classCounts(*data, *part);
            for (size_t i = 0; i < found.size() && roomy; ++i) {
                const auto label = std::stoul(data->labelNames()[i].substr(5));
                QVERIFY2(std::abs(found[i] - share * sizes[label]) <= 1.0, "a class is far from its share");
            }
        }
        if (roomy) {
            for (const int left : classCounts(*data, split.train))
                QVERIFY(left >= 1);
        }
    }

    void theSeedDecides()
    {
        const auto data = m_files.dataset("a.csv", rowsOf({60, 40}), labelled());
        const auto first = stratifiedSplit(*data, {.validation = 0.2, .test = 0.1, .seed = 42});
        const auto again = stratifiedSplit(*data, {.validation = 0.2, .test = 0.1, .seed = 42});
        const auto other = stratifiedSplit(*data, {.validation = 0.2, .test = 0.1, .seed = 43});
        QCOMPARE(first.validation, again.validation);
        QCOMPARE(first.test, again.test);
        QVERIFY(first.validation != other.validation);
        // Written down, so that another machine or a later version cannot differ unseen.
        const auto small = m_files.dataset("b.csv", rowsOf({6, 4}), labelled());
        const auto split = stratifiedSplit(*small, {.validation = 0.3, .test = 0, .seed = 42});
        QCOMPARE(split.validation, expectedValidation);
    }

    void regressionIsSplitByQuantile()
    {
        std::string content = "text,label\n";
        for (int i = 0; i < 200; ++i)
            content += "text " + std::to_string(i) + "," + std::to_string((i * 37) % 200) + ".5\n";
        const auto data = m_files.dataset("a.csv", content, labelled(ProblemType::Regression));
        const auto split = stratifiedSplit(*data, {.validation = 0.1, .test = 0, .seed = 1});
        verifyPartition(split, 200);
        std::set<int> tenths;
        for (const auto row : split.validation)
            tenths.insert(int(data->target(row)) / 20);
        QCOMPARE(split.validation.size(), size_t(20));
        QCOMPARE(tenths.size(), size_t(10));
    }

    void multiLabelIsSplitByLabelSet()
    {
        std::string content;
        for (int i = 0; i < 90; ++i) {
            const char* const sets[] = {"[\"a\"]", "[\"a\",\"b\"]", "[]"};
            content += "{\"text\":\"t" + std::to_string(i) + "\",\"label\":" + sets[i % 3] + "}\n";
        }
        const auto data = m_files.dataset("a.jsonl", content, labelled());
        const auto split = stratifiedSplit(*data, {.validation = 0.2, .test = 0, .seed = 1});
        std::map<std::vector<int32_t>, int> sets;
        for (const auto row : split.validation)
            ++sets[data->labels(row)];
        QCOMPARE(sets.size(), size_t(3));
        for (const auto& [set, count] : sets)
            QCOMPARE(count, 6);
    }

    void sharesThatCannotBeGetASentence()
    {
        const auto data = m_files.dataset("a.csv", rowsOf({3, 3}), labelled());
        const auto attempt = [&](double validation, double test) {
            return errorOf([&] { (void)stratifiedSplit(*data, {.validation = validation, .test = test}); });
        };
        VERIFY_CONTAINS(attempt(1, 0), "settings: validation_split is 1; it must be at least 0 and below 1");
        VERIFY_CONTAINS(attempt(-0.1, 0), "settings: validation_split is -0.1");
        VERIFY_CONTAINS(attempt(0.1, std::nan("")), "settings: test_split is nan");
        VERIFY_CONTAINS(attempt(0.5, 0.5),
            "settings: validation_split 0.5 and test_split 0.5 leave nothing for training");
        VERIFY_CONTAINS(attempt(0.05, 0), "data: The validation part would be empty: the data has 6 rows");
        VERIFY_CONTAINS(attempt(0.5, 0.45), "data: The training part would be empty");
    }

    void epochOrderIsAUniformPermutation()
    {
        const auto order = epochPermutation(1000, 42, 0);
        auto sorted = order;
        std::sort(sorted.begin(), sorted.end());
        for (int64_t i = 0; i < 1000; ++i)
            QCOMPARE(sorted[size_t(i)], i);
        QCOMPARE(epochPermutation(1000, 42, 0), order);
        QVERIFY(epochPermutation(1000, 42, 1) != order);
        QVERIFY(epochPermutation(1000, 43, 0) != order);
        QVERIFY(epochPermutation(0, 1, 0).empty());
        QCOMPARE(epochPermutation(1, 1, 0), Rows{0});
        // Each of the 24 orders of four rows comes equally often: chi-square with 23 degrees of freedom, p =
        // 0.001 at 49.7.
        std::map<Rows, int> seen;
        constexpr int rounds = 24'000;
        for (int i = 0; i < rounds; ++i)
            ++seen[epochPermutation(4, uint64_t(i) / 100, i % 100)];
        QCOMPARE(seen.size(), size_t(24));
        double chiSquare = 0;
        for (const auto& [permutation, count] : seen)
            chiSquare += (count - rounds / 24.0) * (count - rounds / 24.0) / (rounds / 24.0);
        QVERIFY2(chiSquare < 49.7, qPrintable(QString::number(chiSquare)));
    }

    void epochOrderIsTheSameOnEveryMachine()
    {
        QCOMPARE(epochPermutation(10, 42, 0), expectedEpoch0);
        QCOMPARE(epochPermutation(10, 42, 1), expectedEpoch1);
    }

private:
    // From an independent implementation in tests/reference/epoch_permutation.py.
    inline static const Rows expectedValidation{6, 7, 8};
    inline static const Rows expectedEpoch0{9, 7, 3, 1, 4, 6, 5, 8, 0, 2};
    inline static const Rows expectedEpoch1{5, 2, 4, 9, 3, 1, 8, 6, 0, 7};

    TestFiles m_files;
};

QTEST_GUILESS_MAIN(TestSplit)
#include "tst_split.moc"
