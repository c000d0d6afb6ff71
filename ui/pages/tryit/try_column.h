// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"

#include <QElapsedTimer>
#include <QTimer>

class QComboBox;

namespace studio {

class BarList;
class ErrorBanner;
class TokenChips;

/// One model's answer to the text typed: chooser, a bar per class, tokens. The first entry of the chooser is
/// the run in training, with its live weights. Bars keep their places while the person types and are sorted
/// at a pause.
class TryColumn : public Card {
    Q_OBJECT
public:
    /// `slot` tells the questions of several columns apart (0 or 1).
    TryColumn(StudioState& state, int slot, QWidget* parent);
    void setInput(const TextInput& input); ///< an empty text clears the answer
    void sortBars(); ///< at a pause in typing
    void fillModels();
    void chooseModel(const QString& folder); ///< empty: the run in training
    [[nodiscard]] QString model() const; ///< folder; empty: the run in training
    [[nodiscard]] bool isLive() const;
    void retranslate();

Q_SIGNALS:
    void modelChosen(const QString& folder); ///< by the person, in this column
    void modelChanged(); ///< for whatever reason: chosen, gone, training began or ended

private:
    void ask();
    void askLive();
    void showAnswer(
        const std::vector<std::string>& labels, ProblemType problemType, const Prediction& prediction);
    void showBars();
    void showTokens(const TextAnswer& answer);
    void showStatus();
    void clearAnswer();
    [[nodiscard]] PredictorOptions options() const;
    [[nodiscard]] QString liveText() const;

    StudioState& m_state;
    int m_slot;
    TextInput m_input;
    quint64 m_question = 0, m_liveQuestion = 0, m_tokenQuestion = 0;
    bool m_liveWaiting = false;
    QString m_beforeLive; ///< the model chosen when the run began
    QElapsedTimer m_liveAsked;

    std::vector<std::string> m_labels;
    ProblemType m_problemType = ProblemType::SingleLabel;
    Prediction m_prediction;
    std::vector<size_t> m_order; ///< of the bars
    double m_milliseconds = 0;
    int64_t m_liveStep = 0;
    std::vector<std::string> m_warnings;

    QComboBox* m_models;
    ErrorBanner* m_banner;
    QLabel *m_answer, *m_value, *m_status, *m_tokenHeading, *m_unknown, *m_warning;
    BarList* m_bars;
    TokenChips* m_tokens;
};

} // namespace studio
