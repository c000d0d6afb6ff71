// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include <QStringList>
#include <QWidget>

namespace studio {

/// Confusion matrix as a heat map: rows are true labels, columns predicted ones; the share within the row is
/// the colour, the count (or the share) the text. A click, or arrow keys and Enter, choose a cell, a row or
/// nothing. In a scroll area the labels stay at its top and left.
class ConfusionView : public QWidget {
    Q_OBJECT
public:
    explicit ConfusionView(QWidget* parent = nullptr);
    /// counts[true][predicted]; `rowNames` and `columnNames` beside it.
    void setMatrix(std::vector<std::vector<int64_t>> counts, const QStringList& rowNames,
        const QStringList& columnNames);
    void setShowShares(bool shares);
    void setAxisNames(const QString& trueAxis, const QString& predictedAxis);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    /// -1: none. A chosen row alone has column -1.
    [[nodiscard]] int chosenRow() const { return m_row; }
    [[nodiscard]] int chosenColumn() const { return m_column; }
    void setChoice(int row, int column); ///< without chosen()
    [[nodiscard]] QRect cellRect(int row, int column) const; ///< tests click there

Q_SIGNALS:
    void chosen(int row, int column); ///< -1, -1: nothing

protected:
    void paintEvent(QPaintEvent* event) override;
    void moveEvent(QMoveEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Place {
        int row = -1, column = -1;
    };
    [[nodiscard]] Place placeAt(const QPoint& position) const;
    [[nodiscard]] QPoint scrolled() const; ///< what of the view is out of sight at its left and top
    [[nodiscard]] QSize cellSize() const;
    [[nodiscard]] int headerWidth() const;
    [[nodiscard]] int headerHeight() const;
    [[nodiscard]] double share(int row, int column) const;
    [[nodiscard]] QString cellText(int row, int column) const;
    void choose(int row, int column);

    std::vector<std::vector<int64_t>> m_counts;
    QStringList m_rowNames, m_columnNames;
    QString m_trueAxis, m_predictedAxis;
    bool m_shares = false;
    int m_row = -1, m_column = -1;
};

} // namespace studio
