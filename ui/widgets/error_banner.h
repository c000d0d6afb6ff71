// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/error.h"

#include <optional>

#include <QFrame>
#include <QString>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace studio {

/// The translated sentence that a kind of error is shown with.
[[nodiscard]] QString errorHeadline(ErrorKind kind);

/// An error in place: a translated headline, the core's sentence as details that unfold and can be copied.
/// Hidden while there is none. With setWarning() it takes the look of a warning and any headline.
class ErrorBanner : public QFrame {
    Q_OBJECT
public:
    explicit ErrorBanner(QWidget* parent = nullptr);
    void showError(ErrorKind kind, const QString& detail);
    /// A notice in the caller's (translated) words; call again from the caller's retranslate().
    void showWarning(const QString& headline, const QString& detail = {});
    void unfold(); ///< shows the details at once, where there is room for them
    void clear();
    [[nodiscard]] bool isShowing() const { return !isHidden(); }
    [[nodiscard]] QString headline() const;
    [[nodiscard]] QString detail() const { return m_detail; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void present(const QString& icon, const QString& headline);

    std::optional<ErrorKind> m_kind;
    QString m_detail;
    QLabel *m_icon, *m_headline;
    QToolButton *m_fold, *m_close;
    QPushButton* m_copy;
    QPlainTextEdit* m_text;
    QWidget* m_body;
};

} // namespace studio
