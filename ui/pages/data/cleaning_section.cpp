// SPDX-License-Identifier: MIT
#include "ui/pages/data/cleaning_section.h"

#include "ui/widgets/format.h"

#include <algorithm>

#include <QEvent>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace studio {

namespace {

constexpr qsizetype shownCharacters = 160;

/// Around the first difference, white space made visible: what changed must be in sight.
QString excerpt(const QString& text, qsizetype difference)
{
    const auto begin = std::max<qsizetype>(0, difference - 30);
    auto shown = text.mid(begin, shownCharacters);
    shown.replace(QLatin1Char('\n'), QChar(0x21B5)).replace(QLatin1Char('\t'), QChar(0x2192));
    return (begin > 0 ? QStringLiteral("…") : QString()) + shown
        + (begin + shownCharacters < text.size() ? QStringLiteral("…") : QString());
}

} // namespace

CleaningSection::CleaningSection(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_section(new Disclosure(this))
    , m_result(makeLabel(this, "small"))
    , m_changes(new QListWidget(this))
{
    setObjectName(QStringLiteral("cleaningSection"));
    m_section->setObjectName(QStringLiteral("cleaningDisclosure"));
    content()->addWidget(m_section);
    auto* body = new QVBoxLayout(m_section->body());
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(spacing::small);
    auto* boxes = new QVBoxLayout;
    boxes->setSpacing(0);
    for (const auto* name : {"html", "urls", "nfkc", "whitespace", "drop_empty", "drop_duplicates"}) {
        auto* box = new QCheckBox(m_section->body());
        box->setObjectName(QStringLiteral("clean_%1").arg(QLatin1String(name)));
        m_steps.push_back({name, box});
        boxes->addWidget(box);
        connect(box, &QCheckBox::clicked, this, &CleaningSection::choose);
    }
    body->addLayout(boxes);
    m_result->setObjectName(QStringLiteral("cleaningResult"));
    m_result->setWordWrap(true);
    body->addWidget(m_result);
    m_changes->setObjectName(QStringLiteral("cleaningChanges"));
    m_changes->setWordWrap(true);
    m_changes->setFixedHeight(180);
    m_changes->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_changes->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    body->addWidget(m_changes);
    connect(m_changes, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
        Q_EMIT rowRequested(DataPart::Train, item->data(Qt::UserRole).toLongLong());
    });
    connect(m_section, &Disclosure::toggled, this, [this](bool open) {
        if (open)
            preview();
    });
    connect(&state, &StudioState::jobChanged, this, &CleaningSection::update);
    connect(&state.data(), &DataSession::tableChanged, this, &CleaningSection::update);
    connect(&state.data(), &DataSession::datasetChanged, this, &CleaningSection::update);
    retranslate();
}

CleaningOptions CleaningSection::options() const
{
    std::string list;
    for (const auto& name : m_state.job().clean)
        list += (list.empty() ? "" : ",") + name;
    return parseCleaning(list);
}

void CleaningSection::choose()
{
    std::vector<std::string> chosen;
    for (const auto& step : m_steps) {
        if (step.box->isChecked())
            chosen.emplace_back(step.name);
    }
    m_state.editJob([&](TrainingArguments& job) { job.clean = chosen; });
}

void CleaningSection::update()
{
    setVisible(m_state.data().table() != nullptr);
    const auto& clean = m_state.job().clean;
    QStringList names;
    for (const auto& step : m_steps) {
        const bool on = std::find(clean.begin(), clean.end(), step.name) != clean.end();
        const QSignalBlocker blocker(step.box);
        step.box->setChecked(on);
        if (on)
            names.append(step.box->text().remove(QLatin1Char('&')));
    }
    //: between the names of steps in a list
    m_section->setTexts(tr("Cleaning"), names.isEmpty() ? tr("Off") : names.join(tr(", ")));
    if (m_section->isOpen())
        preview();
}

void CleaningSection::preview()
{
    const auto table = m_state.data().table();
    const auto mapping = m_state.data().mapping();
    const auto cleaning = options();
    if (table && table == m_previewedTable && cleaning == m_previewed && mapping.text == m_previewedColumn) {
        showPreview();
        return;
    }
    m_preview.reset();
    m_previewedTable = table;
    m_previewed = cleaning;
    m_previewedColumn = mapping.text;
    if (!table || mapping.text.empty() || cleaning == CleaningOptions{}) {
        m_job.cancel();
    } else {
        m_job.start(
            [table, mapping, cleaning](
                const TaskControl& control) { return previewCleaning(*table, mapping, cleaning, control); },
            [this](CleaningPreview found) {
                m_preview = std::move(found);
                showPreview();
            });
    }
    showPreview();
}

void CleaningSection::showPreview()
{
    m_changes->clear();
    m_changes->setVisible(m_preview && !m_preview->changes.empty());
    if (!m_preview) {
        m_result->setText(m_job.isRunning() ? tr("Looking at the texts…")
                                            : tr("Choose a step to see texts before and after it."));
        return;
    }
    auto text = m_preview->examined < m_preview->rows
        ? tr("In a sample of %1 rows, %2 texts change.")
              .arg(countText(m_preview->examined), countText(m_preview->changed))
        : tr("%1 of %2 texts change.").arg(countText(m_preview->changed), countText(m_preview->rows));
    if (const auto dataset = m_state.data().dataset())
        text += QLatin1Char(' ') + tr("%1 rows remain.").arg(countText(dataset->size()));
    m_result->setText(text);
    for (const auto& change : m_preview->changes) {
        const auto before = fromCore(change.before), after = fromCore(change.after);
        const auto differs
            = std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first - before.begin();
        auto* item = new QListWidgetItem(
            //: an example of cleaning: row number, text before, text after
            tr("Row %1\n− %2\n+ %3")
                .arg(countText(change.row), excerpt(before, differs),
                    after.isEmpty() ? tr("(empty)") : excerpt(after, differs)),
            m_changes);
        item->setData(Qt::UserRole, static_cast<qlonglong>(change.row));
    }
}

void CleaningSection::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

void CleaningSection::retranslate()
{
    const QStringList texts{tr("HTML tags and entities"), tr("Web addresses"), tr("Unicode NFKC"),
        tr("White space"), tr("Drop empty rows"), tr("Drop duplicates")};
    const QStringList toolTips{tr("Removes tags and comments, decodes entities"),
        tr("Removes http://…, https://… and www.…"),
        tr("Full-width letters, ligatures and the like become ordinary characters"),
        tr("Runs of white space become one space; none at the ends"),
        tr("Leaves out rows whose text is empty after cleaning"),
        tr("Leaves out later rows with the same text and label")};
    for (size_t i = 0; i < m_steps.size(); ++i) {
        const auto at = static_cast<qsizetype>(i);
        m_steps[i].box->setText(texts[at]);
        describe(m_steps[i].box, texts[at], toolTips[at]);
    }
    m_changes->setAccessibleName(tr("Texts before and after cleaning"));
    update();
    if (m_preview)
        showPreview();
}

} // namespace studio
