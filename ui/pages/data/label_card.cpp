// SPDX-License-Identifier: MIT
#include "ui/pages/data/label_card.h"

#include "ui/pages/data/data_figures.h"
#include "ui/widgets/format.h"

#include <algorithm>
#include <numeric>

#include <QEvent>
#include <QVBoxLayout>

namespace studio {

namespace {

constexpr size_t shownLabels = 10;

/// Many numbers, some with a decimal point: more likely a score than a class. It is never assumed, only said.
bool lookLikeNumbers(const std::vector<std::string>& names)
{
    bool fraction = false;
    for (const auto& name : names) {
        bool number = false;
        QLocale::c().toDouble(fromCore(name), &number);
        if (!number)
            return false;
        fraction = fraction || name.find('.') != std::string::npos;
    }
    return fraction && names.size() > shownLabels;
}

} // namespace

LabelCard::LabelCard(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_bars(new BarList(this))
    , m_histogram(new HistogramView(this))
    , m_summary(makeLabel(this, "small"))
    , m_all(new QPushButton(this))
    , m_asNumbers(new QPushButton(this))
{
    setObjectName(QStringLiteral("labelCard"));
    m_bars->setObjectName(QStringLiteral("labelBars"));
    m_histogram->setObjectName(QStringLiteral("targetHistogram"));
    m_summary->setObjectName(QStringLiteral("labelSummary"));
    m_summary->setWordWrap(true);
    m_all->setObjectName(QStringLiteral("allLabelsButton"));
    setRole(m_all, "link");
    m_asNumbers->setObjectName(QStringLiteral("learnNumbersButton"));
    setRole(m_asNumbers, "link");
    content()->addWidget(m_summary);
    content()->addWidget(m_asNumbers, 0, Qt::AlignLeft);
    content()->addWidget(m_bars);
    content()->addWidget(m_histogram);
    content()->addWidget(m_all, 0, Qt::AlignLeft);
    connect(m_all, &QPushButton::clicked, this, [this] {
        m_showAll = !m_showAll;
        update();
    });
    connect(m_asNumbers, &QPushButton::clicked, this, [this] {
        m_state.editJob(
            [](TrainingArguments& job) { job.problemType = problemTypeName(ProblemType::Regression); });
    });
    for (const auto part : {DataPart::Train, DataPart::Validation, DataPart::Test})
        connect(&state.data(part), &DataSession::datasetChanged, this, [this, part] {
            if (part == m_part)
                update();
        });
    retranslate();
}

void LabelCard::setPart(DataPart part)
{
    if (part == m_part)
        return;
    m_part = part;
    m_showAll = false;
    update();
}

void LabelCard::update()
{
    const auto dataset = m_state.data(m_part).dataset();
    m_targets.cancel();
    setVisible(dataset != nullptr);
    if (!dataset)
        return;
    const bool regression = dataset->isLabelled() && dataset->problemType() == ProblemType::Regression;
    m_histogram->hide();
    m_bars->setVisible(dataset->isLabelled() && !regression);
    m_all->hide();
    m_asNumbers->hide();
    if (!dataset->isLabelled()) {
        m_summary->setText(tr("No label column is chosen. Training needs one."));
    } else if (regression) {
        m_summary->setText(tr("Reading…"));
        readTargets();
    } else {
        showBars(*dataset);
    }
}

void LabelCard::showBars(const Dataset& dataset)
{
    const auto& names = dataset.labelNames();
    const auto& counts = dataset.labelCounts();
    std::vector<size_t> order(names.size());
    std::iota(order.begin(), order.end(), size_t(0));
    if (names.size() > shownLabels) // few classes keep their own order
        std::stable_sort(
            order.begin(), order.end(), [&](size_t a, size_t b) { return counts[a] > counts[b]; });
    const auto largest
        = counts.empty() ? 1 : std::max<int64_t>(1, *std::max_element(counts.begin(), counts.end()));
    const auto total = std::max<int64_t>(1, dataset.size());
    std::vector<BarRow> rows;
    for (const auto label : order) {
        if (rows.size() == shownLabels && !m_showAll)
            break;
        const auto share = percentText(static_cast<double>(counts[label]) / static_cast<double>(total));
        const auto name = fromCore(names[label]);
        rows.push_back({name, static_cast<double>(counts[label]) / static_cast<double>(largest),
            QStringLiteral("%1 · %2").arg(countText(counts[label]), share),
            //: tooltip of a label's bar: name, rows, share
            tr("%1: %2 rows, %3 of all").arg(name, countText(counts[label]), share), false});
    }
    m_bars->setRows(std::move(rows));
    const auto classes = static_cast<int>(names.size());
    m_summary->setText(dataset.problemType() == ProblemType::MultiLabel
            ? tr("%Ln classes, several a text", nullptr, classes)
            : tr("%Ln classes", nullptr, classes));
    m_asNumbers->setVisible(lookLikeNumbers(names));
    m_all->setVisible(names.size() > shownLabels);
    m_all->setText(m_showAll ? tr("Show the largest only") : tr("Show all %1").arg(countText(classes)));
}

void LabelCard::readTargets()
{
    m_targets.start([dataset = m_state.data(m_part).dataset()](
                        const TaskControl& control) { return regressionTargets(*dataset, control); },
        [this](const std::vector<double>& targets) {
            if (targets.empty())
                return;
            constexpr size_t count = 25;
            HistogramView::Bins bins{targets.front(), targets.back(), std::vector<int64_t>(count)};
            const double range = bins.highest - bins.lowest;
            for (const double target : targets) {
                const double place = range > 0 ? (target - bins.lowest) / range * count : 0;
                ++bins.counts[std::min(count - 1, static_cast<size_t>(place))];
            }
            const double mean
                = std::accumulate(targets.begin(), targets.end(), 0.0) / static_cast<double>(targets.size());
            m_summary->setText(tr("Numbers from %1 to %2, mean %3")
                                   .arg(significantText(targets.front()), significantText(targets.back()),
                                       significantText(mean)));
            m_histogram->setBins(std::move(bins));
            m_histogram->setBinText([](double from, double to, int64_t rows) {
                //: tooltip of a bar: range of numbers, rows
                return tr("%1 to %2: %3 rows")
                    .arg(significantText(from), significantText(to), countText(rows));
            });
            m_histogram->setAccessibleDescription(m_summary->text());
            m_histogram->show();
        });
}

void LabelCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

void LabelCard::retranslate()
{
    setHeading(tr("Labels"));
    m_asNumbers->setText(tr("They look like numbers: learn as such"));
    describe(m_asNumbers, tr("Learn the labels as numbers"), tr("Sets the task to a number (regression)"));
    m_bars->setAccessibleName(tr("Rows of each label"));
    m_histogram->setAccessibleName(tr("Distribution of the numbers to learn"));
    update();
}

} // namespace studio
