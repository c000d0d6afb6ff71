// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/devices.h"
#include "ui/shell/page.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace studio {

/// Language, theme, machine, folders, questions; every change takes effect at once.
class SettingsPage : public Page {
    Q_OBJECT
public:
    explicit SettingsPage(StudioState& state, QWidget* parent = nullptr);
    void activated() override;

protected:
    void retranslate() override;

private:
    QComboBox* addChoice(QFormLayout* form, Setting setting, const QString& name);
    QCheckBox* addFlag(QVBoxLayout* layout, Setting setting, const QString& name);
    void showValues();
    void fillChoices();
    void showDevices();
    void askReset();

    Card *m_look, *m_machine, *m_folders, *m_questions;
    QComboBox *m_language, *m_theme, *m_device;
    QSpinBox* m_threads;
    QLabel *m_languageLabel, *m_themeLabel, *m_deviceLabel, *m_threadsLabel, *m_workspaceLabel, *m_rootsLabel;
    QLabel* m_deviceNote;
    QLineEdit* m_workspace;
    QPushButton *m_chooseWorkspace, *m_standardWorkspace, *m_addRoot, *m_removeRoot, *m_reset;
    QListWidget* m_roots;
    QCheckBox *m_confirmClose, *m_confirmDelete, *m_notify, *m_keepAwake;
    JobSlot m_deviceJob;
    std::vector<DeviceInfo> m_devices;
};

} // namespace studio
