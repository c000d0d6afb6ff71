// SPDX-License-Identifier: MIT
#include "ui/pages/train/settings_panel.h"

#include "core/train/devices.h"
#include "core/train/run_changes.h"
#include "ui/pages/train/argument_text.h"
#include "ui/session/measured_speed.h"
#include "ui/theme/icons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/wheel_guard.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

namespace studio {

namespace {

constexpr int usualWidth = 280; ///< of the fields, with their scroll bar
const char* const presetNames[] = {"quick", "balanced", "thorough", "custom"};
const char* const basicArguments[]
    = {"num_train_epochs", "per_device_train_batch_size", "learning_rate", "max_seq_length"};
const char* const advancedGroups[] = {"length", "optimizer", "model", "evaluation", "machine"};

/// Shown on other pages, or decided by the program.
bool isShownElsewhere(const ArgumentInfo& argument)
{
    return argument.group == "data" || argument.name == "resume_from_checkpoint"
        || argument.name == "overwrite_output_dir" || argument.name == "allow_changed_data";
}

bool isBasic(const std::string& name)
{
    return std::any_of(std::begin(basicArguments), std::end(basicArguments),
        [&](const char* basic) { return name == basic; });
}

/// Names at the left, which may wrap and take the room that is left, and the fields at the right.
QGridLayout* makeForm()
{
    auto* form = new QGridLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(spacing::small);
    form->setVerticalSpacing(spacing::tiny + 2);
    form->setColumnStretch(0, 1);
    return form;
}

} // namespace

SettingsPanel::SettingsPanel(StudioState& state, QWidget* parent)
    : Card(parent)
    , m_state(state)
    , m_presetLabel(new QLabel(this))
    , m_presets(new QButtonGroup(this))
    , m_advanced(new Disclosure(this))
    , m_estimateLabel(makeLabel(this, "muted"))
    , m_obstacleLabel(makeLabel(this, "warning"))
    , m_readOnlyLabel(makeLabel(this, "small"))
    , m_start(new QPushButton(this))
    , m_pause(new QPushButton(this))
    , m_stop(new QPushButton(this))
    , m_evaluate(new QPushButton(this))
    , m_save(new QPushButton(this))
    , m_apply(new QPushButton(this))
    , m_reset(new QPushButton(this))
{
    setObjectName(QStringLiteral("settingsPanel"));
    makeFields();
    for (auto* label : {m_estimateLabel, m_obstacleLabel, m_readOnlyLabel})
        label->setWordWrap(true);
    m_estimateLabel->setObjectName(QStringLiteral("estimateLabel"));
    m_obstacleLabel->setObjectName(QStringLiteral("obstacleLabel"));
    m_obstacleLabel->setTextFormat(Qt::PlainText); // it may name a label of the data
    m_obstacleLabel->setTextInteractionFlags(Qt::TextSelectableByMouse);
    const std::pair<QPushButton*, const char*> buttons[] = {{m_start, "start"}, {m_pause, "pause"},
        {m_stop, "stop"}, {m_evaluate, "evaluate"}, {m_save, "save"}, {m_apply, "apply"}};
    for (const auto& [button, name] : buttons)
        button->setObjectName(QLatin1String(name) + QStringLiteral("Button"));
    setRole(m_start, "primary");
    m_start->setIcon(themedIcon(QStringLiteral("play"), IconTint::OnAccent));
    m_stop->setIcon(themedIcon(QStringLiteral("stop")));
    m_evaluate->setIcon(themedIcon(QStringLiteral("evaluate")));
    m_save->setIcon(themedIcon(QStringLiteral("save")));
    auto* grid = new QGridLayout;
    grid->setSpacing(spacing::small);
    grid->addWidget(m_apply, 0, 0, 1, 2); // above the others: these stay in their places when it comes
    grid->addWidget(m_start, 1, 0, 1, 2);
    grid->addWidget(m_pause, 1, 0);
    grid->addWidget(m_stop, 1, 1);
    grid->addWidget(m_evaluate, 2, 0);
    grid->addWidget(m_save, 2, 1);
    content()->addWidget(makeLine(this));
    content()->addWidget(m_estimateLabel);
    content()->addWidget(m_obstacleLabel);
    content()->addLayout(grid);

    auto& training = state.training();
    connect(m_start, &QPushButton::clicked, this, &SettingsPanel::startRequested);
    connect(m_pause, &QPushButton::clicked, this, [&training] {
        training.state() == TrainingSession::State::Paused ? training.resume() : training.pause();
    });
    connect(m_stop, &QPushButton::clicked, &training, &TrainingSession::stop);
    connect(m_evaluate, &QPushButton::clicked, &training, &TrainingSession::evaluateNow);
    connect(m_save, &QPushButton::clicked, &training, &TrainingSession::saveNow);
    connect(m_apply, &QPushButton::clicked, this, &SettingsPanel::applyEdits);
    connect(&training, &TrainingSession::eventsReported, this, &SettingsPanel::takeIn);
    connect(m_presets, &QButtonGroup::idClicked, this,
        [this](int index) { m_state.setPreset(QString::fromLatin1(presetNames[index])); });
    connect(&state, &StudioState::jobChanged, this, &SettingsPanel::showValues);
    connect(&state, &StudioState::jobChanged, this, &SettingsPanel::scheduleEstimate);
    connect(&state, &StudioState::modelInfoChanged, this, &SettingsPanel::scheduleEstimate);
    connect(&state.data(), &DataSession::datasetChanged, this, &SettingsPanel::scheduleEstimate);
    connect(&state.data(), &DataSession::loadingChanged, this, &SettingsPanel::showEstimate);
    connect(&training, &TrainingSession::stateChanged, this, &SettingsPanel::showRunState);
    connect(&training, &TrainingSession::stateChanged, this, [this](TrainingSession::State now) {
        if (now == TrainingSession::State::Idle && std::exchange(m_estimateMissed, false))
            scheduleEstimate();
    });
    connect(&training, &TrainingSession::started, this, &SettingsPanel::showValues);
    connect(&training, &TrainingSession::finished, this, &SettingsPanel::learnSpeed);
    connect(&m_estimateJob, &JobSlot::failed, this, &SettingsPanel::showEstimate);
    m_estimateTimer.setSingleShot(true);
    m_estimateTimer.setInterval(250);
    connect(&m_estimateTimer, &QTimer::timeout, this, &SettingsPanel::makeEstimate);
    m_advanced->setOpen(state.settings().flag(Setting::ShowAdvanced));
    connect(m_advanced, &Disclosure::toggled, this, [this](bool open) {
        m_state.settings().setValue(Setting::ShowAdvanced, open);
        if (open)
            findDevices();
    });
    if (m_advanced->isOpen())
        QTimer::singleShot(0, this, &SettingsPanel::findDevices); // after the first paint
    retranslate();
    showValues();
    showRunState();
    scheduleEstimate();
}

ArgumentField* SettingsPanel::addField(const std::string& name, QGridLayout* form)
{
    const auto* argument = findArgument(name);
    auto* field = new ArgumentField(*argument, form->parentWidget());
    if (name == "metric_for_best_model")
        field->setSuggestions(
            {"eval_loss", "eval_accuracy", "eval_f1", "eval_mcc", "eval_pearson", "eval_mse"});
    if (name == "device")
        field->setSuggestions({"auto", "cpu"});
    field->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // fitWidth() decides
    const int row = form->rowCount();
    form->addWidget(field->label(), row, 0);
    form->addWidget(field, row, 1);
    m_fields.push_back(field);
    connect(field, &ArgumentField::edited, this,
        [this, argument](const std::string&, const Json& value) { takeEdit(*argument, value); });
    connect(field, &ArgumentField::validityChanged, this, &SettingsPanel::showEstimate);
    connect(field, &ArgumentField::validityChanged, this, &SettingsPanel::showEdits);
    connect(field, &ArgumentField::escaped, this, [this, field] { takeBack(field); });
    connect(field, &ArgumentField::left, this, [this, field] {
        m_beforeEdit.reset();
        // Without a run a value that cannot be used stays marked, and Start says why it is off.
        if (m_state.training().isRunning() && !field->isValid())
            takeBack(field);
    });
    connect(field, &ArgumentField::returnPressed, this, [this] {
        m_beforeEdit.reset();
        if (m_apply->isVisible() && m_apply->isEnabled())
            applyEdits();
    });
    return field;
}

void SettingsPanel::takeEdit(const ArgumentInfo& argument, const Json& value)
{
    if (m_state.training().isRunning()) {
        if (value == argument.get(m_state.training().run()->arguments))
            m_edits.erase(argument.name);
        else
            m_edits[argument.name] = value;
        showEdits();
        return;
    }
    TrainingArguments changed = m_state.job();
    if (!m_beforeEdit || m_beforeEdit->name != argument.name)
        m_beforeEdit = {argument.name, argument.get(changed), m_state.preset()};
    // What a preset decides is no longer the preset's once it is changed by hand.
    argument.set(changed, value);
    if (m_state.withPreset(changed) != changed)
        m_state.settings().setValue(Setting::Preset, QStringLiteral("custom"));
    m_state.setJob(changed);
}

void SettingsPanel::takeBack(ArgumentField* field)
{
    const auto& argument = field->argument();
    const bool running = m_state.training().isRunning();
    if (running) {
        m_edits.erase(argument.name);
    } else if (m_beforeEdit && m_beforeEdit->name == argument.name) {
        const auto before = *std::exchange(m_beforeEdit, std::nullopt);
        m_state.editJob([&](TrainingArguments& job) { argument.set(job, before.value); });
        if (before.preset != m_state.preset())
            m_state.setPreset(before.preset);
    }
    field->restore(argument.get(running ? m_state.training().run()->arguments : m_state.job()));
    showEdits();
}

void SettingsPanel::makeFields()
{
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* inner = new QWidget(m_scroll);
    inner->setObjectName(QStringLiteral("scrollContent"));
    auto* layout = new QVBoxLayout(inner);
    layout->setContentsMargins(0, 0, spacing::small, 0);
    layout->setSpacing(spacing::small);
    auto* presets = new QGridLayout;
    presets->setHorizontalSpacing(spacing::small);
    presets->setVerticalSpacing(0);
    presets->addWidget(m_presetLabel, 0, 0, 1, 2);
    for (int index = 0; index < 4; ++index) {
        auto* button = new QRadioButton(inner);
        button->setObjectName(QStringLiteral("preset_%1").arg(QLatin1String(presetNames[index])));
        m_presets->addButton(button, index);
        m_presetButtons.append(button);
        presets->addWidget(button, 1 + index / 2, index % 2);
    }
    layout->addLayout(presets);
    layout->addWidget(m_readOnlyLabel);
    auto* basic = makeForm();
    layout->addLayout(basic);
    m_forms.push_back(basic);
    for (const auto* name : basicArguments)
        addField(name, basic);
    auto* advancedLayout = new QVBoxLayout(m_advanced->body());
    advancedLayout->setContentsMargins(0, 0, 0, 0);
    for (const auto* group : advancedGroups) {
        auto* label = makeLabel(m_advanced->body(), "value");
        m_groupLabels.emplace_back(label, group);
        advancedLayout->addSpacing(spacing::tiny);
        advancedLayout->addWidget(label);
        auto* form = makeForm();
        advancedLayout->addLayout(form);
        m_forms.push_back(form);
        for (const auto& argument : argumentTable()) {
            if (argument.group == group && !isBasic(argument.name) && !isShownElsewhere(argument))
                addField(argument.name, form);
        }
    }
    m_reset->setObjectName(QStringLiteral("resetSettings"));
    setRole(m_reset, "link");
    advancedLayout->addWidget(m_reset, 0, Qt::AlignLeft);
    connect(m_reset, &QPushButton::clicked, this, [this] {
        m_state.editJob([](TrainingArguments& job) {
            const TrainingArguments standard;
            for (const auto& argument : argumentTable()) {
                if (!isShownElsewhere(argument) || argument.name == "max_seq_length")
                    argument.set(job, argument.get(standard));
            }
        });
        m_state.setPreset(QStringLiteral("balanced"));
    });
    layout->addWidget(m_advanced);
    layout->addStretch(1);
    leaveWheelToScrolling(inner);
    m_scroll->setWidget(inner);
    inner->installEventFilter(this);
    content()->addWidget(m_scroll, 1);
}

/// No name, unit or list is cut, however wide the language and the font make them.
void SettingsPanel::fitWidth()
{
    auto* inner = m_scroll->widget();
    int fieldWidth = 0;
    for (const auto* field : m_fields)
        fieldWidth = std::max(fieldWidth, field->minimumSizeHint().width());
    for (auto* form : m_forms) { // in every group the same
        if (form->columnMinimumWidth(1) != fieldWidth) // setting it asks for a new layout, and so for this
            form->setColumnMinimumWidth(1, fieldWidth);
    }
    inner->layout()->activate();
    m_scroll->setMinimumWidth(std::max(
        usualWidth, inner->minimumSizeHint().width() + m_scroll->verticalScrollBar()->sizeHint().width()));
}

bool SettingsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::LayoutRequest) // a text, a font or the style has changed
        fitWidth();
    return Card::eventFilter(watched, event);
}

void SettingsPanel::findDevices()
{
    if (std::exchange(m_devicesSought, true))
        return;
    m_deviceJob.start([](const TaskControl&) { return listDevices(false); },
        [this](const std::vector<DeviceInfo>& devices) {
            std::vector<std::string> choices{"auto"};
            for (const auto& device : devices)
                choices.push_back(device.id);
            for (auto* field : m_fields) {
                if (field->argument().name == "device")
                    field->setSuggestions(choices);
            }
        });
}

void SettingsPanel::showValues()
{
    const auto& training = m_state.training();
    const bool running = training.isRunning();
    const auto& shown = running ? training.run()->arguments : m_state.job();
    const bool ofAnother = std::exchange(m_showsRun, running) != running;
    if (!running)
        m_edits = Json::object();
    if (ofAnother)
        m_beforeEdit.reset();
    for (auto* field : m_fields) {
        const auto& name = field->argument().name;
        field->setReadOnly(running && !isChangeable(name));
        if (ofAnother) // what is being typed was meant for the job or the run that was shown until now
            field->restore(field->argument().get(shown));
        else
            field->setValue(m_edits.contains(name) ? m_edits[name] : field->argument().get(shown));
    }
    showEdits();
    for (int index = 0; index < m_presetButtons.size(); ++index) {
        m_presetButtons[index]->setEnabled(!running);
        if (m_state.preset() == QLatin1String(presetNames[index]))
            m_presetButtons[index]->setChecked(true);
    }
    m_reset->setEnabled(!running);
    m_readOnlyLabel->setVisible(running);
}

/// Apply is there for settings of the run that goes on, and only where each of them can be used.
void SettingsPanel::showEdits()
{
    const auto now = m_state.training().state();
    const bool steerable = now == TrainingSession::State::Running || now == TrainingSession::State::Paused;
    const bool valid
        = std::all_of(m_fields.begin(), m_fields.end(), [](const auto* field) { return field->isValid(); });
    m_apply->setVisible(m_state.training().isRunning() && !m_edits.empty());
    m_apply->setEnabled(steerable && valid);
}

void SettingsPanel::applyEdits()
{
    m_state.training().change(m_edits);
}

void SettingsPanel::takeIn(const QList<TrainEvent>& events)
{
    bool changed = false;
    for (const auto& event : events) {
        if (const auto* change = std::get_if<ChangeEvent>(&event)) {
            m_edits.erase(change->name);
            changed = true;
        }
    }
    if (changed)
        showValues();
}

QString SettingsPanel::advancedSummary() const
{
    const auto standard = m_state.untouchedSettings();
    int changed = 0;
    for (const auto* field : m_fields) {
        const auto& argument = field->argument();
        if (!isBasic(argument.name) && argument.get(m_state.job()) != argument.get(standard))
            ++changed;
    }
    return changed == 0 ? tr("all at their defaults") : tr("%n changed", nullptr, changed);
}

void SettingsPanel::showRunState()
{
    using State = TrainingSession::State;
    const auto now = m_state.training().state();
    const bool running = now != State::Idle;
    // The keyboard stays with the button that takes the place.
    const bool startHadFocus = m_start->hasFocus();
    const bool othersHadFocus = m_pause->hasFocus() || m_stop->hasFocus();
    m_start->setVisible(!running);
    for (auto* button : {m_pause, m_stop, m_evaluate, m_save})
        button->setVisible(running);
    const bool paused = now == State::Paused;
    const bool steerable = now == State::Running || paused;
    m_pause->setEnabled(steerable);
    m_stop->setEnabled(steerable || now == State::Preparing);
    m_evaluate->setEnabled(steerable);
    m_save->setEnabled(steerable);
    if (running && startHadFocus)
        m_stop->setFocus();
    else if (!running && othersHadFocus)
        m_start->setFocus();
    m_pause->setIcon(themedIcon(paused ? QStringLiteral("resume") : QStringLiteral("pause")));
    m_pause->setText(paused ? tr("Res&ume") : tr("&Pause"));
    describe(m_pause, paused ? tr("Resume") : tr("Pause"),
        paused ? tr("Go on training (F6)") : tr("Hold the run at the next step; nothing is lost (F6)"));
    showValues();
    showEstimate();
}

QString SettingsPanel::obstacle() const
{
    const auto& job = m_state.job();
    if (job.modelNameOrPath.empty())
        return tr("Choose a model on the Model page first.");
    if (m_state.modelError())
        return tr("The chosen model cannot be used; see the Model page.");
    if (m_state.modelInfo() && !m_state.modelInfo()->errors.empty())
        return tr("The chosen model cannot be trained; see the Model page.");
    if (job.trainFile.empty())
        return tr("Choose training data on the Data page first.");
    if (m_state.data().error())
        return tr("The training data cannot be used as it is; see the Data page.");
    for (const auto part : {DataPart::Validation, DataPart::Test}) {
        if (m_state.data(part).error())
            return tr("The validation or test data cannot be used as it is; see the Data page.");
    }
    if (const auto dataset = m_state.data().dataset(); dataset && !dataset->isLabelled())
        return tr("Choose the label column on the Data page first.");
    if (const auto label = m_state.onlyLabel())
        return tr(
            "All training rows have the label “%1”, and a classifier needs rows of at least two labels. "
            "Choose other data or another label column on the Data page.")
            .arg(*label);
    if (m_state.hasEmptyPart())
        return tr("The training file has too few rows for the parts that are held out; see the Data page.");
    for (const auto* field : m_fields) {
        if (!field->isValid())
            //: %1 is the name of a setting
            return tr("“%1” has a value that cannot be used.").arg(argumentLabel(field->argument().name));
    }
    try {
        auto complete = job;
        complete.outputDir = "run"; // chosen at Start
        validate(complete);
    } catch (const Error& error) {
        return tr("These settings do not go together: %1").arg(QString::fromUtf8(error.what()));
    }
    return {};
}

void SettingsPanel::scheduleEstimate()
{
    m_estimateTimer.start();
    showEstimate();
}

void SettingsPanel::makeEstimate()
{
    m_estimateMissed = m_state.training().isRunning();
    if (m_estimateMissed)
        return;
    const auto dataset = m_state.data().dataset();
    if (!dataset || !m_state.modelInfo() || m_state.trainRowCount() <= 0) {
        m_estimate.reset();
        m_estimateJob.cancel();
        limitLength();
        showEstimate();
        return;
    }
    m_estimateJob.start(
        [job = m_state.job(), info = *m_state.modelInfo(), dataset, rows = m_state.trainRowCount()](
            const TaskControl& control) { return estimateTraining(job, info, *dataset, rows, control); },
        [this](const TrainingEstimate& estimate) {
            m_estimate = estimate;
            limitLength();
            showEstimate();
        });
}

void SettingsPanel::limitLength()
{
    const auto& model = m_state.modelInfo();
    for (auto* field : m_fields) {
        if (field->argument().name != "max_seq_length")
            continue;
        if (m_estimate && model && model->maxLength > 0)
            field->setLimits(static_cast<double>(m_estimate->specialTokens + 1), model->maxLength);
        else
            field->setLimits({}, {});
    }
}

double SettingsPanel::estimatedSeconds() const
{
    const auto learned
        = measuredSpeed(m_state.settings(), m_state.job().device, m_estimate->operationsPerToken);
    return m_estimate->operations / (learned > 0 ? learned : assumedOperationsPerSecond());
}

void SettingsPanel::learnSpeed()
{
    const auto* run = m_state.training().run();
    if (!run || !run->lastStep || run->lastStep->step < 20 || !m_state.modelInfo()
        || run->arguments.modelNameOrPath != m_state.job().modelNameOrPath) // another was chosen meanwhile
        return;
    double tokens = 0;
    int64_t steps = 0;
    for (const auto& event : run->events) {
        if (const auto* step = std::get_if<StepEvent>(&event)) {
            tokens += step->tokensPerSecond;
            ++steps;
        }
    }
    if (steps > 0) {
        const auto cost = operationsPerToken(*m_state.modelInfo(), run->arguments);
        rememberSpeed(
            m_state.settings(), run->arguments.device, cost, tokens / static_cast<double>(steps) * cost);
    }
    showEstimate();
}

void SettingsPanel::showEstimate()
{
    const bool running = m_state.training().isRunning();
    m_estimateLabel->setVisible(!running);
    const auto problem = obstacle();
    const bool waiting = m_state.data().isLoading() || m_state.isInspectingModel();
    m_obstacleLabel->setText(problem);
    m_obstacleLabel->setVisible(!running && !problem.isEmpty());
    m_advanced->setTexts(tr("Advanced"), advancedSummary());
    m_start->setEnabled(problem.isEmpty());
    m_start->setToolTip(problem.isEmpty() ? tr("Start training with these settings (F5)") : problem);
    if (m_estimate && problem.isEmpty()) {
        m_estimateLabel->setText(tr("%1 steps on %2 texts, %3, %4 memory")
                                     .arg(countText(m_estimate->steps), countText(m_estimate->rows),
                                         roughDurationText(estimatedSeconds()),
                                         bytesText(m_estimate->memoryBytes).replace(u' ', QChar::Nbsp)));
        m_estimateLabel->setToolTip(tr("%1 tokens in a text on average; the time is a first guess until a "
                                       "run of a model of about this size was measured on this machine.")
                                        .arg(significantText(m_estimate->meanTokens)));
    } else {
        m_estimateLabel->setText(waiting ? tr("Looking at model and data…") : QString());
        m_estimateLabel->setToolTip({});
    }
}

void SettingsPanel::retranslate()
{
    setHeading(tr("Settings"));
    m_presetLabel->setText(tr("Preset"));
    const QString names[] = {tr("Quick"), tr("Balanced"), tr("Thorough"), tr("Custom")};
    const QString hints[] = {tr("One epoch, or as many as make 200 steps: a first impression."),
        tr("Three epochs, or as many as make 200 steps: the usual choice."),
        tr("Six epochs with smaller steps; ends early once validation stops improving."),
        tr("Your own values; presets no longer change them.")};
    for (int index = 0; index < m_presetButtons.size(); ++index) {
        m_presetButtons[index]->setText(names[index]);
        describe(m_presetButtons[index], names[index], hints[index]);
    }
    for (auto* field : m_fields)
        field->retranslate();
    for (const auto& [label, group] : m_groupLabels)
        label->setText(argumentGroupLabel(group));
    m_readOnlyLabel->setText(
        tr("Values of the run that is going on. Learning rate, number of steps, evaluation "
           "and patience can be changed now, the others when it has ended."));
    m_apply->setText(tr("&Apply to the run"));
    describe(m_apply, tr("Apply to the run"),
        tr("Use the changed settings from the next step on; a resumed run makes the change at the same "
           "step"));
    m_reset->setText(tr("Back to the defaults"));
    describe(m_reset, m_reset->text(), tr("Every setting back to its default and the balanced preset"));
    m_start->setText(tr("&Start"));
    m_start->setAccessibleName(tr("Start training"));
    m_stop->setText(tr("S&top"));
    describe(m_stop, tr("Stop"), tr("Save a checkpoint and end; the run can be resumed later (Shift+F5)"));
    m_evaluate->setText(tr("&Evaluate now"));
    describe(m_evaluate, tr("Evaluate now"), tr("Evaluate the validation rows at the next step (F7)"));
    m_save->setText(tr("Save &now"));
    describe(m_save, tr("Save now"), tr("Write a checkpoint at the next step (Ctrl+S)"));
    showRunState();
}

} // namespace studio
