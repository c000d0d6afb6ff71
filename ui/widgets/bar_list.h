// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QString>
#include <QWidget>

namespace studio {

/// One line of a BarList. `share` in [0, 1] is the length of the bar.
struct BarRow {
    QString label;
    double share = 0;
    QString value; ///< shown at the right
    QString toolTip;
    bool emphasized = false; ///< drawn in the accent colour
};

/// Horizontal bars: label, bar, value. Keeps its order and its width of label and value while numbers change.
class BarList : public QWidget {
    Q_OBJECT
public:
    explicit BarList(QWidget* parent = nullptr);
    void setRows(std::vector<BarRow> rows);
    [[nodiscard]] const std::vector<BarRow>& rows() const { return m_rows; }
    /// Text that the value column always has room for, for example "100.0 %".
    void setWidestValue(const QString& text);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void rowClicked(int row);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] int rowHeight() const;
    [[nodiscard]] int rowAt(const QPoint& position) const;

    std::vector<BarRow> m_rows;
    QString m_widestValue;
};

} // namespace studio
