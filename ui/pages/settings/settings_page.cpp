// SPDX-License-Identifier: MIT
#include "ui/pages/settings/settings_page.h"

#include "core/base/file.h"
#include "ui/shell/rail.h"
#include "ui/theme/icons.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"
#include "ui/widgets/wheel_guard.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

namespace studio {

namespace {

QFormLayout* makeForm(Card* card)
{
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(spacing::large);
    form->setVerticalSpacing(spacing::small);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    card->content()->addLayout(form);
    return form;
}

void choose(QComboBox* box, const QString& value)
{
    const QSignalBlocker blocker(box);
    box->setCurrentIndex(qMax(0, box->findData(value)));
}

} // namespace

SettingsPage::SettingsPage(StudioState& state, QWidget* parent)
    : Page(PageId::Settings, state, parent)
    , m_look(new Card(this))
    , m_machine(new Card(this))
    , m_folders(new Card(this))
    , m_questions(new Card(this))
    , m_threads(new QSpinBox(this))
    , m_deviceNote(makeLabel(this, "small"))
    , m_workspace(new QLineEdit(this))
    , m_chooseWorkspace(new QPushButton(this))
    , m_standardWorkspace(new QPushButton(this))
    , m_addRoot(new QPushButton(this))
    , m_removeRoot(new QPushButton(this))
    , m_reset(new QPushButton(this))
    , m_roots(new QListWidget(this))
{
    for (auto** label :
        {&m_languageLabel, &m_themeLabel, &m_deviceLabel, &m_threadsLabel, &m_workspaceLabel, &m_rootsLabel})
        *label = new QLabel(this);
    auto* look = makeForm(m_look);
    m_language = addChoice(look, Setting::Language, QStringLiteral("languageChoice"));
    m_theme = addChoice(look, Setting::ThemeMode, QStringLiteral("themeChoice"));
    auto* machine = makeForm(m_machine);
    m_device = addChoice(machine, Setting::DefaultDevice, QStringLiteral("deviceChoice"));
    m_deviceNote->setWordWrap(true);
    machine->addRow(QString(), m_deviceNote);
    m_threads->setObjectName(QStringLiteral("threadsChoice"));
    m_threads->setRange(0, 1024);
    m_threads->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_threads->setMaximumWidth(120);
    machine->addRow(m_threadsLabel, m_threads);
    m_threadsLabel->setBuddy(m_threads);
    m_keepAwake = addFlag(m_machine->content(), Setting::KeepAwake, QStringLiteral("keepAwake"));
    m_notify = addFlag(m_machine->content(), Setting::NotifyAtEnd, QStringLiteral("notifyAtEnd"));

    m_workspace->setObjectName(QStringLiteral("workspaceFolder"));
    m_workspace->setReadOnly(true);
    m_workspaceLabel->setBuddy(m_workspace);
    m_chooseWorkspace->setObjectName(QStringLiteral("chooseWorkspace"));
    m_chooseWorkspace->setIcon(themedIcon(QStringLiteral("folder")));
    auto* workspace = new QHBoxLayout;
    workspace->addWidget(m_workspace, 1);
    workspace->addWidget(m_chooseWorkspace);
    workspace->addWidget(m_standardWorkspace);
    m_folders->content()->addWidget(m_workspaceLabel);
    m_folders->content()->addLayout(workspace);
    m_roots->setObjectName(QStringLiteral("modelRoots"));
    m_roots->setMaximumHeight(110);
    m_rootsLabel->setBuddy(m_roots);
    m_addRoot->setIcon(themedIcon(QStringLiteral("add")));
    m_removeRoot->setIcon(themedIcon(QStringLiteral("remove")));
    auto* roots = new QHBoxLayout;
    auto* rootButtons = new QVBoxLayout;
    rootButtons->addWidget(m_addRoot);
    rootButtons->addWidget(m_removeRoot);
    rootButtons->addStretch(1);
    roots->addWidget(m_roots, 1);
    roots->addLayout(rootButtons);
    m_folders->content()->addWidget(m_rootsLabel);
    m_folders->content()->addLayout(roots);

    m_confirmClose = addFlag(m_questions->content(), Setting::ConfirmClose, QStringLiteral("confirmClose"));
    m_confirmDelete
        = addFlag(m_questions->content(), Setting::ConfirmDelete, QStringLiteral("confirmDelete"));
    m_reset->setObjectName(QStringLiteral("resetEverything"));
    m_questions->content()->addWidget(m_reset, 0, Qt::AlignLeft);

    auto* scroll = new QScrollArea(content());
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* inner = new QWidget(scroll);
    inner->setObjectName(QStringLiteral("scrollContent"));
    inner->setMaximumWidth(820);
    auto* cards = new QVBoxLayout(inner);
    cards->setContentsMargins(0, 0, spacing::small, 0);
    cards->setSpacing(spacing::medium);
    for (auto* card : {m_look, m_machine, m_folders, m_questions})
        cards->addWidget(card);
    cards->addStretch(1);
    scroll->setWidget(inner);
    leaveWheelToScrolling(inner);
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);

    auto& settings = state.settings();
    connect(m_threads, &QSpinBox::valueChanged, this,
        [&settings](int threads) { settings.setValue(Setting::DefaultThreads, threads); });
    connect(m_chooseWorkspace, &QPushButton::clicked, this, [this, &settings] {
        dialogs::openFolder(this, tr("Choose the workspace folder"),
            [&settings](const QString& folder) { settings.setValue(Setting::Workspace, folder); });
    });
    connect(m_standardWorkspace, &QPushButton::clicked, this,
        [&settings] { settings.setValue(Setting::Workspace, QString()); });
    connect(m_addRoot, &QPushButton::clicked, this, [this, &settings] {
        dialogs::openFolder(this, tr("Choose a folder that holds models"),
            [&settings](const QString& folder) { settings.remember(Setting::ExtraModelRoots, folder, 100); });
    });
    connect(m_removeRoot, &QPushButton::clicked, this, [this, &settings] {
        auto kept = settings.list(Setting::ExtraModelRoots);
        if (const auto* item = m_roots->currentItem())
            kept.removeAll(item->text());
        settings.setValue(Setting::ExtraModelRoots, kept);
    });
    connect(m_roots, &QListWidget::currentRowChanged, this,
        [this](int row) { m_removeRoot->setEnabled(row >= 0); });
    connect(m_reset, &QPushButton::clicked, this, &SettingsPage::askReset);
    connect(&settings, &Settings::changed, this, &SettingsPage::showValues);
    retranslate();
    showValues();
}

QComboBox* SettingsPage::addChoice(QFormLayout* form, Setting setting, const QString& name)
{
    auto* box = new QComboBox(this);
    box->setObjectName(name);
    box->setMinimumWidth(220);
    auto* label = setting == Setting::Language ? m_languageLabel
        : setting == Setting::ThemeMode        ? m_themeLabel
                                               : m_deviceLabel;
    label->setBuddy(box);
    form->addRow(label, box);
    connect(box, &QComboBox::activated, this,
        [this, box, setting](int index) { state().settings().setValue(setting, box->itemData(index)); });
    return box;
}

QCheckBox* SettingsPage::addFlag(QVBoxLayout* layout, Setting setting, const QString& name)
{
    auto* box = new QCheckBox(this);
    box->setObjectName(name);
    layout->addWidget(box);
    connect(box, &QCheckBox::toggled, this,
        [this, setting](bool on) { state().settings().setValue(setting, on); });
    return box;
}

void SettingsPage::activated()
{
    if (!m_devices.empty() || m_deviceJob.isRunning())
        return;
    m_deviceJob.start([](const TaskControl&) { return listDevices(false); },
        [this](std::vector<DeviceInfo> devices) {
            m_devices = std::move(devices);
            fillChoices();
            showDevices();
        });
}

void SettingsPage::showDevices()
{
    QStringList lines;
    for (const auto& device : m_devices) {
        auto line = device.threads > 0
            ? tr("%1: %2, %n cores, %3 memory", nullptr, device.threads)
                  .arg(fromCore(device.id).toUpper(), fromCore(device.name), bytesText(device.memoryBytes))
            : tr("%1: %2, %3 memory")
                  .arg(fromCore(device.id).toUpper(), fromCore(device.name), bytesText(device.memoryBytes));
        lines.append(line);
    }
    m_deviceNote->setText(lines.join(QLatin1Char('\n')));
}

void SettingsPage::fillChoices()
{
    const auto refill = [](QComboBox* box, const QList<std::pair<QString, QString>>& choices) {
        const QSignalBlocker blocker(box);
        box->clear();
        for (const auto& [value, text] : choices)
            box->addItem(text, value);
    };
    // Each language by its own name, whatever the window speaks.
    refill(m_language,
        {{QStringLiteral("system"), tr("Like the system")}, {QStringLiteral("en"), QStringLiteral("English")},
            {QStringLiteral("zh_CN"), QStringLiteral("简体中文")}});
    refill(m_theme,
        {{QStringLiteral("system"), tr("Like the system")}, {QStringLiteral("light"), tr("Light")},
            {QStringLiteral("dark"), tr("Dark")}});
    QList<std::pair<QString, QString>> devices{
        {QStringLiteral("auto"), tr("Automatic: the first GPU, else the CPU")},
        {QStringLiteral("cpu"), tr("CPU")}};
    for (const auto& device : m_devices) {
        if (device.id != "cpu")
            devices.append({fromCore(device.id),
                QStringLiteral("%1 · %2").arg(fromCore(device.id).toUpper(), fromCore(device.name))});
    }
    const auto chosen = state().settings().text(Setting::DefaultDevice);
    if (std::none_of(devices.begin(), devices.end(), [&](const auto& one) { return one.first == chosen; }))
        devices.append({chosen, chosen.toUpper()});
    refill(m_device, devices);
    showValues();
}

void SettingsPage::showValues()
{
    const auto& settings = state().settings();
    choose(m_language, settings.text(Setting::Language));
    choose(m_theme, settings.text(Setting::ThemeMode));
    choose(m_device, settings.text(Setting::DefaultDevice));
    {
        const QSignalBlocker blocker(m_threads);
        m_threads->setValue(settings.value(Setting::DefaultThreads).toInt());
    }
    const std::pair<QCheckBox*, Setting> flags[]
        = {{m_confirmClose, Setting::ConfirmClose}, {m_confirmDelete, Setting::ConfirmDelete},
            {m_notify, Setting::NotifyAtEnd}, {m_keepAwake, Setting::KeepAwake}};
    for (const auto& [box, setting] : flags) {
        const QSignalBlocker blocker(box);
        box->setChecked(settings.flag(setting));
    }
    m_workspace->setText(fromCore(pathText(settings.workspaceFolder())));
    m_workspace->setToolTip(m_workspace->text());
    m_standardWorkspace->setEnabled(!settings.text(Setting::Workspace).isEmpty());
    const auto roots = settings.list(Setting::ExtraModelRoots);
    m_roots->clear();
    m_roots->addItems(roots);
    m_removeRoot->setEnabled(m_roots->currentRow() >= 0);
}

void SettingsPage::askReset()
{
    using dialogs::ButtonRole;
    dialogs::ask(this, tr("Reset all settings"), tr("Put every setting back to its default?"),
        {tr("Runs, models and data files stay as they are.")},
        {{tr("&Reset"), ButtonRole::Destructive}, {tr("Cancel"), ButtonRole::Cancel}}, [this](int chosen) {
            if (chosen == 0)
                state().settings().reset();
        });
}

void SettingsPage::retranslate()
{
    setTitle(pageName(PageId::Settings));
    m_look->setHeading(tr("Window"));
    m_languageLabel->setText(tr("&Language"));
    m_themeLabel->setText(tr("&Theme"));
    m_machine->setHeading(tr("Machine"));
    m_deviceLabel->setText(tr("Default dev&ice"));
    m_threadsLabel->setText(tr("Default thr&eads"));
    m_threads->setSpecialValueText(tr("Automatic"));
    m_keepAwake->setText(tr("Keep the machine &awake while a run is training"));
    m_notify->setText(tr("Say by a desktop &notification that a run has ended"));
    m_folders->setHeading(tr("Folders"));
    m_workspaceLabel->setText(tr("&Workspace: runs and their index are kept here"));
    m_chooseWorkspace->setText(tr("&Choose…"));
    m_standardWorkspace->setText(tr("&Standard"));
    describe(m_standardWorkspace, tr("Use the standard workspace folder"));
    describe(m_chooseWorkspace, tr("Choose the workspace folder"));
    m_rootsLabel->setText(tr("Folders that are searched for &models"));
    m_addRoot->setText(tr("A&dd…"));
    describe(m_addRoot, tr("Add a folder that holds models"));
    m_removeRoot->setText(tr("Rem&ove"));
    describe(m_removeRoot, tr("Take the folder off the list"));
    m_questions->setHeading(tr("Questions"));
    m_confirmClose->setText(tr("Ask before closing while a run is training"));
    m_confirmDelete->setText(tr("Ask before a run is moved to the wastebasket"));
    m_reset->setText(tr("Reset all settin&gs…"));
    m_language->setAccessibleName(tr("Language"));
    m_theme->setAccessibleName(tr("Theme"));
    m_device->setAccessibleName(tr("Default device"));
    m_threads->setAccessibleName(tr("Default threads"));
    m_workspace->setAccessibleName(tr("Workspace folder"));
    m_roots->setAccessibleName(tr("Folders that are searched for models"));
    fillChoices();
    showDevices();
}

} // namespace studio
