// SPDX-License-Identifier: MIT
#pragma once

#include "ui/pages/train/argument_field.h"
#include "ui/session/estimate.h"
#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"

#include <QButtonGroup>
#include <QPushButton>
#include <QRadioButton>
#include <QTimer>

class QGridLayout;
class QScrollArea;

namespace studio {

/// Settings of the run: presets, basic and advanced arguments, what the run will cost, and the buttons that
/// start and steer it. While a run goes on it shows the run's values; those that can change in a run are
/// edited there and handed over by Apply.
class SettingsPanel : public Card {
    Q_OBJECT
public:
    explicit SettingsPanel(StudioState& state, QWidget* parent = nullptr);
    /// Why Start is not available; empty when it is.
    [[nodiscard]] QString obstacle() const;
    [[nodiscard]] const std::optional<TrainingEstimate>& estimate() const { return m_estimate; }
    void retranslate();

Q_SIGNALS:
    void startRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeFields();
    ArgumentField* addField(const std::string& name, QGridLayout* form);
    void takeEdit(const ArgumentInfo& argument, const Json& value);
    void takeBack(ArgumentField* field); ///< what was typed since the keyboard came or Return was pressed
    void fitWidth();
    void findDevices(); ///< for the list of the field, once
    void showValues();
    void showRunState();
    void scheduleEstimate();
    void makeEstimate();
    void showEstimate();
    void limitLength(); ///< to a token of text beside the special ones, and what the model takes
    void learnSpeed();
    void showEdits();
    void applyEdits();
    void takeIn(const QList<TrainEvent>& events); ///< changes that the run has made
    [[nodiscard]] QString advancedSummary() const;
    [[nodiscard]] double estimatedSeconds() const; ///< of m_estimate

    StudioState& m_state;
    QScrollArea* m_scroll = nullptr;
    QLabel* m_presetLabel;
    QButtonGroup* m_presets;
    QList<QRadioButton*> m_presetButtons;
    std::vector<QGridLayout*> m_forms;
    std::vector<ArgumentField*> m_fields;
    std::vector<std::pair<QLabel*, std::string>> m_groupLabels;
    Disclosure* m_advanced;
    QLabel *m_estimateLabel, *m_obstacleLabel, *m_readOnlyLabel;
    QPushButton *m_start, *m_pause, *m_stop, *m_evaluate, *m_save, *m_apply, *m_reset;
    JobSlot m_estimateJob, m_deviceJob;
    bool m_devicesSought = false;
    QTimer m_estimateTimer;
    bool m_estimateMissed = false; ///< asked for during a run: made when that has ended
    std::optional<TrainingEstimate> m_estimate;
    struct BeforeEdit {
        std::string name; ///< of the argument
        Json value;
        QString preset;
    };
    std::optional<BeforeEdit> m_beforeEdit; ///< of the field that is being edited: Esc takes it back
    bool m_showsRun = false; ///< the fields hold the run's values, not the job's
    Json m_edits = Json::object(); ///< of the run that is going on, not applied yet
};

} // namespace studio
