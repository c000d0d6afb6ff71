// SPDX-License-Identifier: MIT
#pragma once

#include "ui/session/studio_state.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/error_banner.h"

#include <QWidget>

class QHBoxLayout;
class QStackedWidget;
class QVBoxLayout;

namespace studio {

/// A page of the window: title and context actions, an error banner, content or an empty state.
///
/// A page builds its widgets in the constructor under content(), calls retranslate() at its end, and sets all
/// texts in retranslate() and nowhere else (values too, by calling its own update functions from there), so
/// that the language can change while it is shown.
class Page : public QWidget {
    Q_OBJECT
public:
    Page(PageId id, StudioState& state, QWidget* parent);
    [[nodiscard]] PageId id() const { return m_id; }
    /// Called when the page comes to the front (each time).
    virtual void activated() { }
    /// The step is done: the rail shows a tick.
    [[nodiscard]] virtual bool isDone() const { return false; }

Q_SIGNALS:
    void doneChanged();

protected:
    virtual void retranslate() = 0;
    void setTitle(const QString& title);
    void addAction(QWidget* widget); ///< at the right of the title
    [[nodiscard]] QWidget* content() const
    {
        return m_content;
    } ///< give it a layout; margins are there already
    [[nodiscard]] ErrorBanner& banner() const { return *m_banner; }
    /// Shows sentence and button instead of the content; `icon` as in resources/icons.
    EmptyState* emptyState(const QString& icon); ///< made once; connect its clicked()
    void setEmpty(bool empty);
    [[nodiscard]] StudioState& state() const { return m_state; }
    void changeEvent(QEvent* event) override;

private:
    PageId m_id;
    StudioState& m_state;
    QLabel* m_title;
    QHBoxLayout* m_actions;
    ErrorBanner* m_banner;
    QStackedWidget* m_stack;
    QWidget* m_content;
    EmptyState* m_empty = nullptr;
};

} // namespace studio
