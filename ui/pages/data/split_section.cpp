// SPDX-License-Identifier: MIT
#include "ui/pages/data/split_section.h"

#include "ui/widgets/error_banner.h"
#include "ui/widgets/format.h"

#include <algorithm>

#include <QEvent>
#include <QFormLayout>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace studio {

namespace {

constexpr int shownLabels = 200;

bool equal(const SplitOptions& a, const SplitOptions& b)
{
    return a.validation == b.validation && a.test == b.test && a.seed == b.seed;
}

} // namespace

SplitSection::SplitSection(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_section(new Disclosure(this))
    , m_validationCaption(new QLabel(this))
    , m_testCaption(new QLabel(this))
    , m_seedCaption(new QLabel(this))
    , m_note(makeLabel(this, "small"))
    , m_validation(new QDoubleSpinBox(this))
    , m_test(new QDoubleSpinBox(this))
    , m_seed(new QSpinBox(this))
    , m_table(new QTableWidget(this))
{
    setObjectName(QStringLiteral("splitSection"));
    m_section->setObjectName(QStringLiteral("splitDisclosure"));
    content()->addWidget(m_section);
    m_validation->setObjectName(QStringLiteral("validationShareField"));
    m_test->setObjectName(QStringLiteral("testShareField"));
    m_seed->setObjectName(QStringLiteral("seedField"));
    m_table->setObjectName(QStringLiteral("splitTable"));
    m_note->setObjectName(QStringLiteral("splitNote"));
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText); // it may name a label of the data
    for (auto* field : {m_validation, m_test}) {
        field->setRange(0, 90);
        field->setDecimals(1);
        field->setSingleStep(5);
        field->setKeyboardTracking(false);
    }
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setKeyboardTracking(false);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    auto* body = new QVBoxLayout(m_section->body());
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(spacing::small);
    auto* form = new QFormLayout;
    form->setSpacing(spacing::small);
    form->addRow(m_validationCaption, m_validation);
    form->addRow(m_testCaption, m_test);
    form->addRow(m_seedCaption, m_seed);
    m_validationCaption->setBuddy(m_validation);
    m_testCaption->setBuddy(m_test);
    m_seedCaption->setBuddy(m_seed);
    body->addLayout(form);
    body->addWidget(m_note);
    body->addWidget(m_table);

    connect(m_validation, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        m_state.editJob([&](TrainingArguments& job) { job.validationSplit = value / 100; });
    });
    connect(m_test, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        m_state.editJob([&](TrainingArguments& job) { job.testSplit = value / 100; });
    });
    connect(m_seed, &QSpinBox::valueChanged, this,
        [this](int value) { m_state.editJob([&](TrainingArguments& job) { job.seed = value; }); });
    connect(&state, &StudioState::jobChanged, this, &SplitSection::compute);
    connect(&state, &StudioState::modelInfoChanged, this, &SplitSection::update);
    for (const auto part : {DataPart::Train, DataPart::Validation, DataPart::Test})
        connect(&state.data(part), &DataSession::datasetChanged, this, &SplitSection::compute);
    connect(&m_job, &JobSlot::failed, this, [this](ErrorKind kind, const QString& detail) {
        m_error = CaughtError{kind, detail};
        update();
    });
    retranslate();
    compute();
}

SplitOptions SplitSection::options() const
{
    const auto& job = m_state.job();
    return {job.validationFile.empty() ? job.validationSplit : 0, job.testFile.empty() ? job.testSplit : 0,
        static_cast<uint64_t>(job.seed)};
}

void SplitSection::compute()
{
    const auto dataset = m_state.data().dataset();
    const auto wanted = options();
    if (dataset != m_dataset || !equal(wanted, m_computed)
        || (!m_figures && !m_error && !m_job.isRunning())) {
        m_dataset = dataset;
        m_computed = wanted;
        m_figures.reset();
        m_error.reset();
        if (dataset) {
            m_job.start([dataset, wanted](
                            const TaskControl& control) { return splitFigures(*dataset, wanted, control); },
                [this](SplitFigures figures) {
                    m_figures = std::move(figures);
                    Q_EMIT sharedTextsFound(m_figures->sharedTexts);
                    update();
                });
        } else {
            m_job.cancel();
        }
        Q_EMIT sharedTextsFound({});
    }
    update();
}

void SplitSection::update()
{
    const auto& job = m_state.job();
    setVisible(m_state.data().table() != nullptr);
    const auto show = [](QDoubleSpinBox* field, double share, bool fromFile) {
        const QSignalBlocker blocker(field);
        field->setValue(share * 100);
        field->setEnabled(!fromFile);
    };
    show(m_validation, job.validationSplit, !job.validationFile.empty());
    show(m_test, job.testSplit, !job.testFile.empty());
    {
        const QSignalBlocker blocker(m_seed);
        m_seed->setValue(static_cast<int>(std::min<int64_t>(job.seed, std::numeric_limits<int>::max())));
    }
    m_table->setVisible(m_figures.has_value());
    if (const auto label = m_state.onlyLabel()) {
        m_table->hide();
        m_note->setText(
            tr("All rows have the label “%1”, and a classifier needs rows of at least two labels.")
                .arg(*label));
        m_note->setToolTip({});
        setRole(m_note, "bad");
        m_section->setTexts(tr("Parts"), tr("Only one label"));
        return;
    }
    if (m_error) {
        m_note->setText(errorHeadline(m_error->kind));
        m_note->setToolTip(m_error->detail);
        setRole(m_note, "bad");
        m_section->setTexts(tr("Parts"), errorHeadline(m_error->kind));
        return;
    }
    setRole(m_note, "small");
    m_note->setToolTip({});
    if (!m_figures) {
        m_note->setText(m_job.isRunning() ? tr("Counting…") : QString());
        m_section->setTexts(tr("Parts"));
        return;
    }
    const auto rowsOf = [&](DataPart part, const SplitFigures::Part& split) {
        const auto file = m_state.data(part).dataset();
        return file ? file->size() : split.rows;
    };
    m_section->setTexts(tr("Parts"),
        //: rows of each part
        tr("%1 training · %2 validation · %3 test")
            .arg(countText(m_figures->train.rows),
                countText(rowsOf(DataPart::Validation, m_figures->validation)),
                countText(rowsOf(DataPart::Test, m_figures->test))));
    auto note = tr("Each part holds the same share of every label; the seed decides which rows.");
    if (!job.validationFile.empty() || !job.testFile.empty())
        note = tr("A part with a file of its own takes nothing from the training file.");
    if (!m_figures->checkedTexts)
        note += QLatin1Char('\n') + tr("Texts in several parts are not looked for in so many rows.");
    m_note->setText(note);
    fillTable();
}

void SplitSection::fillTable()
{
    std::vector<std::pair<DataPart, const SplitFigures::Part*>> parts{{DataPart::Train, &m_figures->train},
        {DataPart::Validation, &m_figures->validation}, {DataPart::Test, &m_figures->test}};
    const auto& names = m_dataset->labelNames();
    const int labels = m_figures->train.perLabel.empty()
        ? 0
        : static_cast<int>(std::min<size_t>(names.size(), shownLabels));
    m_table->clear();
    m_table->setColumnCount(static_cast<int>(parts.size()));
    m_table->setRowCount(labels + 1);
    m_table->setHorizontalHeaderLabels({tr("Training"), tr("Validation"), tr("Test")});
    QStringList rowNames{tr("All")};
    for (int label = 0; label < labels; ++label)
        rowNames.append(fontMetrics().elidedText(fromCore(names[static_cast<size_t>(label)]), Qt::ElideRight,
            fontMetrics().averageCharWidth() * 14));
    m_table->setVerticalHeaderLabels(rowNames);
    for (int column = 0; column < static_cast<int>(parts.size()); ++column) {
        const auto& [part, split] = parts[static_cast<size_t>(column)];
        const auto file = part == DataPart::Train ? nullptr : m_state.data(part).dataset();
        for (int row = 0; row <= labels; ++row) {
            std::optional<int64_t> count;
            if (row == 0) {
                count = file ? file->size() : split->rows;
            } else if (!file) {
                count = split->perLabel[static_cast<size_t>(row - 1)];
            } else {
                const auto& fileNames = file->labelNames();
                const auto found
                    = std::find(fileNames.begin(), fileNames.end(), names[static_cast<size_t>(row - 1)]);
                count = found == fileNames.end()
                    ? 0
                    : file->labelCounts()[static_cast<size_t>(found - fileNames.begin())];
            }
            auto* item = new QTableWidgetItem(countText(*count));
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_table->setItem(row, column, item);
        }
    }
    const int lines = std::min(labels + 1, 8);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height()
        + lines * m_table->verticalHeader()->defaultSectionSize() + 2 * m_table->frameWidth() + 2);
}

void SplitSection::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

void SplitSection::retranslate()
{
    const auto name = [](QLabel* caption, QWidget* field, const QString& text, const QString& toolTip) {
        caption->setText(text);
        QString plain = text;
        describe(field, plain.remove(QLatin1Char('&')), toolTip);
    };
    name(m_validationCaption, m_validation, tr("Validat&ion share"),
        tr("Share of the training rows that is held out to measure progress"));
    name(m_testCaption, m_test, tr("Test &share"),
        tr("Share of the training rows that is held out for the final report"));
    name(m_seedCaption, m_seed, tr("Seed"),
        tr("Start of the random numbers, also of the training: the same seed gives the same parts"));
    for (auto* field : {m_validation, m_test})
        //: suffix of a number field: per cent
        field->setSuffix(tr(" %"));
    m_table->setAccessibleName(tr("Rows of each part"));
    update();
}

} // namespace studio
