// SPDX-License-Identifier: MIT
#include "ui/pages/train/argument_field.h"

#include "ui/pages/train/argument_text.h"
#include "ui/widgets/basics.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStyle>
#include <QVBoxLayout>

namespace studio {

namespace {
constexpr int unitMargin = 9; ///< between the unit and the edge of the field
constexpr int frameWidth = 26; ///< of a line: borders, padding and the room of the cursor
} // namespace

ArgumentField::ArgumentField(const ArgumentInfo& argument, QWidget* parent)
    : QWidget(parent)
    , m_argument(argument)
    , m_label(new QLabel(parent))
    , m_unit(makeLabel(nullptr, "small"))
    , m_hint(makeLabel(this, "bad"))
    , m_suggestions(argument.choices)
{
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::tiny);
    const auto name = QString::fromStdString(argument.name);
    if (argument.kind == ArgumentKind::Boolean && !argument.optional) {
        m_box = new QCheckBox(this);
        line->addWidget(m_box, 1);
        connect(m_box, &QCheckBox::toggled, this, [this](bool on) { commit(on); });
    } else if (argument.kind == ArgumentKind::Choice || argument.kind == ArgumentKind::Boolean) {
        m_list = new QComboBox(this);
        line->addWidget(m_list, 1);
        if (argument.kind == ArgumentKind::Boolean)
            m_suggestions = {"", "true", "false"};
    } else {
        m_line = new QLineEdit(this);
        line->addWidget(m_line, 1);
        connect(m_line, &QLineEdit::textEdited, this, [this](const QString& text) {
            const auto trimmed = text.trimmed();
            commit(trimmed.isEmpty() ? unsetValue(m_argument) : Json(trimmed.toStdString()));
        });
        connect(m_line, &QLineEdit::returnPressed, this, &ArgumentField::returnPressed);
        connect(m_line, &QLineEdit::editingFinished, this, [this] {
            if (isValid())
                m_line->setText(lineText()); // as it was understood: "5e-5" becomes "5e-05"
        });
        m_line->installEventFilter(this);
        // The unit stands within the frame, at its right end.
        auto* inside = new QHBoxLayout(m_line);
        inside->setContentsMargins(0, 0, unitMargin, 0);
        inside->addWidget(m_unit, 0, Qt::AlignRight);
        m_unit->setAttribute(Qt::WA_TransparentForMouseEvents);
    }
    if (m_list) {
        m_list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        fillChoices();
        connect(m_list, &QComboBox::activated, this, [this](int index) {
            const auto value = m_list->itemData(index).toString().toStdString();
            commit(value.empty() && m_argument.optional ? Json(nullptr) : Json(value));
        });
    }
    editor()->setObjectName(name);
    m_label->setBuddy(editor());
    m_label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_label->setWordWrap(true);
    if (!m_line)
        m_unit->setParent(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(line);
    layout->addWidget(m_hint);
    m_hint->setWordWrap(true);
    m_hint->hide();
    retranslate();
}

QWidget* ArgumentField::editor() const
{
    if (m_line)
        return m_line;
    return m_list ? static_cast<QWidget*>(m_list) : m_box;
}

void ArgumentField::setSuggestions(const std::vector<std::string>& values)
{
    if (m_line) {
        // A text argument with well-known values becomes a list that can also be written into.
        auto* layout = static_cast<QHBoxLayout*>(this->layout()->itemAt(0)->layout());
        m_list = new QComboBox(this);
        m_list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_list->setObjectName(m_line->objectName());
        m_unit->setParent(this);
        delete layout->replaceWidget(m_line, m_list);
        delete std::exchange(m_line, nullptr);
        m_label->setBuddy(m_list);
        connect(m_list, &QComboBox::activated, this,
            [this](int index) { commit(m_list->itemData(index).toString().toStdString()); });
    }
    m_suggestions = values;
    fillChoices();
    setValue(m_value);
    retranslate();
}

void ArgumentField::fillChoices()
{
    if (!m_list)
        return;
    const QSignalBlocker blocker(m_list);
    const auto current = m_list->currentData();
    m_list->clear();
    int widest = 0;
    for (const auto& choice : m_suggestions) {
        auto text = choiceLabel(m_argument.name, choice);
        if (m_argument.kind == ArgumentKind::Boolean)
            text = choice.empty() ? tr("Automatic") : choice == "true" ? tr("Yes") : tr("No");
        m_list->addItem(text, QString::fromStdString(choice));
        widest = std::max(widest, m_list->fontMetrics().horizontalAdvance(text));
    }
    // As wide as its words, up to a limit; counted in letters X, as the list does it.
    m_list->setMinimumContentsLength(
        std::clamp(widest / m_list->fontMetrics().horizontalAdvance(u'X') + 1, 6, 11));
    m_list->setCurrentIndex(qMax(0, m_list->findData(current)));
}

QString ArgumentField::lineText() const
{
    return m_value == unsetValue(m_argument) ? QString() : argumentValueText(m_value);
}

void ArgumentField::setValue(const Json& value)
{
    m_value = value;
    if (m_unit->text() != argumentUnit(m_argument, m_value))
        showUnit();
    const auto text = argumentValueText(value);
    if (m_box) {
        const QSignalBlocker blocker(m_box);
        m_box->setChecked(value.is_boolean() && value.get<bool>());
    } else if (m_list) {
        const QSignalBlocker blocker(m_list);
        auto index = m_list->findData(text);
        if (index < 0) { // written by hand or by the command line: shown as it is
            m_list->addItem(text, text);
            index = m_list->count() - 1;
        }
        m_list->setCurrentIndex(index);
    } else if (!m_line->hasFocus() || m_line->isReadOnly()) {
        m_line->setText(lineText());
        m_refused.reset();
        check();
    }
}

void ArgumentField::restore(const Json& value)
{
    if (!m_line) {
        setValue(value);
        return;
    }
    m_value = value;
    m_line->setText(lineText());
    showUnit();
    m_refused.reset();
    check();
}

bool ArgumentField::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape)
        Q_EMIT escaped();
    // A menu or another window in front has not left the field.
    if (event->type() == QEvent::FocusOut && window()->focusWidget() != watched)
        Q_EMIT left();
    return QWidget::eventFilter(watched, event);
}

void ArgumentField::setLimits(std::optional<double> least, std::optional<double> most)
{
    if (least == m_least && most == m_most)
        return;
    m_least = least;
    m_most = most;
    check();
}

void ArgumentField::check()
{
    if (m_refused && canBeUsed(*m_refused))
        commit(Json(*m_refused));
    const bool readOnly = m_line && m_line->isReadOnly(); // a run's value, of its own model
    setProblem(m_refused || (!readOnly && !canBeUsed(m_value)) ? rangeText() : QString());
}

bool ArgumentField::canBeUsed(const Json& value) const
{
    if (!fieldProblem(m_argument, value).empty())
        return false;
    TrainingArguments parsed;
    m_argument.set(parsed, value);
    const auto understood = m_argument.get(parsed);
    if (!understood.is_number() || understood == unsetValue(m_argument))
        return true;
    const auto number = understood.get<double>();
    return !(m_least && number < *m_least) && !(m_most && number > *m_most);
}

QString ArgumentField::rangeText() const
{
    auto argument = m_argument;
    if (m_least) {
        argument.minimum = m_least;
        argument.minimumExclusive = false;
    }
    if (m_most)
        argument.maximum = m_most;
    const auto range = argumentRange(argument);
    return range.isEmpty() ? tr("This value cannot be used.") : tr("Allowed: %1").arg(range);
}

void ArgumentField::commit(const Json& value)
{
    if (!canBeUsed(value)) {
        m_refused = value;
        setProblem(rangeText());
        return;
    }
    m_refused.reset();
    setProblem({});
    TrainingArguments parsed;
    m_argument.set(parsed, value);
    m_value = m_argument.get(parsed);
    if (m_unit->text() != argumentUnit(m_argument, m_value))
        showUnit();
    Q_EMIT edited(m_argument.name, m_value);
}

void ArgumentField::setProblem(const QString& problem)
{
    if (problem == m_problem)
        return;
    const bool changed = problem.isEmpty() != m_problem.isEmpty();
    m_problem = problem;
    m_hint->setText(problem);
    m_hint->setVisible(!problem.isEmpty());
    if (!changed)
        return;
    editor()->setProperty("invalid", !problem.isEmpty());
    editor()->style()->unpolish(editor());
    editor()->style()->polish(editor());
    Q_EMIT validityChanged();
}

void ArgumentField::setReadOnly(bool readOnly)
{
    if (m_line)
        m_line->setReadOnly(readOnly);
    else
        editor()->setEnabled(!readOnly);
}

void ArgumentField::showUnit()
{
    m_unit->setText(argumentUnit(m_argument, m_value));
    m_unit->setVisible(m_line && !m_unit->text().isEmpty());
    if (!m_line)
        return;
    const int unit = m_unit->isHidden() ? 0 : m_unit->sizeHint().width() + spacing::tiny;
    m_line->setTextMargins(0, 0, unit, 0);
    // Five digits, or what an empty field says, and the unit can be read.
    const auto metrics = m_line->fontMetrics();
    m_line->setMinimumWidth(frameWidth + unit
        + std::max(metrics.horizontalAdvance(QStringLiteral("0.0001")),
            metrics.horizontalAdvance(m_line->placeholderText())));
}

void ArgumentField::retranslate()
{
    m_label->setText(argumentLabel(m_argument.name));
    const auto toolTip = argumentToolTip(m_argument);
    m_label->setToolTip(toolTip);
    if (m_line)
        m_line->setPlaceholderText(argumentUnsetText(m_argument.name));
    showUnit();
    describe(editor(), argumentLabel(m_argument.name), toolTip);
    fillChoices();
    if (!m_value.is_null() || m_argument.optional)
        setValue(m_value);
    if (!m_problem.isEmpty())
        check();
}

} // namespace studio
