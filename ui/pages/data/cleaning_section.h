// SPDX-License-Identifier: MIT
#pragma once

#include "ui/pages/data/data_figures.h"
#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"

#include <optional>

#include <QCheckBox>
#include <QListWidget>

namespace studio {

/// The cleaning steps of the job, and what they do to some of the texts.
class CleaningSection : public Card {
    Q_OBJECT
public:
    CleaningSection(StudioState& state, QWidget* parent);

Q_SIGNALS:
    void rowRequested(studio::DataPart file, qint64 row); ///< from 1

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Step {
        const char* name; ///< as in TrainingArguments::clean
        QCheckBox* box;
    };
    void choose();
    void update();
    void preview();
    void showPreview();
    [[nodiscard]] CleaningOptions options() const;
    void retranslate();

    StudioState& m_state;
    Disclosure* m_section;
    std::vector<Step> m_steps;
    QLabel* m_result;
    QListWidget* m_changes;
    std::shared_ptr<const Table> m_previewedTable;
    CleaningOptions m_previewed;
    std::string m_previewedColumn;
    std::optional<CleaningPreview> m_preview;
    JobSlot m_job;
};

} // namespace studio
