// SPDX-License-Identifier: MIT
#pragma once

#include "ui/shell/page.h"

class QCheckBox;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;

namespace studio {

class TryColumn;

/// Type a text and see every class with a bar, by one model or two side by side; classify a file of texts.
class TryItPage : public Page {
    Q_OBJECT
public:
    explicit TryItPage(StudioState& state, QWidget* parent = nullptr);
    void activated() override;

protected:
    void retranslate() override;

private:
    void build();
    void textEdited();
    void send();
    void paused(); ///< nothing was typed for a moment
    void fillHistory();
    void showSecond(bool shown);
    void chooseFile();
    void classify(const QString& source, const QString& target);
    void endClassifying();
    void updateFileButton();
    [[nodiscard]] TextInput input() const;

    QTimer m_sendTimer, m_pauseTimer;
    QString m_typed; ///< what the typing that goes on has put into the list of last inputs
    bool m_classifying = false;
    std::stop_source m_classifyStop;
    QString m_fileResult; ///< folder of the last CSV, for the note
    qint64 m_fileRows = 0;

    Card *m_inputCard, *m_historyCard;
    QPlainTextEdit* m_text;
    QLineEdit* m_pair;
    QCheckBox *m_usePair, *m_compare;
    QListWidget* m_history;
    QPushButton *m_clearHistory, *m_fileButton, *m_cancelButton;
    QProgressBar* m_progress;
    QLabel* m_fileNote;
    TryColumn *m_first, *m_second;
};

} // namespace studio
