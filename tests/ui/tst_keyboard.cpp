// SPDX-License-Identifier: MIT
#include "tests/ui/results/random_run.h"
#include "tests/ui/window_bench.h"
#include "ui/shell/page.h"
#include "ui/shell/rail.h"
#include "ui/widgets/basics.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QGroupBox>
#include <QLabel>
#include <QMenuBar>
#include <QRadioButton>
#include <QSet>

using namespace studio;

namespace {

QString nameOf(const QWidget* widget)
{
    return QStringLiteral("%1 '%2' in '%3'")
        .arg(QLatin1String(widget->metaObject()->className()), widget->objectName(),
            widget->parentWidget() ? widget->parentWidget()->objectName() : QString());
}

/// What Tab has to reach on the page that is shown.
QList<QWidget*> controls(QWidget* page)
{
    QList<QWidget*> found;
    for (auto* widget : page->findChildren<QWidget*>()) {
        if (!widget->isVisible() || !widget->isEnabled() || widget->focusProxy()
            || !(widget->focusPolicy() & Qt::TabFocus))
            continue;
        // Of a group of radio buttons Tab reaches the chosen one; the arrows go on.
        if (const auto* radio = qobject_cast<QRadioButton*>(widget); radio && !radio->isChecked())
            continue;
        found.append(widget);
    }
    return found;
}

/// The widget that has the focus counts with those around it that pass the focus on to it.
bool isReached(const QWidget* widget, const QSet<QWidget*>& reached)
{
    return std::any_of(reached.begin(), reached.end(),
        [widget](const QWidget* focus) { return focus == widget || widget->isAncestorOf(focus); });
}

} // namespace

/// Everything can be done without a mouse, and a screen reader finds a name for it.
class TestKeyboard : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        failOnWindowWarnings();
        m_bench = std::make_unique<WindowBench>();
        RandomRunWriter writer(11);
        const auto runs = m_bench->path("workspace") / "runs";
        writer.write(runs / "first");
        m_run = writer.write(runs / "second", {.outcome = ""}).folder;
        m_bench->open();
        m_bench->state->showRun(m_run);
        QTRY_VERIFY_WITH_TIMEOUT(m_bench->window->page(PageId::Results)->isDone()
                && m_bench->state->runs().runs().size() == 2 && !m_bench->state->data().isLoading()
                && !m_bench->state->isInspectingModel(),
            30000);
    }
    void cleanup()
    {
        m_bench->close();
        m_bench.reset();
    }

    void everythingThatTakesTheFocusHasAName_data()
    {
        QTest::addColumn<QString>("language");
        QTest::newRow("English") << QStringLiteral("en");
        QTest::newRow("Chinese") << QStringLiteral("zh_CN");
    }
    void everythingThatTakesTheFocusHasAName()
    {
        QFETCH(QString, language);
        m_bench->settings->setValue(Setting::Language, language);
        QCoreApplication::sendPostedEvents();
        QStringList nameless;
        int controlsSeen = 0;
        for (auto* widget : m_bench->window->findChildren<QWidget*>()) {
            // Lists that pop up and editors inside a spin box are known by what they belong to.
            const bool inner = qobject_cast<QAbstractSpinBox*>(widget->parentWidget())
                || qobject_cast<QComboBox*>(widget->parentWidget()) || widget->isWindow()
                || (widget->parentWidget() && widget->parentWidget()->isWindow()
                    && widget->window() != m_bench->window.get());
            if (inner || !(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy()
                || widget->objectName().startsWith(QLatin1String("qt_")))
                continue;
            ++controlsSeen;
            const auto* accessible = QAccessible::queryAccessibleInterface(widget);
            const auto name = accessible ? accessible->text(QAccessible::Name) : QString();
            if (name.trimmed().isEmpty())
                nameless.append(nameOf(widget));
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(QLatin1Char('\n') + nameless.join(QLatin1Char('\n'))));
        QVERIFY2(controlsSeen > 80, qPrintable(QString::number(controlsSeen)));
    }

    void noTwoOfAPageShareAnAccessKey_data() { everythingThatTakesTheFocusHasAName_data(); }
    void noTwoOfAPageShareAnAccessKey()
    {
        QFETCH(QString, language);
        m_bench->settings->setValue(Setting::Language, language);
        QCoreApplication::sendPostedEvents();
        QStringList shared;
        int keys = 0;
        for (int number = 0; number < 7; ++number) {
            auto* page = m_bench->window->page(static_cast<PageId>(number));
            m_bench->window->openPage(static_cast<PageId>(number));
            for (auto* fold : page->findChildren<Disclosure*>())
                fold->setOpen(true);
            QMap<QString, QString> owners; // of the menus, which are on every page
            for (const auto* action : m_bench->window->menuBar()->actions())
                owners[QKeySequence::mnemonic(action->text()).toString()] = action->text();
            for (const auto* widget : page->findChildren<QWidget*>()) {
                const auto* button = qobject_cast<const QAbstractButton*>(widget);
                const auto* label = qobject_cast<const QLabel*>(widget);
                const auto text = button      ? button->text()
                    : label && label->buddy() ? label->text()
                                              : QString();
                const auto key = QKeySequence::mnemonic(text).toString();
                if (key.isEmpty() || !widget->isVisible())
                    continue;
                ++keys;
                if (owners.contains(key))
                    shared.append(QStringLiteral("%1: %2 / %3").arg(page->objectName(), owners[key], text));
                owners[key] = text;
            }
        }
        QVERIFY2(shared.isEmpty(), qPrintable(QLatin1Char('\n') + shared.join(QLatin1Char('\n'))));
        QVERIFY2(keys > 30, qPrintable(QString::number(keys)));
    }

    void tabReachesEveryControlOfEveryPage_data()
    {
        QTest::addColumn<int>("page");
        for (int page = 0; page < 7; ++page)
            QTest::newRow(qPrintable(pageKey(static_cast<PageId>(page)))) << page;
    }
    void tabReachesEveryControlOfEveryPage()
    {
        QFETCH(int, page);
        auto* window = m_bench->window.get();
        window->openPage(static_cast<PageId>(page));
        auto* shown = window->page(static_cast<PageId>(page));
        QTRY_VERIFY(shown->isVisible());
        QTest::qWait(20);
        auto* rail = window->findChild<Rail*>()->button(static_cast<PageId>(page));
        rail->setFocus();
        QTRY_COMPARE(QApplication::focusWidget(), static_cast<QWidget*>(rail));
        QSet<QWidget*> reached;
        QStringList backwards;
        auto* before = static_cast<QWidget*>(rail);
        for (int presses = 0; presses < 200; ++presses) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            auto* focus = QApplication::focusWidget();
            QVERIFY(focus);
            reached.insert(focus);
            // Side by side in one box: to the right or further down, as one reads.
            if (focus->parentWidget() == before->parentWidget() && focus->y() < before->y() + before->height()
                && (focus->y() + focus->height() <= before->y() || focus->x() < before->x()))
                backwards.append(nameOf(before) + QStringLiteral(" → ") + nameOf(focus));
            before = focus;
            if (focus == rail)
                break; // once around
        }
        QVERIFY2(reached.contains(rail), "Tab is caught on this page");
        backwards.removeIf([](const QString& step) { return step.contains(QLatin1String("railButton")); });
        QVERIFY2(backwards.isEmpty(), qPrintable(QLatin1Char('\n') + backwards.join(QLatin1Char('\n'))));
        const auto wanted = controls(shown);
        QVERIFY(wanted.size() > 1);
        QStringList missed;
        for (auto* widget : wanted) {
            if (!isReached(widget, reached))
                missed.append(nameOf(widget));
        }
        QVERIFY2(missed.isEmpty(), qPrintable(QLatin1Char('\n') + missed.join(QLatin1Char('\n'))));
    }

private:
    std::unique_ptr<WindowBench> m_bench;
    std::filesystem::path m_run;
};

QTEST_MAIN(TestKeyboard)
#include "tst_keyboard.moc"
