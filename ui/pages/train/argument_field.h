// SPDX-License-Identifier: MIT
#pragma once

#include "core/train/arguments.h"

#include <optional>

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace studio {

/// Editor of one argument: a line for numbers and texts, a list for choices, a box for yes or no. A value
/// that cannot be used is marked, with the allowed range below.
class ArgumentField : public QWidget {
    Q_OBJECT
public:
    ArgumentField(const ArgumentInfo& argument, QWidget* parent = nullptr);
    [[nodiscard]] const ArgumentInfo& argument() const { return m_argument; }
    [[nodiscard]] QLabel* label() const { return m_label; } ///< for the form's left column
    /// Further choices of a list that may also be written freely (devices, metrics).
    void setSuggestions(const std::vector<std::string>& values);
    void setValue(const Json& value); ///< does not say edited(); an editor in use is left alone
    void restore(const Json& value); ///< the same, whatever was being typed
    /// What model and data allow within the argument's own range; the value that leaves the choice to the
    /// program is always allowed.
    void setLimits(std::optional<double> least, std::optional<double> most);
    [[nodiscard]] bool isValid() const { return m_problem.isEmpty(); }
    [[nodiscard]] QString problem() const { return m_problem; }
    void setReadOnly(bool readOnly);
    void retranslate();

Q_SIGNALS:
    void edited(const std::string& name, const studio::Json& value); ///< a value that can be used
    void validityChanged();
    void returnPressed();
    void escaped(); ///< what was typed is not wanted
    void left(); ///< the keyboard goes elsewhere in the window

protected:
    bool eventFilter(QObject* watched, QEvent* event) override; ///< of the line

private:
    void commit(const Json& value);
    void setProblem(const QString& problem);
    void check(); ///< marks what is in the field, if it cannot be used
    [[nodiscard]] bool canBeUsed(const Json& value) const;
    [[nodiscard]] QString rangeText() const;
    void showUnit();
    [[nodiscard]] QString lineText() const; ///< of the value; empty where the placeholder says it
    void fillChoices();
    [[nodiscard]] QWidget* editor() const;

    const ArgumentInfo& m_argument;
    QLabel *m_label, *m_unit, *m_hint;
    QLineEdit* m_line = nullptr;
    QComboBox* m_list = nullptr;
    QCheckBox* m_box = nullptr;
    std::vector<std::string> m_suggestions;
    std::optional<double> m_least, m_most;
    Json m_value;
    std::optional<Json> m_refused; ///< what was typed instead and cannot be used
    QString m_problem;
};

} // namespace studio
