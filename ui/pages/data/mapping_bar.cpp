// SPDX-License-Identifier: MIT
#include "ui/pages/data/mapping_bar.h"

#include "ui/pages/data/detected_box.h"
#include "ui/session/data_options.h"
#include "ui/widgets/format.h"

#include <utility>

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace studio {

namespace {

const QString severalColumns = QStringLiteral("\x01several");

QStringList columnsOf(const Table* table)
{
    QStringList columns;
    if (table) {
        for (const auto& name : table->info().columns)
            columns.append(fromCore(name));
    }
    return columns;
}

QStringList labelsOf(const ColumnMapping& mapping)
{
    QStringList labels;
    for (const auto& name : mapping.labels)
        labels.append(fromCore(name));
    return labels;
}

} // namespace

MappingBar::MappingBar(StudioState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_separator(new QLineEdit(this))
    , m_separatorField(new QWidget(this))
    , m_columns(new QMenu(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing::small);
    m_text = addBox(layout, m_textCaption, QStringLiteral("textColumnBox"));
    m_pair = addBox(layout, m_pairCaption, QStringLiteral("pairColumnBox"));
    m_label = addBox(layout, m_labelCaption, QStringLiteral("labelColumnBox"));
    m_task = addBox(layout, m_taskCaption, QStringLiteral("taskBox"));
    m_separator->setObjectName(QStringLiteral("labelSeparatorField"));
    m_separator->setMaximumWidth(90);
    m_separatorCaption = makeLabel(m_separatorField, "small");
    m_separatorCaption->setBuddy(m_separator);
    auto* separatorLayout = new QVBoxLayout(m_separatorField);
    separatorLayout->setContentsMargins(0, 0, 0, 0);
    separatorLayout->setSpacing(2);
    separatorLayout->addWidget(m_separatorCaption);
    separatorLayout->addWidget(m_separator);
    layout->addWidget(m_separatorField);
    m_columns->setObjectName(QStringLiteral("labelColumnsMenu"));

    connect(m_text, &QComboBox::activated, this, [this] {
        editMapping([this](ColumnMapping& mapping) {
            mapping.text = m_text->currentData().toString().toStdString();
            if (mapping.textPair == mapping.text)
                mapping.textPair.clear();
        });
    });
    connect(m_pair, &QComboBox::activated, this, [this] {
        editMapping([this](ColumnMapping& mapping) {
            mapping.textPair = m_pair->currentData().toString().toStdString();
        });
    });
    connect(m_label, &QComboBox::activated, this, [this] {
        const auto chosen = m_label->currentData().toString();
        if (chosen == severalColumns) {
            update();
            showColumnMenu();
            return;
        }
        editMapping([&](ColumnMapping& mapping) {
            mapping.labels = chosen.split(QLatin1Char('\n')).size() > 1
                ? mapping.labels
                : std::vector<std::string>{chosen.toStdString()};
        });
    });
    connect(m_task, &QComboBox::activated, this, [this] {
        const auto type = m_task->currentData().toString().toStdString();
        m_state.editJob([&](TrainingArguments& job) { job.problemType = type; });
    });
    connect(m_separator, &QLineEdit::editingFinished, this, [this] {
        if (!m_separator->isModified())
            return;
        m_separator->setModified(false);
        const auto text = m_separator->text().toStdString();
        m_state.editJob([&](TrainingArguments& job) { job.labelSeparator = text; });
    });
    for (const auto part : {DataPart::Train, DataPart::Validation, DataPart::Test}) {
        connect(&state.data(part), &DataSession::tableChanged, this, &MappingBar::update);
        connect(&state.data(part), &DataSession::datasetChanged, this, &MappingBar::update);
    }
    connect(&state, &StudioState::jobChanged, this, &MappingBar::update);
    retranslate();
}

QComboBox* MappingBar::addBox(QHBoxLayout* layout, QLabel*& caption, const QString& objectName)
{
    auto* field = new QWidget(this);
    auto* box = new DetectedBox(field);
    caption = makeLabel(field, "small");
    caption->setBuddy(box);
    box->setObjectName(objectName);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(6);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto* column = new QVBoxLayout(field);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(caption);
    column->addWidget(box);
    layout->addWidget(field, 1);
    return box;
}

void MappingBar::setPart(DataPart part)
{
    m_part = part;
    update();
}

void MappingBar::editMapping(const std::function<void(ColumnMapping&)>& change)
{
    auto mapping = session().mapping();
    change(mapping);
    m_state.editJob([&](TrainingArguments& job) { setColumnMapping(job, mapping); });
}

void MappingBar::update()
{
    const auto columns = columnsOf(session().table().get());
    const auto& mapping = session().mapping();
    const auto fill = [&](QComboBox* box, const std::string& current, const QString& none) {
        box->clear();
        if (!none.isEmpty() || current.empty())
            box->addItem(none.isEmpty() ? tr("Choose…") : none, QString());
        for (const auto& column : columns)
            box->addItem(column, column);
        box->setCurrentIndex(qMax(0, box->findData(fromCore(current))));
        box->setEnabled(!columns.isEmpty());
    };
    fill(m_text, mapping.text, {});
    //: no column holds a second text
    fill(m_pair, mapping.textPair, tr("None"));
    fillLabels(columns);

    const auto& type = m_state.job().problemType;
    const auto dataset = session().dataset();
    const auto typeText = [](ProblemType of) {
        switch (of) {
        case ProblemType::MultiLabel:
            return tr("Several classes");
        case ProblemType::Regression:
            return tr("A number");
        case ProblemType::SingleLabel:
        case ProblemType::Auto:
            break;
        }
        return tr("One class");
    };
    m_task->clear();
    m_task->addItem(dataset && dataset->isLabelled() ? tr("%1 (auto)").arg(typeText(dataset->problemType()))
                                                     : tr("Automatic"),
        QStringLiteral("auto"));
    if (dataset && dataset->isLabelled())
        m_task->setItemData(0, typeText(dataset->problemType()), DetectedBox::shortTextRole);
    for (const auto of : {ProblemType::SingleLabel, ProblemType::MultiLabel, ProblemType::Regression})
        m_task->addItem(typeText(of), fromCore(problemTypeName(of)));
    m_task->setCurrentIndex(qMax(0, m_task->findData(fromCore(type))));
    const bool several = type == problemTypeName(ProblemType::MultiLabel)
        || (dataset && dataset->isLabelled() && dataset->problemType() == ProblemType::MultiLabel);
    const auto& file = m_state.job().trainFile;
    const bool otherFile = std::exchange(m_separatorFile, file) != file;
    if (otherFile || !m_separator->hasFocus() || !m_separator->isModified()) // what is being typed stays
        m_separator->setText(fromCore(m_state.job().labelSeparator));
    // After that: a field with the keyboard that is hidden hands over what was typed.
    m_separatorField->setVisible(several && mapping.labels.size() < 2);
}

void MappingBar::fillLabels(const QStringList& columns)
{
    const auto labels = labelsOf(session().mapping());
    m_label->clear();
    if (labels.isEmpty())
        m_label->addItem(tr("Choose…"), QString());
    if (labels.size() > 1)
        m_label->addItem(labels.join(QStringLiteral(", ")), labels.join(QLatin1Char('\n')));
    for (const auto& column : columns)
        m_label->addItem(column, column);
    if (columns.size() > 2)
        m_label->addItem(tr("Several columns…"), severalColumns);
    m_label->setCurrentIndex(labels.size() > 1 ? 0 : qMax(0, m_label->findData(labels.value(0))));
    m_label->setEnabled(!columns.isEmpty());
}

void MappingBar::showColumnMenu()
{
    const auto mapping = session().mapping();
    const auto chosen = labelsOf(mapping);
    m_columns->clear();
    for (const auto& column : columnsOf(session().table().get())) {
        if (column == fromCore(mapping.text) || column == fromCore(mapping.textPair))
            continue;
        auto* action = m_columns->addAction(QString(column).replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setCheckable(true);
        action->setData(column);
        action->setChecked(chosen.contains(column));
        connect(action, &QAction::toggled, this, [this] {
            std::vector<std::string> labels;
            for (const auto* one : m_columns->actions()) {
                if (one->isChecked())
                    labels.push_back(one->data().toString().toStdString());
            }
            editMapping([&](ColumnMapping& edited) { edited.labels = labels; });
        });
    }
    m_columns->popup(m_label->mapToGlobal(QPoint(0, m_label->height())));
}

void MappingBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void MappingBar::retranslate()
{
    const auto name = [](QLabel* label, QWidget* field, const QString& caption, const QString& toolTip) {
        label->setText(caption);
        QString plain = caption;
        describe(field, plain.remove(QLatin1Char('&')), toolTip);
    };
    name(m_textCaption, m_text, tr("&Text column"), tr("The column with the texts that are classified"));
    name(m_pairCaption, m_pair, tr("Se&cond text"),
        tr("The column with the second text, where two texts are compared"));
    name(
        m_labelCaption, m_label, tr("&Label column"), tr("The column with the class or the number to learn"));
    name(
        m_taskCaption, m_task, tr("Tas&k"), tr("What the label is: one class, several classes, or a number"));
    name(m_separatorCaption, m_separator, tr("Se&parator"),
        tr("The character between several labels in one cell; empty for JSON lists"));
    m_columns->setAccessibleName(tr("Label columns"));
    update();
}

} // namespace studio
