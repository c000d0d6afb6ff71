// SPDX-License-Identifier: MIT
#include "core/base/crash_report.h"
#include "core/base/file.h"
#include "tests/ui/tiny_run.h"
#include "tests/ui/window_bench.h"
#include "ui/session/studio_state.h"
#include "ui/shell/crash_dialog.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/shell/page.h"
#include "ui/shell/rail.h"
#include "ui/theme/colors.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/error_banner.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;

namespace {

/// Opened at once.
struct Bench : WindowBench {
    Bench() { open(); }
    /// A run that only a test ends.
    TrainingSession& startLongRun()
    {
        auto job = makeTinyJob(folder.path().toStdString(), 2000);
        job.numTrainEpochs = 200;
        settings->setValue(Setting::Preset, QStringLiteral("custom"));
        state->setJob(job);
        state->startTraining();
        return state->training();
    }
};

/// Everything that a person can read in the window: widget → text.
QMap<QString, QString> shownTexts(const QWidget& window)
{
    QMap<QString, QString> texts;
    int number = 0;
    const auto add = [&](const QObject* object, const QString& kind, const QString& text) {
        ++number;
        if (!text.isEmpty())
            texts.insert(
                QStringLiteral("%1 %2 %3 %4")
                    .arg(number)
                    .arg(QLatin1String(object->metaObject()->className()), object->objectName(), kind),
                text);
    };
    for (const auto* widget : window.findChildren<QWidget*>()) {
        // Names of columns belong to the data, those of folders to the user, the scroll buttons of a tab bar
        // to Qt.
        if (widget->objectName().endsWith(QLatin1String("ColumnBox"))
            || widget->objectName() == QLatin1String("modelFolder")
            || widget->objectName().startsWith(QLatin1String("Scroll")))
            continue;
        if (const auto* label = qobject_cast<const QLabel*>(widget))
            add(widget, QStringLiteral("text"), label->text());
        else if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
            add(widget, QStringLiteral("text"), button->text());
        else if (const auto* box = qobject_cast<const QComboBox*>(widget))
            for (int index = 0; index < box->count(); ++index)
                add(widget, QStringLiteral("entry"), box->itemText(index));
        else if (const auto* line = qobject_cast<const QLineEdit*>(widget))
            add(widget, QStringLiteral("placeholder"), line->placeholderText());
        else if (const auto* edit = qobject_cast<const QPlainTextEdit*>(widget))
            add(widget, QStringLiteral("placeholder"), edit->placeholderText());
        add(widget, QStringLiteral("accessible name"), widget->accessibleName());
        add(widget, QStringLiteral("tool tip"), widget->toolTip());
    }
    for (const auto* action : window.findChildren<QAction*>())
        add(action, QStringLiteral("action"), action->text());
    return texts;
}

/// Words that are the same in every language: names, terms of the field, file names, flags.
bool isNeutral(QString text)
{
    static const QRegularExpression names(QStringLiteral(
        "FineTune "
        "Studio|English|all-MiniLM\\S*|AdamW|Adam|SGD|TF32|fp32|fp16|bf16|MCC|MAE|AUC|F1|CPU|GPU|CUDA\\S*|Qt|"
        "PNG|SVG|CSV|TSV|JSON( "
        "Lines|L)?|GB18030|UTF-\\S+|Windows-\\d+|ISO-\\S+|Unicode|NFKC|HTML|URL|https?|www\\.|"
        "Ctrl|Shift|Alt|Esc|Enter|Del|F\\d+|Hugging "
        "Face|transformers|scikit-learn|Pearson|Spearman|logits|BertModel|[A-Za-z-]+/[A-Za-z-]+-\\S+|"
        "(Ro|Distil|AL|De|Modern)?BERTa?|ELECTRA|XLM-R|GPT-2|Llama|Mistral|Qwen|Gemma|Phi-3|T5|m?BART|"
        "SentencePiece|"
        "WordPiece|PyTorch|GGUF|\\S*\\.(csv|json|txt|safetensors|model|bin|gguf)|\\S+\\.(weight|bias)|--[a-z_"
        "0-9]+|/\\S+|~\\S*|<code>.*</"
        "code>|<[^>]+>|"
        "[a-z]+_[a-z_]+|[0-9.]+e-?\\d+|\\d+ ?[kMGT]?B|balanced|embeddings|encoder|&[A-Z0-9,]"));
    text.remove(names);
    static const QRegularExpression word(QStringLiteral("[A-Za-z]{3,}"));
    return !word.match(text).hasMatch();
}

} // namespace

class TestWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnWindowWarnings(); }

    void shortcutsOpenEveryPage()
    {
        Bench bench;
        for (int page = 0; page < 6; ++page) {
            QTest::keyClick(bench.window.get(), static_cast<Qt::Key>(Qt::Key_1 + page), Qt::ControlModifier);
            QCOMPARE(static_cast<int>(bench.window->currentPage()), page);
        }
        QTest::keyClick(bench.window.get(), Qt::Key_Comma, Qt::ControlModifier);
        QCOMPARE(bench.window->currentPage(), PageId::Settings);
    }

    void fileDialogsOpenWhereTheLastOneWasUsed()
    {
        Bench bench;
        QTemporaryDir folder;
        dialogs::setLastFolder(folder.path());
        bench.close();
        dialogs::setLastFolder({});
        bench.open();
        QCOMPARE(dialogs::lastFolder(), folder.path());
        folder.remove();
        QCOMPARE(dialogs::lastFolder(), QString()); // it is gone: where the program was started
    }

    void everyPageHasItsTitleAtTheSameHeight()
    {
        Bench bench;
        QSet<int> heights;
        for (int page = 0; page < 7; ++page) {
            bench.window->openPage(static_cast<PageId>(page));
            QCoreApplication::sendPostedEvents();
            QTest::qWait(20);
            auto* shown = bench.window->page(static_cast<PageId>(page));
            const auto* title = shown->findChild<QLabel*>(QStringLiteral("pageTitle"));
            heights.insert(title->mapTo(shown, title->rect().center()).y());
        }
        QCOMPARE(heights.size(), 1);
    }

    void pageAndGeometrySurviveARestart()
    {
        Bench bench;
        bench.window->openPage(PageId::Runs);
        bench.window->resize(1100, 700);
        QTRY_COMPARE(bench.window->width(), 1100);
        bench.close();
        bench.open();
        QCOMPARE(bench.window->currentPage(), PageId::Runs);
        QCOMPARE(bench.window->size(), QSize(1100, 700));
    }

    void theFirstStartHasModelAndDataSoThatStartIsAvailable()
    {
        Bench bench;
        if (bench.state->job().modelNameOrPath.empty()) {
            if (qEnvironmentVariableIsSet("CI"))
                QFAIL("the starter model is absent");
            QSKIP("the starter model is absent");
        }
        QCOMPARE(bench.window->currentPage(), PageId::Train);
        QTRY_VERIFY_WITH_TIMEOUT(bench.state->data().dataset() && bench.state->modelInfo(), 30000);
        QTRY_VERIFY(bench.window->findChild<QAbstractButton*>(QStringLiteral("startButton"))->isEnabled());
    }

    void thePreviewShowsTheTintOfTheColumnsInUse()
    {
        Bench bench;
        if (bench.state->job().trainFile.empty())
            QSKIP("no data is chosen without the starter model");
        bench.window->openPage(PageId::Data);
        auto* table = bench.find<QTableView>("previewTable");
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->index(0, 0).data(Qt::BackgroundRole).isValid(), 30000);
        const auto index = table->model()->index(0, 0);
        const auto tint = index.data(Qt::BackgroundRole).value<QBrush>().color();
        QCoreApplication::sendPostedEvents();
        const auto picture = table->viewport()->grab().toImage();
        QCOMPARE(picture.pixelColor(table->visualRect(index).topRight() + QPoint(-4, 4)).name(), tint.name());
    }

    void switchingTheLanguageLeavesNoTextOfTheOther()
    {
        Bench bench;
        QTRY_VERIFY_WITH_TIMEOUT(
            !bench.state->data().isLoading() && !bench.state->isInspectingModel(), 30000);
        const auto english = shownTexts(*bench.window);
        QVERIFY(english.size() > 200);
        bench.settings->setValue(Setting::Language, QStringLiteral("zh_CN"));
        QCoreApplication::sendPostedEvents();
        QTest::qWait(50);
        QStringList left;
        const auto chinese = shownTexts(*bench.window);
        for (auto text = chinese.begin(); text != chinese.end(); ++text) {
            if (!isNeutral(text.value()))
                left.append(text.key() + QStringLiteral(": ") + text.value());
        }
        QVERIFY2(left.isEmpty(),
            qPrintable(
                QString::number(left.size()) + QLatin1Char('\n') + left.join(QLatin1Char('\n')).left(6000)));
        bench.settings->setValue(Setting::Language, QStringLiteral("en"));
        QCoreApplication::sendPostedEvents();
        QTest::qWait(50);
        const auto again = shownTexts(*bench.window);
        for (auto text = again.begin(); text != again.end(); ++text) {
            static const QRegularExpression han(QStringLiteral("\\p{Han}"));
            if (text.value() != QStringLiteral("简体中文"))
                QVERIFY2(!han.match(text.value()).hasMatch(), qPrintable(text.key() + text.value()));
        }
    }

    void theThemeChangesWhileTheWindowIsOpen()
    {
        Bench bench;
        QCOMPARE(QApplication::palette().color(QPalette::Window), lightColors().window);
        bench.settings->setValue(Setting::ThemeMode, QStringLiteral("dark"));
        QCOMPARE(QApplication::palette().color(QPalette::Window), darkColors().window);
        QCOMPARE(themeColors(bench.window.get()).accent, darkColors().accent);
        bench.settings->setValue(Setting::ThemeMode, QStringLiteral("light"));
    }

    void allTextColoursHaveEnoughContrast()
    {
        const auto luminance = [](const QColor& color) {
            const auto part = [](double value) {
                return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
            };
            return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
        };
        const auto contrast = [&](const QColor& a, const QColor& b) {
            const std::pair<double, double> ends = std::minmax({luminance(a), luminance(b)});
            return (ends.second + 0.05) / (ends.first + 0.05);
        };
        for (const auto& colors : {lightColors(), darkColors()}) {
            for (const auto& ground : {colors.window, colors.surface}) {
                for (const auto& text : {colors.text, colors.muted, colors.accent, colors.good,
                         colors.warning, colors.bad, colors.train, colors.validation, colors.third})
                    QVERIFY2(contrast(text, ground) >= 4.45, qPrintable(text.name() + ground.name()));
            }
            QVERIFY(contrast(colors.onAccent, colors.accent) >= 4.5);
        }
    }

    void theShortcutOfStartObeysWhatTheButtonObeys()
    {
        Bench bench;
        auto job = makeTinyJob(bench.folder.path().toStdString());
        job.learningRate = -1;
        bench.settings->setValue(Setting::Preset, QStringLiteral("custom"));
        bench.state->setJob(job);
        QTRY_VERIFY_WITH_TIMEOUT(bench.state->data().dataset() && bench.state->modelInfo(), 30000);
        bench.window->openPage(PageId::Model);
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        QVERIFY(!bench.state->training().isRunning());
        QCOMPARE(bench.window->currentPage(), PageId::Train); // where the reason stands
    }

    void theKeysThatSteerARunWorkWhileASettingIsEdited()
    {
        Bench bench;
        auto& training = bench.startLongRun();
        QTRY_VERIFY_WITH_TIMEOUT(training.run() && training.run()->step() > 3, 30000);
        auto* field = bench.find<QLineEdit>("learning_rate");
        field->setFocus();
        QTRY_VERIFY(field->hasFocus());
        for (const auto& [key, modifier, shortcut] : {std::tuple(Qt::Key_F7, Qt::NoModifier, "F7"),
                 std::tuple(Qt::Key_S, Qt::ControlModifier, "Ctrl+S"),
                 std::tuple(Qt::Key_F6, Qt::NoModifier, "F6")}) {
            const QKeySequence wanted(QString::fromLatin1(shortcut));
            const auto actions = bench.window->findChildren<QAction*>();
            const auto action = std::find_if(actions.begin(), actions.end(),
                [&](const QAction* one) { return one->shortcut() == wanted; });
            QVERIFY2(action != actions.end(), shortcut);
            QSignalSpy triggered(*action, &QAction::triggered);
            QTest::keyClick(field, key, modifier);
            QVERIFY2(triggered.count() == 1, shortcut);
        }
        training.stop();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
    }

    void aFileIsOpenedForTheTabInFront()
    {
        Bench bench;
        const auto write = [&](const char* name) {
            writeFileAtomically(bench.path(name), "text,label\none text,a\nanother text,b\n");
            return QString::fromStdString(bench.path(name).string());
        };
        const auto open = [&](const QString& file) {
            dialogs::setNextPath(file);
            QTest::keyClick(bench.window.get(), Qt::Key_O, Qt::ControlModifier);
            return dialogs::lastQuestion();
        };
        const auto& job = [&]() -> const TrainingArguments& { return bench.state->job(); };
        auto* tabs = bench.find<QTabBar>("partTabs");
        bench.window->openPage(PageId::Data);
        const auto train = write("train.csv"), validation = write("dev.csv"), test = write("test.csv");
        QCOMPARE(open(train), QStringLiteral("Open a training file"));
        QCOMPARE(job().trainFile, train.toStdString());
        tabs->setCurrentIndex(1);
        QCOMPARE(open(validation), QStringLiteral("Open a validation file"));
        tabs->setCurrentIndex(2);
        QCOMPARE(open(test), QStringLiteral("Open a test file"));
        QCOMPARE(job().trainFile, train.toStdString());
        QCOMPARE(job().validationFile, validation.toStdString());
        QCOMPARE(job().testFile, test.toStdString());
        QCOMPARE(tabs->currentIndex(), 2);
        // From another page it is the training file, and its tab comes to the front.
        bench.window->openPage(PageId::Runs);
        const auto other = write("other.csv");
        QCOMPARE(open(other), QStringLiteral("Open a training file"));
        QCOMPARE(job().trainFile, other.toStdString());
        QCOMPARE(bench.window->currentPage(), PageId::Data);
        QCOMPARE(tabs->currentIndex(), 0);
    }

    void everyModelBelowAFolderIsAddedFromTheMenu()
    {
        Bench bench;
        bench.window->openPage(PageId::Runs);
        const auto folder = bench.path("models");
        const auto model = QString::fromStdString(makeTinyJob(folder).modelNameOrPath);
        dialogs::setNextPath(QString::fromStdString(folder.string()));
        QTest::keyClick(bench.window.get(), Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(bench.window->currentPage(), PageId::Model);
        QTRY_COMPARE(bench.settings->list(Setting::ModelFolders), QStringList{model});
        QCOMPARE(bench.state->job().modelNameOrPath, model.toStdString());
    }

    void theEndOfARunFitsIntoTheSmallestWindow()
    {
        Bench bench;
        bench.settings->setValue(Setting::Preset, QStringLiteral("custom"));
        bench.state->setJob(makeTinyJob(bench.folder.path().toStdString()));
        bench.window->resize(1024, 640);
        bench.state->startTraining();
        auto& training = bench.state->training();
        QTRY_VERIFY_WITH_TIMEOUT(training.run() && training.run()->end && !training.isRunning(), 60000);
        auto* text = bench.find<QLabel>("endText");
        auto* results = bench.find<QAbstractButton>("toResults");
        const auto line = text->fontMetrics().lineSpacing();
        QTRY_VERIFY(text->isVisible() && results->y() >= text->geometry().bottom());
        QVERIFY2(text->height() <= 4 * line, qPrintable(QString::number(text->height())));
        // Nothing of the charts' heading lies over its neighbour.
        const auto* heading = bench.find<QWidget>("smoothing")->parentWidget();
        QTRY_VERIFY(heading->width() >= heading->minimumSizeHint().width());
        QList<const QWidget*> shown;
        for (const auto* widget : heading->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
            if (widget->isVisible())
                shown.append(widget);
        }
        for (const auto* one : std::as_const(shown)) {
            for (const auto* other : std::as_const(shown))
                QVERIFY(one == other || !one->geometry().intersects(other->geometry()));
        }
        bench.window->resize(1700, 900);
        QTRY_VERIFY(results->x() > text->geometry().right() && text->height() <= 3 * line);
    }

    void theFocusFrameFollowsTheShortcutsOfPages()
    {
        Bench bench;
        auto* rail = bench.window->findChild<Rail*>();
        bench.window->openPage(PageId::Model);
        rail->button(PageId::Model)->setFocus();
        QTest::keyClick(bench.window.get(), Qt::Key_2, Qt::ControlModifier);
        QTRY_VERIFY(rail->button(PageId::Data)->hasFocus());
    }

    void theReportOfACrashIsOfferedOnce()
    {
        Bench bench;
        const auto offer = [&] { offerCrashReport(*bench.settings, bench.window.get()); };
        offer(); // nothing has crashed
        QVERIFY(!dialogs::lastQuestion().contains(QStringLiteral("has left a report")));
        const auto folder = crashFolder(bench.settings->workspaceFolder());
        createFolders(folder);
        writeFileAtomically(folder / "crash-20260101-000000-1.txt", "an old one");
        writeFileAtomically(folder / "crash-20260102-000000-1.txt", "signal: SIGSEGV");
        dialogs::setNextAnswer(0); // show it
        offer();
        QVERIFY(dialogs::lastQuestion().contains(QStringLiteral("has left a report")));
        auto* shown = bench.window->findChild<QDialog*>(QStringLiteral("crashDialog"));
        QVERIFY(shown);
        QCOMPARE(shown->findChild<QPlainTextEdit*>(QStringLiteral("crashText"))->toPlainText(),
            QStringLiteral("signal: SIGSEGV"));
        delete shown;
        offer();
        QVERIFY(!bench.window->findChild<QDialog*>(QStringLiteral("crashDialog")));
    }

    void closingWhileTrainingAsks()
    {
        Bench bench;
        auto& training = bench.startLongRun();
        QTRY_VERIFY_WITH_TIMEOUT(training.run() && training.run()->step() > 3, 30000);

        dialogs::setNextAnswer(2); // cancel
        bench.window->close();
        QVERIFY(bench.window->isVisible() && training.isRunning());
        QVERIFY(dialogs::lastQuestion().contains(QStringLiteral("still training")));

        dialogs::setNextAnswer(0); // stop and save
        bench.window->close();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
        QTRY_VERIFY(!bench.window->isVisible());
        QCOMPARE(training.run()->end->outcome, std::string("stopped"));
    }

    void aRunThatCannotBeSavedKeepsTheWindowOpen()
    {
        Bench bench;
        auto& training = bench.startLongRun();
        QTRY_VERIFY_WITH_TIMEOUT(training.run() && training.run()->step() > 3, 30000);
        training.pause();
        QTRY_COMPARE_WITH_TIMEOUT(training.state(), TrainingSession::State::Paused, 30000);
        std::filesystem::rename(training.run()->arguments.outputDir, bench.path("elsewhere"));
        bench.window->openPage(PageId::Model);
        dialogs::setNextAnswer(0); // stop and save
        bench.window->close();
        QTRY_VERIFY_WITH_TIMEOUT(!training.isRunning(), 20000);
        QVERIFY(bench.window->isVisible());
        QCOMPARE(bench.window->currentPage(), PageId::Train);
        const auto* page = bench.window->page(PageId::Train);
        QVERIFY(page->findChild<ErrorBanner*>(QStringLiteral("errorBanner"))->isShowing());
        bench.window->close(); // nothing is left to save
        QVERIFY(!bench.window->isVisible());
    }
};

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
