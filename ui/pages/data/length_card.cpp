// SPDX-License-Identifier: MIT
#include "ui/pages/data/length_card.h"

#include "ui/widgets/error_banner.h"
#include "ui/widgets/format.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace studio {

namespace {

constexpr int smallestMaximum = 8;
constexpr double worthAWarning = 0.05; ///< share of unknown characters

/// Bars from 0 to just beyond the 99.5th percentile; the longest ones are in the last bar.
HistogramView::Bins binsOf(const TokenLengths& lengths)
{
    const int longest = std::max(8, static_cast<int>(lengths.percentile(0.995)) + 1);
    const int width = std::max(1, (longest + 47) / 48);
    const int count = (longest + width - 1) / width;
    HistogramView::Bins bins{
        0, static_cast<double>(count * width), std::vector<int64_t>(static_cast<size_t>(count))};
    for (const auto length : lengths.lengths)
        ++bins.counts[static_cast<size_t>(std::min(count - 1, length / width))];
    return bins;
}

} // namespace

LengthCard::LengthCard(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_histogram(new HistogramView(this))
    , m_progress(makeLabel(this, "small"))
    , m_cut(makeLabel(this, "value"))
    , m_summary(makeLabel(this, "small"))
    , m_unknown(makeLabel(this, "small"))
    , m_caption(makeLabel(this, "small"))
    , m_maximum(new QSpinBox(this))
    , m_body(new QWidget(this))
{
    setObjectName(QStringLiteral("lengthCard"));
    m_histogram->setObjectName(QStringLiteral("lengthHistogram"));
    m_cut->setObjectName(QStringLiteral("cutShare"));
    m_summary->setObjectName(QStringLiteral("lengthSummary"));
    m_unknown->setObjectName(QStringLiteral("unknownShare"));
    m_progress->setObjectName(QStringLiteral("lengthProgress"));
    m_maximum->setObjectName(QStringLiteral("maximumLengthField"));
    m_caption->setBuddy(m_maximum);
    m_maximum->setKeyboardTracking(false);
    for (auto* label : {m_cut, m_summary, m_unknown, m_progress})
        label->setWordWrap(true);
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::small);
    line->addWidget(m_caption);
    line->addWidget(m_maximum);
    line->addStretch(1);
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(spacing::tiny);
    body->addWidget(m_cut);
    body->addWidget(m_histogram);
    body->addWidget(m_summary);
    body->addWidget(m_unknown);
    body->addLayout(line);
    content()->addWidget(m_progress);
    content()->addWidget(m_body);

    connect(m_histogram, &HistogramView::markerMoved, this, &LengthCard::showCut);
    connect(m_histogram, &HistogramView::markerChosen, this, &LengthCard::chooseMaximum);
    connect(m_maximum, &QSpinBox::valueChanged, this, &LengthCard::chooseMaximum);
    for (const auto part : {DataPart::Train, DataPart::Validation, DataPart::Test})
        connect(&state.data(part), &DataSession::datasetChanged, this, &LengthCard::measure);
    connect(&state, &StudioState::modelInfoChanged, this, &LengthCard::measure);
    connect(&state, &StudioState::jobChanged, this, &LengthCard::update);
    connect(&m_measure, &JobSlot::failed, this, [this](ErrorKind kind, const QString& detail) {
        m_error = CaughtError{kind, detail};
        update();
    });
    retranslate();
    measure();
}

void LengthCard::setPart(DataPart part)
{
    m_part = part;
    measure();
}

int LengthCard::modelLimit() const
{
    const auto& info = m_state.modelInfo();
    return info && info->maxLength > 0 ? info->maxLength : 512;
}

int LengthCard::maximumLength() const
{
    const auto chosen = m_state.job().maxSeqLength;
    return chosen > 0 ? static_cast<int>(std::min<int64_t>(chosen, modelLimit())) : modelLimit();
}

void LengthCard::measure()
{
    const auto dataset = m_state.data(m_part).dataset();
    const auto folder = m_state.job().modelNameOrPath;
    if (dataset == m_measured && folder == m_measuredFolder && (m_lengths || m_measure.isRunning())) {
        update();
        return;
    }
    m_lengths.reset();
    m_error.reset();
    m_measured = dataset;
    m_measuredFolder = folder;
    if (!dataset || folder.empty()) {
        m_measure.cancel();
    } else {
        m_measure.start(
            [dataset, folder](const TaskControl& control) {
                return measureTokenLengths(*dataset, std::filesystem::path(folder), control);
            },
            [this](TokenLengths lengths) {
                m_lengths = std::move(lengths);
                update();
            });
    }
    update();
}

void LengthCard::update()
{
    setVisible(m_measured != nullptr);
    m_body->setVisible(m_lengths.has_value());
    m_progress->setVisible(!m_lengths);
    m_progress->setToolTip(m_error ? m_error->detail : QString());
    if (m_error)
        m_progress->setText(tr("The lengths cannot be counted. %1").arg(errorHeadline(m_error->kind)));
    else if (m_measuredFolder.empty())
        m_progress->setText(tr("Choose a model: its tokeniser counts the lengths."));
    else
        m_progress->setText(tr("Counting tokens…"));
    if (!m_lengths)
        return;
    const auto& lengths = *m_lengths;
    m_histogram->setBins(binsOf(lengths));
    m_histogram->setMarker(maximumLength(), smallestMaximum, modelLimit());
    m_histogram->setBinText([](double from, double to, int64_t rows) {
        //: tooltip of a bar: range of lengths in tokens, rows
        return tr("%1 to %2 tokens: %3 rows")
            .arg(countText(static_cast<int64_t>(from)), countText(static_cast<int64_t>(to) - 1),
                countText(rows));
    });
    {
        const QSignalBlocker blocker(m_maximum);
        m_maximum->setRange(smallestMaximum - 1, modelLimit()); // one below the least: the special text
        m_maximum->setSpecialValueText(tr("Automatic (%1)").arg(countText(modelLimit())));
        constexpr int frame = 26; // borders, padding and the room of the cursor
        m_maximum->setMinimumWidth(
            m_maximum->fontMetrics().horizontalAdvance(m_maximum->specialValueText()) + frame);
        const auto chosen = m_state.job().maxSeqLength;
        m_maximum->setValue(chosen > 0 ? maximumLength() : smallestMaximum - 1);
    }
    showCut(maximumLength());
    auto summary = tr("Median %1, 95 % up to %2, longest %3 tokens")
                       .arg(countText(lengths.percentile(0.5)), countText(lengths.percentile(0.95)),
                           countText(lengths.percentile(1)));
    if (lengths.isSample())
        summary += QLatin1Char('\n')
            + tr("Counted on a sample: %1 of %2 rows, spread evenly.")
                  .arg(countText(static_cast<int64_t>(lengths.lengths.size())), countText(lengths.rows));
    m_summary->setText(summary);
    const bool warn = lengths.unknownShare >= worthAWarning;
    setRole(m_unknown, warn ? "warning" : "small");
    m_unknown->setText(
        warn ? tr(
            "The model's vocabulary does not know %1 of the characters. Choose a model for this language.")
                   .arg(percentText(lengths.unknownShare))
             : tr("%1 of the characters are unknown to the model's vocabulary.")
                   .arg(percentText(lengths.unknownShare)));
}

void LengthCard::showCut(int maximumLength)
{
    if (!m_lengths)
        return;
    const auto share = m_lengths->shareAbove(maximumLength);
    const auto length = countText(maximumLength);
    // A small share must not read as none.
    if (share <= 0)
        m_cut->setText(tr("No row is cut at %1 tokens").arg(length));
    else if (share < 0.0005)
        m_cut->setText(tr("Fewer than 0.1 % of the rows are cut at %1 tokens").arg(length));
    else
        m_cut->setText(tr("%1 of the rows are cut at %2 tokens").arg(percentText(share), length));
    m_histogram->setAccessibleDescription(m_cut->text());
}

void LengthCard::chooseMaximum(int length)
{
    // As long as the model allows: no limit of our own.
    const int64_t chosen = length < smallestMaximum || length >= modelLimit() ? 0 : length;
    m_state.editJob([&](TrainingArguments& job) { job.maxSeqLength = chosen; });
    update();
}

void LengthCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

void LengthCard::retranslate()
{
    setHeading(tr("Text length"));
    describe(m_histogram, tr("Lengths in tokens"), {}); // its own tooltips tell the bars
    m_caption->setText(tr("Ma&ximum length"));
    m_maximum->setSuffix({});
    describe(m_maximum, tr("Maximum length in tokens"),
        tr("Longer texts are cut. Shorter maxima train faster and need less memory."));
    update();
}

} // namespace studio
