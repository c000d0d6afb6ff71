// SPDX-License-Identifier: MIT
#include "tests/core/data/data_test_files.h"

#include <algorithm>

using namespace studio;
using namespace std::string_literals;
using Kind = DataProblem::Kind;
using Row = std::vector<std::string>;
using Rows = std::vector<int64_t>;

namespace {

const DataProblem* problemOf(const Dataset& dataset, Kind kind)
{
    for (const auto& problem : dataset.problems()) {
        if (problem.kind == kind)
            return &problem;
    }
    return nullptr;
}

/// Enough rows of two classes that no other problem arises.
std::string healthyRows(int count = 12)
{
    std::string out;
    for (int i = 0; i < count; ++i)
        out += "fine text number " + std::to_string(i) + (i % 2 ? ",pos\n" : ",neg\n");
    return out;
}

const DatasetOptions plainOptions{.mapping = {.text = "text", .labels = {"label"}}};

DatasetOptions optionsOf(ColumnMapping mapping, ProblemType type = ProblemType::Auto)
{
    DatasetOptions options;
    options.mapping = std::move(mapping);
    options.problemType = type;
    return options;
}

} // namespace

#define NEED_PROBLEM(name, dataset, kind)                                                                    \
    const auto* name = problemOf(*(dataset), kind);                                                          \
    QVERIFY2(name, "the problem is not listed")

class TestDataset : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void healthyDataHasNoProblem()
    {
        const auto data = m_files.dataset("a.csv", "text,label\n" + healthyRows(), plainOptions);
        QCOMPARE(data->size(), 12);
        QVERIFY(data->problems().empty());
        QCOMPARE(data->problemType(), ProblemType::SingleLabel);
        QCOMPARE(data->labelNames(), (Row{"neg", "pos"}));
        QCOMPARE(data->labelCounts(), (Rows{6, 6}));
        QCOMPARE(data->text(3), "fine text number 3"s);
        QCOMPARE(data->label(3), 1);
        QCOMPARE(data->labels(3), std::vector<int32_t>{1});
    }

    void integerLabelsAreOrderedByNumber()
    {
        const auto data = m_files.dataset("a.csv", "text,label\na,10\nb,2\nc,-1\nd,10\n", plainOptions);
        QCOMPARE(data->labelNames(), (Row{"-1", "2", "10"}));
        QCOMPARE(data->label(0), 2);
        QCOMPARE(data->labelCounts(), (Rows{1, 1, 2}));
        const auto mixed = m_files.dataset("b.csv", "text,label\na,10\nb,2\nc,x\nd,é\ne,Z\n", plainOptions);
        QCOMPARE(mixed->labelNames(), (Row{"10", "2", "Z", "x", "é"}));
    }

    void decimalsStayClassesUnlessRegressionIsAsked()
    {
        const std::string content = "text,label\na,0.5\nb,1.5\nc,+2\nd,1e3\n";
        QCOMPARE(m_files.dataset("a.csv", content, plainOptions)->problemType(), ProblemType::SingleLabel);
        auto options = plainOptions;
        options.problemType = ProblemType::Regression;
        const auto data = m_files.dataset("a.csv", content, options);
        QCOMPARE(data->problemType(), ProblemType::Regression);
        QCOMPARE(data->target(1), 1.5);
        QCOMPARE(data->target(2), 2.0);
        QCOMPARE(data->target(3), 1000.0);
        QVERIFY(data->labelNames().empty());
    }

    void invalidTargetsAreListed()
    {
        auto options = plainOptions;
        options.problemType = ProblemType::Regression;
        const auto data = m_files.dataset(
            "a.csv", "text,label\na,1.5\nb,high\nc,nan\nd,inf\ne,\"1,5\"\nf,2\ng,\n", options);
        QCOMPARE(data->size(), 2);
        QCOMPARE(data->tableRow(1), 5);
        NEED_PROBLEM(invalid, data, Kind::InvalidLabel);
        QCOMPARE(invalid->rows, (Rows{2, 3, 4, 5}));
        QVERIFY(invalid->rowsUnusable);
        VERIFY_CONTAINS(invalid->message, "4 rows have a label that is not a finite number (row 2: 'high')");
        NEED_PROBLEM(missing, data, Kind::MissingLabel);
        QCOMPARE(missing->rows, Rows{7});
    }

    void listsOfLabelsAreMultiLabel_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("separator");
        QTest::newRow("JSON lines")
            << QByteArray("a.jsonl")
            << QByteArray("{\"text\":\"one\",\"label\":[\"b\",\"a\"]}\n"
                          "{\"text\":\"two\",\"label\":[]}\n{\"text\":\"three\",\"label\":[\"b\",\"b\"]}\n")
            << QByteArray();
        QTest::newRow("JSON in CSV")
            << QByteArray("a.csv")
            << QByteArray("text,label\none,\"[\"\"b\"\",\"\"a\"\"]\"\ntwo,[]\nthree,\"[\"\"b\"\"]\"\n")
            << QByteArray();
        QTest::newRow("Python list") << QByteArray("a.csv")
                                     << QByteArray("text,label\none,\"['b', 'a']\"\ntwo,[]\nthree,['b']\n")
                                     << QByteArray();
        QTest::newRow("separator") << QByteArray("a.csv")
                                   << QByteArray("text,label\none,b; a\ntwo,\nthree,b\n") << QByteArray(";");
    }

    void listsOfLabelsAreMultiLabel()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, separator);
        auto options = plainOptions;
        options.mapping.labelSeparator = separator.toStdString();
        const auto data = m_files.dataset(name.toStdString(), content.toStdString(), options);
        QCOMPARE(data->problemType(), ProblemType::MultiLabel);
        QCOMPARE(data->labelNames(), (Row{"a", "b"}));
        QCOMPARE(data->labels(0), (std::vector<int32_t>{0, 1}));
        QVERIFY(data->labels(1).empty());
        QCOMPARE(data->labels(2), std::vector<int32_t>{1});
        QCOMPARE(data->labelCounts(), (Rows{1, 2}));
    }

    void escapedCharactersOfListsAreRead()
    {
        const auto data = m_files.dataset("a.jsonl",
            "{\"text\":\"one\",\"label\":[\"\\ud83d\\ude00\",\"\\u00e9\"]}\n"
            "{\"text\":\"two\",\"label\":[\"\\ud83d\\ude22\"]}\n",
            plainOptions);
        QCOMPARE(data->labelNames(), (Row{"é", "😀", "😢"}));
        QCOMPARE(data->labels(0), (std::vector<int32_t>{0, 1}));
        QCOMPARE(data->labels(1), std::vector<int32_t>{2});
        const auto halves
            = m_files.dataset("b.csv", "text,label\none,\"['\\ud83dx', '\\ude00\\ud83d']\"\ntwo,['\\u12']\n",
                optionsOf(plainOptions.mapping, ProblemType::MultiLabel));
        QCOMPARE(halves->labelNames(), (Row{"\uFFFDx", "\uFFFD\uFFFD"}));
        NEED_PROBLEM(invalid, halves, Kind::InvalidLabel);
        QCOMPARE(invalid->rows, Rows{2});
    }

    void columnsOfZeroAndOneAreMultiLabel()
    {
        const auto options = optionsOf({.text = "text", .labels = {"toxic", "insult"}});
        const auto table = m_files.table(
            "a.csv", "id,text,toxic,insult\n1,one,1,0\n2,two,0,0\n3,three,1.0,1\n4,four,yes,0\n5,five,,1\n");
        const auto data = Dataset::create(table, options);
        QCOMPARE(data->problemType(), ProblemType::MultiLabel);
        QCOMPARE(data->labelNames(), (Row{"insult", "toxic"}));
        QCOMPARE(data->size(), 3);
        QCOMPARE(data->labels(0), std::vector<int32_t>{1});
        QCOMPARE(data->labels(2), (std::vector<int32_t>{0, 1}));
        NEED_PROBLEM(invalid, data, Kind::InvalidLabel);
        QCOMPARE(invalid->rows, Rows{4});
        NEED_PROBLEM(missing, data, Kind::MissingLabel);
        QCOMPARE(missing->rows, Rows{5});
        VERIFY_CONTAINS(errorOf([&] {
            auto single = options;
            single.problemType = ProblemType::SingleLabel;
            (void)Dataset::create(table, single);
        }),
            "settings: 2 label columns are given, but single_label_classification needs exactly one");
    }

    void listsOfZeroAndOneAreReadByPosition_data()
    {
        QTest::addColumn<QByteArray>("one");
        QTest::addColumn<QByteArray>("two");
        QTest::newRow("floats") << QByteArray("[1.0, 0.0, 1.0]") << QByteArray("[0.0,0.0,0.0]");
        QTest::newRow("integers") << QByteArray("[1,0,1]") << QByteArray("[0,0,0]");
        QTest::newRow("Booleans") << QByteArray("[True, False, True]") << QByteArray("[False, False, False]");
        QTest::newRow("NumPy") << QByteArray("[1 0 1]") << QByteArray("[0 0 0]");
        QTest::newRow("NumPy floats") << QByteArray("[1. 0. 1.]") << QByteArray(" [ 0. 0.\n 0. ]");
    }

    void listsOfZeroAndOneAreReadByPosition()
    {
        QFETCH(QByteArray, one);
        QFETCH(QByteArray, two);
        const auto content = "text,label\na,\"" + one + "\"\nb,\"" + two + "\"\nc,\"" + one + "\"\n";
        for (const auto type : {ProblemType::Auto, ProblemType::MultiLabel}) {
            const auto data
                = m_files.dataset("a.csv", content.toStdString(), optionsOf(plainOptions.mapping, type));
            QCOMPARE(data->problemType(), ProblemType::MultiLabel);
            QCOMPARE(data->labelNames(), (Row{"LABEL_0", "LABEL_1", "LABEL_2"}));
            QCOMPARE(data->labels(0), (std::vector<int32_t>{0, 2}));
            QVERIFY(data->labels(1).empty());
            QCOMPARE(data->labelCounts(), (Rows{2, 0, 2}));
        }
    }

    void positionsKeepTheirOrderAndOtherListsAreListed()
    {
        std::string content;
        for (int row = 0; row < 2000; ++row) {
            content += "{\"text\":\"number " + std::to_string(row) + "\",\"label\":[";
            for (int i = 0; i < 12; ++i)
                content += std::string(i > 0 ? "," : "") + (i == row % 12 ? "1" : "0");
            content += "]}\n";
        }
        content += "{\"text\":\"short\",\"label\":[1,0]}\n{\"text\":\"two\",\"label\":[2,0,0,0,0,0,0,0,0,0,0,"
                   "0]}\n"
                   "{\"text\":\"none\",\"label\":null}\n";
        const auto data = m_files.dataset("a.jsonl", content, plainOptions);
        QCOMPARE(data->size(), 2000);
        QCOMPARE(data->labelNames().at(2), "LABEL_2"s);
        QCOMPARE(data->labelNames().at(11), "LABEL_11"s);
        QCOMPARE(data->labels(11), std::vector<int32_t>{11});
        NEED_PROBLEM(invalid, data, Kind::InvalidLabel);
        QCOMPARE(invalid->rows, (Rows{2001, 2002}));
        VERIFY_CONTAINS(invalid->message,
            "2 rows have a label that is no list of 12 values 0 or 1 as the others are (row 2001: '[1,0]')");
        NEED_PROBLEM(missing, data, Kind::MissingLabel);
        QCOMPARE(missing->rows, Rows{2003});
    }

    void listsOfNumbersStayNamesUnlessAllAreFlags()
    {
        const std::string content = "{\"text\":\"a\",\"label\":[1,0]}\n{\"text\":\"b\",\"label\":[1]}\n";
        QCOMPARE(m_files.dataset("a.jsonl", content, plainOptions)->labelNames(), (Row{"0", "1"}));
        const std::string quoted
            = "{\"text\":\"a\",\"label\":[\"1\",\"0\"]}\n{\"text\":\"b\",\"label\":[\"0\",\"1\"]}\n";
        QCOMPARE(m_files.dataset("b.jsonl", quoted, plainOptions)->labelNames(), (Row{"0", "1"}));
        const std::string single = "{\"text\":\"a\",\"label\":[0]}\n{\"text\":\"b\",\"label\":[1]}\n";
        QCOMPARE(m_files.dataset("c.jsonl", single, plainOptions)->labelNames(), (Row{"0", "1"}));
    }

    void emptyTextsAndMissingLabelsAreListed()
    {
        const std::string content
            = "text,label\n" + healthyRows() + ",pos\n\" \u3000\t\",neg\nno label,\nblank label,  \n";
        const auto data = m_files.dataset("a.csv", content, plainOptions);
        NEED_PROBLEM(empty, data, Kind::EmptyText);
        QCOMPARE(empty->rows, (Rows{13, 14}));
        QVERIFY(!empty->rowsUnusable);
        NEED_PROBLEM(missing, data, Kind::MissingLabel);
        QCOMPARE(missing->rows, (Rows{15, 16}));
        VERIFY_CONTAINS(missing->message, "2 rows have no label in column 'label'");
        QCOMPARE(data->size(), 14);
        auto cleaned = plainOptions;
        cleaned.cleaning.dropEmpty = true;
        const auto dropped = m_files.dataset("a.csv", content, cleaned);
        QCOMPARE(dropped->size(), 12);
        NEED_PROBLEM(left, dropped, Kind::EmptyText);
        QVERIFY(left->rowsUnusable);
    }

    void tableIssuesBecomeProblems()
    {
        const auto data = m_files.dataset("a.csv",
            "text,label\n" + healthyRows() + "only one cell\nz\0ero,pos\n\"open quote,neg\nlast,pos\n"s,
            plainOptions);
        NEED_PROBLEM(ragged, data, Kind::RaggedRow);
        QCOMPARE(ragged->rows, Rows{13});
        NEED_PROBLEM(zero, data, Kind::NulByte);
        QCOMPARE(zero->rows, Rows{14});
        NEED_PROBLEM(quote, data, Kind::UnclosedQuote);
        QCOMPARE(quote->rows, Rows{15});
        QVERIFY(ragged->rowsUnusable && zero->rowsUnusable && !quote->rowsUnusable);
        QCOMPARE(data->size(), 14);
        QCOMPARE(data->text(12), "\"open quote"s);
        const auto bytes
            = m_files.dataset("b.csv", "text,label\n" + healthyRows() + "很好很好\xFF,pos\n", plainOptions);
        NEED_PROBLEM(undecodable, bytes, Kind::UndecodableBytes);
        QCOMPARE(undecodable->rows, Rows{13});
        QCOMPARE(bytes->text(12), "很好很好\uFFFD"s);
        const auto json = m_files.dataset("c.jsonl",
            "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\n{\"text\":\"b\",\"label\":\"x\"}\n", plainOptions);
        NEED_PROBLEM(invalid, json, Kind::InvalidJson);
        QCOMPARE(invalid->rows, Rows{2});
        QCOMPARE(json->size(), 2);
    }

    void equalTextsAreListedAndDroppedOnRequest()
    {
        const std::string content = "text,label\n" + healthyRows()
            + "fine text number 0,neg\nfine text number 1,neg\nfine text number 0,neg\n";
        const auto data = m_files.dataset("a.csv", content, plainOptions);
        NEED_PROBLEM(duplicate, data, Kind::DuplicateRow);
        QCOMPARE(duplicate->rows, (Rows{13, 15}));
        NEED_PROBLEM(conflict, data, Kind::ConflictingLabels);
        QCOMPARE(conflict->rows, (Rows{2, 14}));
        QCOMPARE(data->size(), 15);
        auto options = plainOptions;
        options.cleaning.dropDuplicates = true;
        const auto dropped = m_files.dataset("a.csv", content, options);
        QCOMPARE(dropped->size(), 13);
        QCOMPARE(dropped->tableRow(12), 13);
        QCOMPARE(dropped->labelCounts(), (Rows{7, 6}));
        QCOMPARE(dropped->label(12), 0);
    }

    void pairsAreDuplicatesOnlyWhenBothAreEqual()
    {
        const auto options = optionsOf({.text = "a", .textPair = "b", .labels = {"label"}});
        const auto data = m_files.dataset("a.csv", "a,b,label\nx,yz,1\nxy,z,1\nx,yz,1\n", options);
        NEED_PROBLEM(duplicate, data, Kind::DuplicateRow);
        QCOMPARE(duplicate->rows, Rows{3});
        QVERIFY(data->hasPairs());
        QCOMPARE(data->textPair(1), "z"s);
    }

    void labelsThatDifferByCaseAreListed()
    {
        const auto data = m_files.dataset("a.csv",
            "text,label\n" + healthyRows()
                + "odd one,Pos\nodd two,\" pos\"\nodd three,STRASSE\nodd four,straße\n",
            plainOptions);
        NEED_PROBLEM(problem, data, Kind::LabelsDifferByCase);
        QCOMPARE(problem->count, 3);
        QCOMPARE(problem->rows.at(0), 13);
        QCOMPARE(problem->rows.at(1), 14);
        VERIFY_CONTAINS(problem->message, "' pos' (1), 'Pos' (1), 'pos' (6)");
        QVERIFY(!problem->rowsUnusable);
    }

    void rareClassesAreListed()
    {
        const auto data = m_files.dataset(
            "a.csv", "text,label\n" + healthyRows() + "odd one,rare\nodd two,rare\n", plainOptions);
        NEED_PROBLEM(problem, data, Kind::RareClass);
        QCOMPARE(problem->rows, (Rows{13, 14}));
        VERIFY_CONTAINS(problem->message, "1 class has fewer than 5 rows: 'rare' (2)");
    }

    void onlyAThousandRowsOfAProblemAreKept()
    {
        std::string content = "text,label\n" + healthyRows();
        for (int i = 0; i < 1500; ++i)
            content += "no label " + std::to_string(i) + ",\n";
        const auto data = m_files.dataset("a.csv", content, plainOptions);
        NEED_PROBLEM(missing, data, Kind::MissingLabel);
        QCOMPARE(missing->count, 1500);
        QCOMPARE(missing->rows.size(), size_t(1000));
    }

    void cleaningIsAppliedToTexts()
    {
        auto options = plainOptions;
        options.cleaning.html = true;
        options.cleaning.whitespace = true;
        const auto data = m_files.dataset(
            "a.csv", "text,label\n<b>good</b>   &amp;  cheap,1\n<br/>,0\nplain,1\n", options);
        QCOMPARE(data->text(0), "good & cheap"s);
        NEED_PROBLEM(empty, data, Kind::EmptyText);
        QCOMPARE(empty->rows, Rows{2});
        std::vector<std::string> texts;
        data->texts(0, texts);
        QCOMPARE(texts, Row{"good & cheap"});
    }

    void leakageBetweenPartsIsFound()
    {
        const auto train = m_files.dataset("a.csv", "text,label\n" + healthyRows(), plainOptions);
        const auto test = m_files.dataset("b.csv",
            "text,label\nnew text,pos\nfine text number 4,pos\nfine text number 40,pos\n", plainOptions);
        const auto found = findLeakage(*train, *test, "test");
        QVERIFY(found);
        QCOMPARE(found->kind, Kind::TextInSeveralParts);
        QCOMPARE(found->rows, Rows{2});
        VERIFY_CONTAINS(
            found->message, "1 row of the test part has a text that is also in the training part");
        const auto clean = m_files.dataset("c.csv", "text,label\nnew text,pos\n", plainOptions);
        QVERIFY(!findLeakage(*train, *clean, "test"));
    }

    void labelsThatTrainingLacksAreFound()
    {
        const auto train = m_files.dataset("a.csv", "text,label\n" + healthyRows(), plainOptions);
        const auto test
            = m_files.dataset("b.csv", "text,label\na,pos\nb,other\nc,neg\nd,other\n", plainOptions);
        const auto found = findUnknownLabels(*train, *test, "test");
        QVERIFY(found);
        QCOMPARE(found->rows, (Rows{2, 4}));
        VERIFY_CONTAINS(found->message, "'other'");
        QVERIFY(!findUnknownLabels(*train, *train, "test"));
    }

    void unlabelledDataIsADataset()
    {
        const auto data = m_files.dataset("a.txt", "one\ntwo\n\nthree\n", optionsOf({.text = "text"}));
        QVERIFY(!data->isLabelled());
        QCOMPARE(data->size(), 4);
        QVERIFY(data->labels(0).empty());
        QCOMPARE(data->characterLengths().max, 5);
    }

    void mappingThatDoesNotFitGetsASentence()
    {
        const auto table = m_files.table("a.csv", "text,label\na,1\nb,0\n");
        VERIFY_CONTAINS(errorOf([&] { (void)Dataset::create(table, {}); }), "no column is chosen as text");
        VERIFY_CONTAINS(errorOf([&] { (void)Dataset::create(table, optionsOf({.text = "review"})); }),
            "has no column 'review'; its columns are 'text', 'label'");
        VERIFY_CONTAINS(
            errorOf([&] { (void)Dataset::create(table, optionsOf({.text = "text", .labels = {"1"}})); }),
            "column 'text' is chosen twice");
        const auto empty = m_files.table("b.csv", "text,label\na,\nb,\n");
        VERIFY_CONTAINS(errorOf([&] { (void)Dataset::create(empty, plainOptions); }),
            "none of its 2 rows can be used. 2 rows have no label in column 'label'.");
    }

    void mappingIsSuggestedFromNamesAndContents_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("pair");
        QTest::addColumn<QByteArray>("labels");
        const auto row = [](const char* tag, const char* content, const char* text, const char* pair,
                             const char* labels) {
            QTest::newRow(tag) << QByteArray(content) << QByteArray(text) << QByteArray(pair)
                               << QByteArray(labels);
        };
        row("names", "id,sentence,label\n1,some words here,0\n2,other words there,1\n", "sentence", "",
            "label");
        row("pair names",
            "idx,premise,hypothesis,gold_label\n1,a man sleeps,a man is awake,no\n2,a dog runs,it "
            "moves,yes\n",
            "premise", "hypothesis", "gold_label");
        row("title and description",
            "title,description,category\nBig news today,All about it,1\nSmall news,Nothing,2\n", "title",
            "description", "category");
        row("Chinese names", "编号,评论,情感\n1,很好吃的菜,好\n2,不太好吃啊,坏\n", "评论", "", "情感");
        row("contents",
            "ham,Ok lar joking with you\nspam,Free entry in a weekly comp\nham,Another message here\n"
            "ham,What is going on there\nspam,Win a prize of the day\nham,See you tomorrow then\n",
            "column_2", "", "column_1");
        row("several zero-one columns",
            "id,comment_text,toxic,obscene,threat\n1,some text here,0,1,0\n2,more text there,0,0,1\n3,last "
            "text of all,1,0,0\n",
            "comment_text", "", "toxic,obscene,threat");
        row("score of a pair",
            "A plane is taking off.,An air plane is taking off.,5.0\n"
            "A man is playing a flute.,A man plays the flute.,3.8\nThree men play chess.,Two men play.,2.6\n",
            "column_1", "column_2", "column_3");
        row("no label",
            "id,text\n1,some words\n2,other words\n3,more words\n4,no words\n5,five words\n6,six words\n",
            "text", "", "");
    }

    void mappingIsSuggestedFromNamesAndContents()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, pair);
        QFETCH(QByteArray, labels);
        const auto mapping = suggestMapping(*m_files.table("a.csv", content.toStdString()));
        QCOMPARE(QByteArray::fromStdString(mapping.text), text);
        QCOMPARE(QByteArray::fromStdString(mapping.textPair), pair);
        std::string joined;
        for (const auto& label : mapping.labels)
            joined += (joined.empty() ? "" : ",") + label;
        QCOMPARE(QByteArray::fromStdString(joined), labels);
    }

    void oddCellsLeaveNoFlagColumnOut()
    {
        std::string content = "comment,toxic,obscene,threat,origin\n";
        for (int i = 0; i < 20; ++i)
            content += "words of number " + std::to_string(i) + ",0,"
                + (i == 7       ? "maybe"
                        : i % 3 ? "0"
                                : "1")
                + (i % 2 ? ",1.0," : ", 0 ,") + (i % 2 ? "here\n" : "there\n");
        const auto table = m_files.table("a.csv", content);
        auto mapping = suggestMapping(*table);
        QCOMPARE(mapping.text, "comment"s);
        QCOMPARE(mapping.labels, (Row{"toxic", "obscene", "threat"}));
        const auto data = Dataset::create(table, optionsOf(mapping));
        QCOMPARE(data->size(), 19);
        NEED_PROBLEM(invalid, data, Kind::InvalidLabel);
        QCOMPARE(invalid->rows, Rows{8});
    }

    void countsAndConstantsAreNoFlags()
    {
        std::string counts = "tweet,retweets,hate\n", constants = "tweet,truncated,favorited,polarity\n";
        for (int i = 0; i < 100; ++i) {
            const auto text = "words of number " + std::to_string(i);
            counts += text + ',' + std::to_string(i % 20 ? i % 2 : i) + ',' + (i % 3 ? "0\n" : "1\n");
            constants += text + ",False,False," + std::to_string(i % 3) + '\n';
        }
        QCOMPARE(suggestMapping(*m_files.table("a.csv", counts)).labels, Row{"hate"});
        QCOMPARE(suggestMapping(*m_files.table("b.csv", constants)).labels, Row{"polarity"});
    }

    void fileSortedByLabelShowsAllItsLabels()
    {
        std::string content; // Sentiment140: polarity, id, query, text
        for (int i = 0; i < 3000; ++i)
            content += (i < 1500 ? "0," : "4,") + std::to_string(90000 + 7 * i)
                + ",NO_QUERY,this is tweet number " + std::to_string(i) + "\n";
        const auto mapping = suggestMapping(*m_files.table("a.csv", content));
        QCOMPARE(mapping.labels, Row{"column_1"});
        QCOMPARE(mapping.text, "column_4"s);
    }

    void columnOfOneValueIsNoLabelBesideOneOfSeveral()
    {
        std::string content; // CoLA: source, acceptability, the author's mark, sentence
        for (int i = 0; i < 30; ++i)
            content += "gj04\t" + std::string(i % 4 ? "1\t" : "0\t*") + "\tThis is sentence number "
                + std::to_string(i) + ".\n";
        const auto mapping = suggestMapping(*m_files.table("a.tsv", content));
        QCOMPARE(mapping.labels, Row{"column_2"});
        QCOMPARE(mapping.text, "column_4"s);
    }

    void fastTextFileWithSeveralLabelsIsMultiLabel()
    {
        const auto table = m_files.table("a.txt", "__label__b __label__a one\n__label__b two\n");
        const auto mapping = suggestMapping(*table);
        QCOMPARE(mapping.labels, Row{"label"});
        const auto data = Dataset::create(table, optionsOf(mapping));
        QCOMPARE(data->problemType(), ProblemType::MultiLabel);
        QCOMPARE(data->labelNames(), (Row{"__label__a", "__label__b"}));
        QCOMPARE(data->labels(0), (std::vector<int32_t>{0, 1}));
        QCOMPARE(data->labels(1), std::vector<int32_t>{1});
        QCOMPARE(data->text(0), "one"s);
    }

    void oddCellAmongListsIsOneLabel()
    {
        std::string content = "text,label\n";
        for (int i = 0; i < 18; ++i)
            content += "text " + std::to_string(i) + ",\"['a', 'b']\"\n";
        content += "odd one,a\nodd two,b\n";
        const auto data = m_files.dataset("a.csv", content, plainOptions);
        QCOMPARE(data->problemType(), ProblemType::MultiLabel);
        QCOMPARE(data->labels(18), std::vector<int32_t>{0});
        const auto more = m_files.dataset("b.csv", content + "odd three,b\n", plainOptions);
        QCOMPARE(more->problemType(), ProblemType::SingleLabel);
    }

    void descriptionHoldsWhatInspectPrints()
    {
        const auto data = m_files.dataset("a.csv", "text,label\r\n" + healthyRows() + "x,\r\n", plainOptions);
        const auto json = describe(*data);
        QCOMPARE(json.at("format").get<std::string>(), "csv"s);
        QCOMPARE(json.at("encoding").get<std::string>(), "utf-8"s);
        QCOMPARE(json.at("byte_order_mark").get<bool>(), false);
        QCOMPARE(json.at("delimiter").get<std::string>(), ","s);
        QCOMPARE(json.at("quote").get<std::string>(), "\""s);
        QCOMPARE(json.at("header").get<bool>(), true);
        QCOMPARE(json.at("line_end").get<std::string>(), "mixed"s);
        QCOMPARE(json.at("rows").get<int>(), 13);
        QCOMPARE(json.at("usable_rows").get<int>(), 12);
        QCOMPARE(json.at("sha256").get<std::string>().size(), size_t(64));
        QCOMPARE(json.at("columns").at(1).at("name").get<std::string>(), "label"s);
        QCOMPARE(json.at("columns").at(0).at("examples").at(1).get<std::string>(), "fine text number 1"s);
        QCOMPARE(json.at("labels").at(1).at("label").get<std::string>(), "pos"s);
        QCOMPARE(json.at("labels").at(1).at("count").get<int>(), 6);
        const auto& length = json.at("length").at("characters");
        QCOMPARE(length.at("min").get<int>(), 18);
        QCOMPARE(length.at("p50").get<int>(), 18);
        QCOMPARE(length.at("p95").get<int>(), 19);
        QCOMPARE(length.at("max").get<int>(), 19);
        QCOMPARE(length.at("mean").get<double>(), (18.0 * 10 + 19.0 * 2) / 12);
        QCOMPARE(json.at("problems").at(0).at("kind").get<std::string>(), "missing_label"s);
        QCOMPARE(json.at("problems").at(0).at("rows").at(0).get<int>(), 13);
    }

    void problemTypeNamesRoundTrip()
    {
        for (const auto type :
            {ProblemType::Auto, ProblemType::SingleLabel, ProblemType::MultiLabel, ProblemType::Regression})
            QCOMPARE(parseProblemType(problemTypeName(type)), type);
        VERIFY_CONTAINS(
            errorOf([] { (void)parseProblemType("ranking"); }), "settings: Unknown problem type 'ranking'");
    }

    void readingCanBeStopped()
    {
        std::stop_source source;
        source.request_stop();
        TaskControl control;
        control.stop = source.get_token();
        const auto table = m_files.table("a.csv", "text,label\n" + healthyRows());
        VERIFY_CONTAINS(errorOf([&] { (void)Dataset::create(table, plainOptions, control); }), "cancelled:");
    }

private:
    TestFiles m_files;
};

QTEST_GUILESS_MAIN(TestDataset)
#include "tst_dataset.moc"
