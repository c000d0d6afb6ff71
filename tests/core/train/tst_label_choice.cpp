// SPDX-License-Identifier: MIT
#include "core/train/label_choice.h"

#include <QtTest>

using namespace studio;
using Labels = std::vector<std::string>;
using Ids = std::vector<int32_t>;

class TestLabelChoice : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void labelsThatTheModelKnowsKeepItsHead()
    {
        const auto choice = chooseLabels({"neg", "neutral", "pos"}, {"pos", "neg"}, ProblemType::SingleLabel);
        QCOMPARE(choice.labels, (Labels{"neg", "neutral", "pos"}));
        QVERIFY(choice.keepHead);
        QVERIFY(choice.warning.empty());
        QVERIFY(!chooseLabels({"neg", "pos"}, {"neg", "other"}, ProblemType::SingleLabel).keepHead);
    }

    void placeholdersOfTheModelTakeTheNamesOfTheData()
    {
        const auto choice = chooseLabels({"LABEL_0", "LABEL_1"}, {"ham", "spam"}, ProblemType::SingleLabel);
        QCOMPARE(choice.labels, (Labels{"ham", "spam"}));
        QVERIFY(choice.keepHead);
        QVERIFY(choice.warning.find("LABEL_0, LABEL_1; they are taken for ham, spam") != std::string::npos);
        QCOMPARE(choice.ids, (Ids{0, 1}));
    }

    void positionsOfTheDataTakeTheNamesOfTheModel()
    {
        const Labels known = {"toxic", "insult", "threat"};
        const Labels positions = {"LABEL_0", "LABEL_1", "LABEL_2"};
        const auto choice = chooseLabels(known, positions, ProblemType::MultiLabel);
        QCOMPARE(choice.labels, known);
        QVERIFY(choice.keepHead);
        QVERIFY(choice.warning.find("the model's toxic, insult, threat in this order") != std::string::npos);
        const auto fewer = chooseLabels({"toxic", "insult"}, positions, ProblemType::MultiLabel);
        QCOMPARE(fewer.labels, positions);
        QVERIFY(!fewer.keepHead);
        QVERIFY(fewer.warning.empty());
        QCOMPARE(fewer.ids, (Ids{0, 1, 2}));
        QVERIFY(!chooseLabels({"LABEL_0", "x", "y"}, positions, ProblemType::MultiLabel).keepHead);
    }

    void idsAreFoundByName()
    {
        QCOMPARE(labelIds({"b", "x", "a"}, {"a", "b", "c"}), (Ids{1, -1, 0}));
        QCOMPARE(labelIds({"LABEL_0", "LABEL_1"}, {"toxic", "insult"}), (Ids{-1, -1}));
        QCOMPARE(labelIds({"ham", "spam"}, {"LABEL_0", "LABEL_1"}), (Ids{-1, -1}));
    }

    void thoseOfTrainingByNameElseByPosition()
    {
        QCOMPARE(trainedLabelIds({"b", "x", "a"}, {"a", "b", "c"}), (Ids{1, -1, 0}));
        QCOMPARE(trainedLabelIds({"LABEL_0", "LABEL_1"}, {"toxic", "insult"}), (Ids{0, 1}));
        QCOMPARE(trainedLabelIds({"ham", "spam"}, {"LABEL_0", "LABEL_1"}), (Ids{-1, -1}));
        QCOMPARE(trainedLabelIds({"LABEL_0", "LABEL_1"}, {"LABEL_1", "LABEL_0"}), (Ids{1, 0}));
        QCOMPARE(trainedLabelIds({"LABEL_0", "LABEL_1"}, {"a", "b", "c"}), (Ids{-1, -1}));
        QCOMPARE(trainedLabelIds({"x", "y"}, {"a", "b"}), (Ids{-1, -1}));
    }
};

QTEST_GUILESS_MAIN(TestLabelChoice)
#include "tst_label_choice.moc"
