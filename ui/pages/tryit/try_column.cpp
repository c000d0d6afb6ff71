// SPDX-License-Identifier: MIT
#include "ui/pages/tryit/try_column.h"

#include "ui/pages/tryit/token_chips.h"
#include "ui/widgets/bar_list.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/format.h"
#include "ui/widgets/warning_text.h"

#include <algorithm>
#include <numeric>

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace studio {

namespace {

constexpr int liveIntervalMs = 400; ///< between two questions to the run in training while its weights change

QString folderText(const std::filesystem::path& folder)
{
    return QString::fromStdString(folder.string());
}

} // namespace

TryColumn::TryColumn(StudioState& state, int slot, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_slot(slot)
    , m_models(new QComboBox(this))
    , m_banner(new ErrorBanner(this))
    , m_answer(makeLabel(this, "figure"))
    , m_value(makeLabel(this, "heading"))
    , m_status(makeLabel(this, "small"))
    , m_tokenHeading(makeLabel(this, "small"))
    , m_unknown(makeLabel(this, "warning"))
    , m_warning(makeLabel(this, "warning"))
    , m_bars(new BarList)
    , m_tokens(new TokenChips)
{
    m_models->setObjectName(QStringLiteral("tryModel%1").arg(slot));
    m_models->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_models->setMinimumContentsLength(20);
    m_answer->setObjectName(QStringLiteral("tryAnswer%1").arg(slot));
    m_answer->setTextFormat(Qt::PlainText);
    m_bars->setObjectName(QStringLiteral("tryBars%1").arg(slot));
    m_tokens->setObjectName(QStringLiteral("tryTokens%1").arg(slot));
    m_status->setObjectName(QStringLiteral("tryStatus%1").arg(slot));
    for (auto* notice : {m_warning, m_unknown}) {
        notice->setWordWrap(true);
        notice->setContentsMargins(spacing::small, spacing::tiny, spacing::small, spacing::tiny);
    }
    m_status->setWordWrap(true);

    auto* head = new QHBoxLayout;
    head->addWidget(m_answer);
    head->addStretch();
    head->addWidget(m_value);
    auto* body = new QWidget;
    body->setObjectName(QStringLiteral("scrollContent"));
    auto* bodyLayout = new QVBoxLayout(body);
    bodyLayout->setContentsMargins(0, 0, spacing::small, 0);
    bodyLayout->setSpacing(spacing::small);
    bodyLayout->addWidget(m_bars);
    bodyLayout->addSpacing(spacing::small);
    bodyLayout->addWidget(m_tokenHeading);
    bodyLayout->addWidget(m_tokens);
    bodyLayout->addWidget(m_unknown);
    bodyLayout->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(body);
    content()->addWidget(m_models);
    content()->addWidget(m_banner);
    content()->addWidget(m_warning);
    content()->addLayout(head);
    content()->addWidget(scroll, 1);
    content()->addWidget(m_status);

    connect(m_models, &QComboBox::activated, this, [this] {
        clearAnswer();
        Q_EMIT modelChosen(model());
        Q_EMIT modelChanged();
        ask();
    });
    connect(&state.inference(), &InferenceSession::answered, this,
        [this](int, quint64 id, const TextAnswer& answer) {
            if (id == m_tokenQuestion)
                showTokens(answer);
            if (id != m_question)
                return;
            m_banner->clear();
            m_warnings = answer.warnings;
            m_milliseconds = answer.milliseconds;
            showAnswer(answer.labels, answer.problemType, answer.prediction);
            showTokens(answer);
        });
    connect(&state.inference(), &InferenceSession::failed, this,
        [this](int, quint64 id, ErrorKind kind, const QString& detail) {
            if (id != m_question)
                return;
            clearAnswer();
            m_banner->showError(kind, detail);
        });
    connect(&state.training(), &TrainingSession::livePredicted, this,
        [this](quint64 id, const TrainControl::LiveAnswer& answer) {
            if (id != m_liveQuestion)
                return;
            m_liveWaiting = false;
            if (!isLive())
                return;
            if (!answer.problem.empty()) {
                clearAnswer();
                m_banner->showError(ErrorKind::Data, fromCore(answer.problem));
            }
            if (answer.predictions.empty())
                return;
            m_banner->clear();
            m_liveStep = answer.step;
            showAnswer(answer.labels, answer.problemType, answer.predictions.front());
        });
    connect(&state.training(), &TrainingSession::eventsReported, this, [this] {
        if (isLive() && isVisible()) {
            m_models->setItemText(0, liveText());
            askLive();
        }
    });
    connect(&state.training(), &TrainingSession::stateChanged, this, [this] {
        m_liveWaiting = false;
        fillModels();
    });
    if (slot == 0) // who starts a run wants to see it learn
        connect(&state.training(), &TrainingSession::started, this, [this] {
            m_beforeLive = model();
            chooseModel({});
        });
    connect(&state, &StudioState::knownModelsChanged, this, &TryColumn::fillModels);
    connect(&state.runs(), &RunStore::runsChanged, this, &TryColumn::fillModels);
    fillModels();
    clearAnswer();
}

QString TryColumn::liveText() const
{
    const auto* run = m_state.training().run();
    return tr("Now training · step %1").arg(countText(run ? run->step() : 0));
}

void TryColumn::fillModels()
{
    const bool had = m_models->count() > 0;
    const bool wasLive = isLive();
    const auto before = model();
    const QSignalBlocker blocker(m_models);
    m_models->clear();
    const bool running = m_state.training().isRunning();
    if (running)
        m_models->addItem(liveText(), QString());
    for (const auto& run : m_state.runs().runs()) {
        const bool usable
            = run.state == RunState::Completed || run.state == RunState::Stopped || run.bestStep;
        if (usable && run.state != RunState::Running)
            m_models->addItem(tr("Run %1").arg(fromCore(run.name)), folderText(run.folder));
    }
    for (const auto& known : m_state.knownModels()) {
        if (known.origin != KnownModel::Origin::Run && m_models->findData(known.folder) < 0)
            m_models->addItem(known.name, known.folder);
    }
    // A folder of no list (given by another page) stays chosen as long as it exists.
    if (!before.isEmpty() && m_models->findData(before) < 0 && QFileInfo::exists(before))
        m_models->addItem(before.section(QLatin1Char('/'), -1), before);
    int index = before.isEmpty() && !(wasLive && running) ? -1 : m_models->findData(before);
    if (const auto* run = m_state.training().run(); wasLive && !running && run) {
        // Its result takes its place, if there is one; the list of runs may not know it yet.
        const std::filesystem::path folder(run->arguments.outputDir);
        index = m_models->findData(folderText(folder));
        if (index < 0 && run->end && run->end->outcome != "failed") {
            m_models->insertItem(0, tr("Run %1").arg(folderText(folder.filename())), folderText(folder));
            index = 0;
        } else if (index < 0) {
            index = m_models->findData(m_beforeLive);
        }
    }
    m_models->setCurrentIndex(index >= 0 || m_models->count() == 0 ? index : 0);
    if (had && model() != before) {
        m_order.clear(); // the new model's answer is sorted by its own scores
        ask();
    }
    Q_EMIT modelChanged();
}

void TryColumn::chooseModel(const QString& folder)
{
    const int before = m_models->currentIndex(); // an empty box chooses what is added by itself
    int index = m_models->findData(folder);
    if (index < 0 && !folder.isEmpty()) {
        m_models->addItem(folder.section(QLatin1Char('/'), -1), folder);
        index = m_models->count() - 1;
    }
    if (index < 0 || index == before)
        return;
    m_models->setCurrentIndex(index);
    clearAnswer();
    ask();
    Q_EMIT modelChanged();
}

QString TryColumn::model() const
{
    return m_models->currentData().toString();
}

bool TryColumn::isLive() const
{
    return m_models->currentIndex() >= 0 && model().isEmpty();
}

PredictorOptions TryColumn::options() const
{
    return {.device = m_state.settings().text(Setting::DefaultDevice).toStdString()};
}

void TryColumn::setInput(const TextInput& input)
{
    m_input = input;
    ask();
}

void TryColumn::ask()
{
    m_question = m_tokenQuestion = 0;
    if (m_input.text.empty() || m_models->currentIndex() < 0) {
        clearAnswer();
        return;
    }
    if (!isLive()) {
        m_question = m_state.inference().classify(m_slot, model(), m_input, options());
        return;
    }
    const auto* run = m_state.training().run();
    if (run)
        m_tokenQuestion
            = m_state.inference().tokenize(m_slot + 2, fromCore(run->arguments.modelNameOrPath), m_input);
    m_liveWaiting = false;
    m_liveAsked.invalidate();
    askLive();
}

void TryColumn::askLive()
{
    if (m_liveWaiting || m_input.text.empty()
        || (m_liveAsked.isValid() && m_liveAsked.elapsed() < liveIntervalMs))
        return;
    m_liveQuestion = m_state.training().predict({m_input});
    m_liveWaiting = m_liveQuestion != 0;
    m_liveAsked.start();
}

void TryColumn::showAnswer(
    const std::vector<std::string>& labels, ProblemType problemType, const Prediction& prediction)
{
    const bool sameLabels = labels == m_labels && m_order.size() == prediction.scores.size();
    m_labels = labels;
    m_problemType = problemType;
    m_prediction = prediction;
    if (!sameLabels) {
        m_order.resize(prediction.scores.size());
        std::iota(m_order.begin(), m_order.end(), size_t{0});
        sortBars();
    }
    showBars();
    showStatus();
}

void TryColumn::sortBars()
{
    if (m_order.size() != m_prediction.scores.size())
        return;
    std::stable_sort(m_order.begin(), m_order.end(),
        [this](size_t left, size_t right) { return m_prediction.scores[left] > m_prediction.scores[right]; });
    showBars();
}

void TryColumn::showBars()
{
    const auto& scores = m_prediction.scores;
    const bool regression = m_problemType == ProblemType::Regression;
    m_bars->setVisible(!regression);
    if (scores.empty()) {
        m_bars->setRows({});
        m_answer->setText(QStringLiteral("–"));
        m_value->clear();
        return;
    }
    if (regression) {
        m_answer->setText(significantText(static_cast<double>(scores.front()), 4));
        m_answer->setToolTip(exactText(static_cast<double>(scores.front())));
        m_value->clear();
        return;
    }
    std::vector<BarRow> rows;
    for (const auto index : m_order) {
        const double share = static_cast<double>(scores[index]);
        const bool chosen = std::find(m_prediction.labelIds.begin(), m_prediction.labelIds.end(),
                                static_cast<int32_t>(index))
            != m_prediction.labelIds.end();
        rows.push_back({fromCore(m_labels.at(index)), share, percentText(share), exactText(share), chosen});
    }
    m_bars->setWidestValue(percentText(1.0));
    m_bars->setRows(std::move(rows));
    QStringList names;
    for (const auto id : m_prediction.labelIds)
        names << fromCore(m_labels.at(static_cast<size_t>(id)));
    m_answer->setText(
        names.isEmpty() ? tr("no label", "multi-label: nothing applies") : names.join(QStringLiteral(", ")));
    m_value->setText(m_prediction.labelIds.size() == 1
            ? percentText(static_cast<double>(scores[static_cast<size_t>(m_prediction.labelIds.front())]))
            : QString());
}

void TryColumn::showTokens(const TextAnswer& answer)
{
    m_tokens->setEncoding(answer.encoding, answer.unknownId);
    m_tokenHeading->setText(tr("%n token(s)", nullptr, m_tokens->tokenCount()));
    const int unknown = m_tokens->unknownCount();
    m_unknown->setVisible(unknown > 0);
    m_unknown->setText(tr("%n token(s) are unknown to this model.", nullptr, unknown));
}

void TryColumn::showStatus()
{
    QStringList parts;
    if (!m_prediction.scores.empty()) {
        parts << (isLive() ? tr("Live weights of step %1").arg(countText(m_liveStep))
                           : tr("%1 ms").arg(significantText(m_milliseconds, 2)));
        if (m_prediction.truncated)
            parts << tr("The text is longer than the model reads; its end was cut.");
    }
    m_status->setText(parts.join(QStringLiteral(" · ")));
    QStringList warnings;
    for (const auto& warning : m_warnings)
        warnings << warningText(warning);
    const bool untrained = !m_warnings.empty() && !isLive();
    m_warning->setVisible(untrained);
    m_warning->setText(
        untrained ? tr("This model was loaded with remarks: its answers may mean nothing yet.") : QString());
    m_warning->setToolTip(warnings.join(QLatin1Char('\n')));
}

void TryColumn::clearAnswer()
{
    m_labels.clear();
    m_order.clear();
    m_prediction = {};
    m_warnings.clear();
    m_tokens->clear();
    m_tokenHeading->clear();
    m_unknown->hide();
    m_banner->clear();
    showBars();
    showStatus();
}

void TryColumn::retranslate()
{
    describe(m_models, tr("Model"), tr("The model that answers"));
    m_bars->setAccessibleName(tr("Probability of each class"));
    m_tokens->setAccessibleName(tr("Tokens"));
    m_answer->setAccessibleName(tr("Answer"));
    fillModels();
    showBars();
    showStatus();
    if (m_tokens->tokenCount() > 0) {
        m_tokenHeading->setText(tr("%n token(s)", nullptr, m_tokens->tokenCount()));
        m_unknown->setText(tr("%n token(s) are unknown to this model.", nullptr, m_tokens->unknownCount()));
    }
}

} // namespace studio
