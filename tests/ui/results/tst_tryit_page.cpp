// SPDX-License-Identifier: MIT
#include "core/data/table.h"
#include "tests/core/train/tiny_model.h"
#include "tests/ui/page_fixture.h"
#include "ui/pages/tryit/token_chips.h"
#include "ui/pages/tryit/tryit_page.h"
#include "ui/widgets/bar_list.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/format.h"

#include "random_run.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>

using namespace studio;

class TestTryItPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        failOnWarnings();
        m_fixture = std::make_unique<PageFixture>();
        m_first = m_fixture->file("model-a");
        m_second = m_fixture->file("model-b");
        writeTinyModel(m_first);
        writeTinyModel(m_second, {.labels = {"ham", "spam"}});
        m_page = std::make_unique<TryItPage>(m_fixture->state());
        m_page->resize(1200, 800);
        m_page->show();
        m_text = child<QPlainTextEdit>(*m_page, "tryText");
    }
    void cleanup()
    {
        m_page.reset();
        m_fixture.reset();
    }

    void barsEqualThePredictorsScores()
    {
        tryModel(m_first);
        Predictor predictor(m_first);
        const auto* bars = child<BarList>(*m_page, "tryBars0");
        for (const auto* text : {"w01 w07 w33", "w20 w21 unheard w05", "W39"}) {
            m_text->setPlainText(QLatin1String(text));
            const TextInput input{text};
            const auto expected = predictor.predict({&input, 1}).front();
            const auto same = [&] {
                if (bars->rows().size() != expected.scores.size())
                    return false;
                return std::ranges::all_of(bars->rows(), [&](const BarRow& row) {
                    const auto label = std::ranges::find(predictor.labels(), row.label.toStdString());
                    const auto index = static_cast<size_t>(label - predictor.labels().begin());
                    return std::abs(row.share - static_cast<double>(expected.scores.at(index))) <= 1e-5
                        && row.value == percentText(row.share)
                        && row.emphasized == (expected.labelIds.front() == static_cast<int32_t>(index));
                });
            };
            QTRY_VERIFY(same());
            QTRY_COMPARE(child<QLabel>(*m_page, "tryAnswer0")->text(),
                fromCore(predictor.labels().at(static_cast<size_t>(expected.labelIds.front()))));
            const auto encoding = predictor.tokenizer().encode(input.text);
            QTRY_COMPARE(child<TokenChips>(*m_page, "tryTokens0")->tokenCount(),
                static_cast<int>(encoding.ids.size()));
        }
        m_text->clear();
        QTRY_VERIFY(bars->rows().empty());
    }

    void barsAreSortedAtAPause()
    {
        tryModel(m_first);
        m_text->setPlainText(QStringLiteral("w01 w07 w33"));
        const auto* bars = child<BarList>(*m_page, "tryBars0");
        QTRY_COMPARE(bars->rows().size(), size_t{3});
        QTRY_VERIFY(std::ranges::is_sorted(bars->rows(), std::ranges::greater(), &BarRow::share));
    }

    void unknownTokensAreCounted()
    {
        tryModel(m_first);
        m_text->setPlainText(QStringLiteral("w01 strange words"));
        const auto* chips = child<TokenChips>(*m_page, "tryTokens0");
        QTRY_COMPARE(chips->tokenCount(), 5);
        QCOMPARE(chips->unknownCount(), 2);
    }

    void aSecondTextReachesTheModel()
    {
        tryModel(m_first);
        child<QCheckBox>(*m_page, "usePair")->click();
        m_text->setPlainText(QStringLiteral("w01"));
        child<QLineEdit>(*m_page, "tryPair")->setText(QStringLiteral("w02 w03"));
        QTRY_COMPARE(child<TokenChips>(*m_page, "tryTokens0")->tokenCount(), 6); // [CLS] a [SEP] b b [SEP]
    }

    void twoModelsAnswerSideBySide()
    {
        m_fixture->settings().setValue(Setting::TrySecondModel, QString::fromStdString(m_second.string()));
        tryModel(m_first);
        const auto* second = child<BarList>(*m_page, "tryBars1");
        QVERIFY(!second->isVisible());
        child<QCheckBox>(*m_page, "compareModels")->click();
        m_text->setPlainText(QStringLiteral("w05 w06"));
        QTRY_COMPARE(second->rows().size(), size_t{2});
        QTRY_COMPARE(child<BarList>(*m_page, "tryBars0")->rows().size(), size_t{3});
        const TextInput input{"w05 w06"};
        const auto expected = Predictor(m_second).predict({&input, 1}).front();
        for (const auto& row : second->rows()) {
            const auto wanted = expected.scores.at(row.label == QStringLiteral("ham") ? 0 : 1);
            QVERIFY(std::abs(row.share - static_cast<double>(wanted)) <= 1e-5);
        }
    }

    void lastInputsComeBackByAClick()
    {
        tryModel(m_first);
        auto* history = child<QListWidget>(*m_page, "tryHistory");
        m_text->setPlainText(QStringLiteral("w01 w02"));
        QTRY_COMPARE(history->count(), 1);
        m_text->setPlainText(QStringLiteral("w03"));
        QTRY_COMPARE(history->count(), 2);
        const auto rect = history->visualItemRect(history->item(1));
        QTest::mouseClick(history->viewport(), Qt::LeftButton, {}, rect.center());
        QCOMPARE(m_text->toPlainText(), QStringLiteral("w01 w02"));
        QCOMPARE(m_fixture->settings().list(Setting::TryHistory).size(), 2);
        QTest::mouseClick(child<QPushButton>(*m_page, "clearHistory"), Qt::LeftButton);
        QCOMPARE(history->count(), 0);
    }

    void theToolTipOfAnInputIsNoHtml()
    {
        m_text->setPlainText(QStringLiteral("<p>w01"));
        const auto* history = child<QListWidget>(*m_page, "tryHistory");
        QTRY_COMPARE(history->count(), 1);
        const auto tip = history->item(0)->toolTip();
        QVERIFY2(tip.contains(QStringLiteral("&lt;p&gt;w01")), qPrintable(tip));
    }

    void anInputIsReplacedByTheSameTypingOnly()
    {
        tryModel(m_first);
        auto* history = child<QListWidget>(*m_page, "tryHistory");
        const auto inputs = [this] { return m_fixture->settings().list(Setting::TryHistory); };
        const auto one = QStringLiteral("w01"), two = QStringLiteral("w01 w02"),
                   three = QStringLiteral("w01 w02 w03"), four = QStringLiteral("w01 w02 w03 w04");
        m_text->setPlainText(two);
        QTRY_COMPARE(inputs(), QStringList{two});
        m_text->clear();
        m_text->setPlainText(one);
        QTRY_COMPARE(inputs(), (QStringList{one, two}));
        const auto rect = history->visualItemRect(history->item(1));
        QTest::mouseClick(history->viewport(), Qt::LeftButton, {}, rect.center());
        QCOMPARE(m_text->toPlainText(), two);
        m_text->setPlainText(three);
        QTRY_COMPARE(inputs(), (QStringList{three, one, two}));
        m_text->setPlainText(four);
        QTRY_COMPARE(inputs(), (QStringList{four, one, two}));
    }

    void aFileIsClassifiedToCsv()
    {
        tryModel(m_first);
        const auto source = m_fixture->file("texts.csv"), target = m_fixture->file("answers.csv");
        std::string csv = "text\r\n";
        std::vector<TextInput> inputs;
        for (int i = 0; i < 600; ++i) { // more than are worked on at once
            inputs.push_back({tinyWord(i % tinyWords) + ", \"" + tinyWord(i * 7 % tinyWords) + "\""});
            csv += "\"" + tinyWord(i % tinyWords) + ", \"\"" + tinyWord(i * 7 % tinyWords) + "\"\"\"\r\n";
        }
        writeFileAtomically(source, csv);
        dialogs::setNextPath(QString::fromStdString(source.string()));
        QTest::mouseClick(child<QPushButton>(*m_page, "classifyFile"), Qt::LeftButton);
        auto* save = m_page->findChild<QFileDialog*>(); // the second question: where to
        QVERIFY(save);
        Q_EMIT save->fileSelected(QString::fromStdString(target.string()));
        save->close();
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(target), 30000);
        QTRY_COMPARE(child<QLabel>(*m_page, "classifyNote")->text(),
            QStringLiteral("600 rows written to answers.csv"));
        Predictor predictor(m_first);
        const auto expected = predictor.predict(inputs);
        const auto table = Table::open(target);
        QCOMPARE(table->rowCount(), int64_t{600});
        for (int64_t i = 0; i < 600; ++i) {
            const auto& prediction = expected[static_cast<size_t>(i)];
            QCOMPARE(table->cell(i, table->columnIndex("row")), std::to_string(i + 1));
            QCOMPARE(table->cell(i, table->columnIndex("text")), inputs[static_cast<size_t>(i)].text);
            QCOMPARE(table->cell(i, table->columnIndex("label")),
                predictor.labels().at(static_cast<size_t>(prediction.labelIds.front())));
            for (size_t label = 0; label < 3; ++label) {
                const auto cell = table->cell(i, table->columnIndex("score_" + predictor.labels()[label]));
                QVERIFY(std::abs(QString::fromStdString(cell).toFloat() - prediction.scores[label]) <= 1e-5F);
            }
        }
    }

    void theFileButtonFollowsTheModelThatIsChosen()
    {
        tryModel(m_first);
        auto* box = child<QComboBox>(*m_page, "tryModel0");
        const auto* button = child<QPushButton>(*m_page, "classifyFile");
        box->insertItem(0, QString(), QString()); // the entry of a run in training
        choose(box, QString());
        QVERIFY(!button->isEnabled());
        choose(box, QString::fromStdString(m_first.string()));
        QVERIFY(button->isEnabled());
    }

    void aBrokenModelEndsInASentence()
    {
        std::filesystem::resize_file(m_first / "model.safetensors", 20);
        tryModel(m_first);
        m_text->setPlainText(QStringLiteral("w01"));
        QTRY_VERIFY(std::ranges::any_of(m_page->findChildren<ErrorBanner*>(),
            [](const ErrorBanner* banner) { return banner->isShowing(); }));
        QVERIFY(child<BarList>(*m_page, "tryBars0")->rows().empty());
    }

private:
    void tryModel(const std::filesystem::path& folder)
    {
        m_fixture->state().tryModel(QString::fromStdString(folder.string()));
        QCOMPARE(child<QComboBox>(*m_page, "tryModel0")->currentData().toString(),
            QString::fromStdString(folder.string()));
    }

    std::filesystem::path m_first, m_second;
    std::unique_ptr<PageFixture> m_fixture;
    std::unique_ptr<TryItPage> m_page;
    QPlainTextEdit* m_text = nullptr;
};

QTEST_MAIN(TestTryItPage)
#include "tst_tryit_page.moc"
