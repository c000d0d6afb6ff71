// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

namespace studio {

/// The State column of the runs: icon, state and, for a run that can go on, a Resume button in the row.
class ResumeDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setAvailable(bool available); ///< false while another run trains: no buttons
    [[nodiscard]] QRect buttonRect(const QStyleOptionViewItem& option, const QModelIndex& index) const;

    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

Q_SIGNALS:
    void resumeClicked(const QModelIndex& index);

protected:
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
        const QModelIndex& index) override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
        const QModelIndex& index) override;

private:
    [[nodiscard]] bool hasButton(const QModelIndex& index) const;
    bool m_available = true;
};

} // namespace studio
