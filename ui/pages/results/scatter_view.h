// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <QString>
#include <QWidget>

namespace studio {

/// Regression: predicted value against true value, with the line where both are equal. A click chooses a
/// point.
class ScatterView : public QWidget {
    Q_OBJECT
public:
    struct Point {
        double truth = 0, predicted = 0;
        int row = 0; ///< the caller's number of it
    };
    explicit ScatterView(QWidget* parent = nullptr);
    void setPoints(std::vector<Point> points);
    void setAxisNames(const QString& truth, const QString& predicted);
    [[nodiscard]] QSize sizeHint() const override { return {360, 260}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 140}; }

Q_SIGNALS:
    void pointChosen(int row);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] QRectF plotArea() const;
    [[nodiscard]] QPointF position(const Point& point) const;

    std::vector<Point> m_points;
    QString m_truth, m_predicted;
    double m_low = 0, m_high = 1;
    int m_chosen = -1;
};

} // namespace studio
