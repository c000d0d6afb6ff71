// SPDX-License-Identifier: MIT
#include "ui/pages/results/confusion_view.h"

#include "ui/theme/colors.h"
#include "ui/widgets/format.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

namespace studio {

namespace {
constexpr int gap = 2, axisHeight = 20, widestLabel = 140;

/// Relative luminance (WCAG 2).
double luminance(const QColor& color)
{
    const auto linear = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

/// The first of the theme's two text colours, white and black with a contrast of 4.5 : 1, which one of them
/// has.
QColor readableOn(const QColor& tint, const ThemeColors& colors)
{
    const auto contrast = [&](const QColor& text) {
        const double a = luminance(text) + 0.05, b = luminance(tint) + 0.05;
        return std::max(a, b) / std::min(a, b);
    };
    for (const QColor& text : {colors.text, colors.onAccent, QColor(Qt::white)}) {
        if (contrast(text) >= 4.5)
            return text;
    }
    return Qt::black;
}
} // namespace

ConfusionView::ConfusionView(QWidget* parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ConfusionView::setMatrix(
    std::vector<std::vector<int64_t>> counts, const QStringList& rowNames, const QStringList& columnNames)
{
    m_counts = std::move(counts);
    m_rowNames = rowNames;
    m_columnNames = columnNames;
    m_row = m_column = -1;
    updateGeometry();
    update();
}

void ConfusionView::setShowShares(bool shares)
{
    m_shares = shares;
    update();
}

void ConfusionView::setAxisNames(const QString& trueAxis, const QString& predictedAxis)
{
    m_trueAxis = trueAxis;
    m_predictedAxis = predictedAxis;
    updateGeometry();
    update();
}

double ConfusionView::share(int row, int column) const
{
    int64_t total = 0;
    for (const auto count : m_counts[static_cast<size_t>(row)])
        total += count;
    const auto count = m_counts[static_cast<size_t>(row)][static_cast<size_t>(column)];
    return total > 0 ? static_cast<double>(count) / static_cast<double>(total) : 0;
}

QString ConfusionView::cellText(int row, int column) const
{
    return m_shares ? percentText(share(row, column))
                    : countText(m_counts[static_cast<size_t>(row)][static_cast<size_t>(column)]);
}

int ConfusionView::headerWidth() const
{
    int widest = fontMetrics().horizontalAdvance(m_trueAxis);
    for (const auto& name : m_rowNames)
        widest = std::max(widest, fontMetrics().horizontalAdvance(name));
    return std::min(widest, widestLabel) + 12;
}

int ConfusionView::headerHeight() const
{
    return axisHeight + fontMetrics().height() + 6;
}

QSize ConfusionView::cellSize() const
{
    const int rows = std::max<int>(1, static_cast<int>(m_rowNames.size()));
    const int columns = std::max<int>(1, static_cast<int>(m_columnNames.size()));
    return {std::clamp((width() - headerWidth()) / columns, 48, 150),
        std::clamp((height() - headerHeight()) / rows, 30, 84)};
}

QSize ConfusionView::minimumSizeHint() const
{
    return {headerWidth() + 48 * static_cast<int>(m_columnNames.size()) + 2,
        headerHeight() + 30 * static_cast<int>(m_rowNames.size()) + 2};
}

QSize ConfusionView::sizeHint() const
{
    return {headerWidth() + 90 * static_cast<int>(m_columnNames.size()) + 2,
        headerHeight() + 48 * static_cast<int>(m_rowNames.size()) + 2};
}

QRect ConfusionView::cellRect(int row, int column) const
{
    const auto size = cellSize();
    return {headerWidth() + column * size.width(), headerHeight() + row * size.height(), size.width() - gap,
        size.height() - gap};
}

QPoint ConfusionView::scrolled() const
{
    return {std::max(0, -x()), std::max(0, -y())};
}

void ConfusionView::moveEvent(QMoveEvent* event)
{
    QWidget::moveEvent(event);
    update(); // the labels stay where they are
}

void ConfusionView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    updateGeometry(); // a scroll area that is hidden hears of no other size
}

void ConfusionView::paintEvent(QPaintEvent*)
{
    const auto& colors = themeColors(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto metrics = fontMetrics();
    const auto size = cellSize();
    const auto origin = scrolled();
    const QPoint firstShown(origin.x() + headerWidth(), origin.y() + headerHeight());
    painter.setPen(colors.muted);
    painter.drawText(
        QRect(origin.x(), origin.y() + axisHeight, headerWidth() - 8, headerHeight() - axisHeight),
        Qt::AlignRight | Qt::AlignVCenter, metrics.elidedText(m_trueAxis, Qt::ElideRight, headerWidth() - 8));
    painter.drawText(QRect(firstShown.x(), origin.y(),
                         std::max(size.width() * static_cast<int>(m_columnNames.size()), 80), axisHeight),
        Qt::AlignLeft | Qt::AlignVCenter, m_predictedAxis);
    painter.setPen(colors.text);
    painter.setClipRect(QRect(firstShown.x(), origin.y(), width(), headerHeight()));
    for (int column = 0; column < m_columnNames.size(); ++column) {
        const QRect cell = cellRect(0, column);
        painter.drawText(QRect(cell.x(), origin.y() + axisHeight, cell.width(), headerHeight() - axisHeight),
            Qt::AlignCenter, metrics.elidedText(m_columnNames[column], Qt::ElideRight, cell.width() - 4));
    }
    painter.setClipRect(QRect(origin.x(), firstShown.y(), headerWidth(), height()));
    for (int row = 0; row < m_rowNames.size(); ++row) {
        const QRect first = cellRect(row, 0);
        const bool wholeRow = row == m_row && m_column < 0;
        painter.setPen(wholeRow ? colors.accent : colors.text);
        painter.drawText(QRect(origin.x(), first.y(), headerWidth() - 8, first.height()),
            Qt::AlignRight | Qt::AlignVCenter,
            metrics.elidedText(m_rowNames[row], Qt::ElideRight, headerWidth() - 8));
    }
    painter.setClipRect(QRect(firstShown, this->size()));
    for (int row = 0; row < m_rowNames.size(); ++row) {
        for (int column = 0; column < m_columnNames.size(); ++column) {
            const QRect cell = cellRect(row, column);
            const auto tint = blended(colors.accent, colors.surface, 0.06 + 0.94 * share(row, column));
            painter.setPen(Qt::NoPen);
            painter.setBrush(tint);
            painter.drawRoundedRect(cell, 3, 3);
            painter.setPen(readableOn(tint, colors));
            painter.drawText(cell, Qt::AlignCenter, cellText(row, column));
            if (row == m_row && (column == m_column || m_column < 0)) {
                painter.setBrush(Qt::NoBrush);
                painter.setPen(QPen(colors.text, 2));
                painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 3, 3);
            }
        }
    }
    painter.setClipping(false);
    if (hasFocus() && m_row < 0) { // later the frame of the cell shows where the keyboard is
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colors.accent, 1, Qt::DotLine));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

ConfusionView::Place ConfusionView::placeAt(const QPoint& position) const
{
    const auto size = cellSize();
    const auto inSight = position - scrolled();
    if (inSight.y() < headerHeight())
        return {};
    const int row = (position.y() - headerHeight()) / size.height();
    if (row >= m_rowNames.size())
        return {};
    if (inSight.x() < headerWidth())
        return {row, -1};
    const int column = (position.x() - headerWidth()) / size.width();
    return column < m_columnNames.size() ? Place{row, column} : Place{};
}

void ConfusionView::choose(int row, int column)
{
    if (row == m_row && column == m_column)
        row = column = -1; // the same again: everything
    setChoice(row, column);
    Q_EMIT chosen(row, column);
}

void ConfusionView::setChoice(int row, int column)
{
    m_row = row;
    m_column = column;
    update();
}

void ConfusionView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const auto place = placeAt(event->pos());
    if (place.row >= 0)
        choose(place.row, place.column);
}

void ConfusionView::keyPressEvent(QKeyEvent* event)
{
    const int rows = static_cast<int>(m_rowNames.size()), columns = static_cast<int>(m_columnNames.size());
    int row = std::max(m_row, 0), column = m_column;
    switch (event->key()) {
    case Qt::Key_Left:
        column = std::max(column - 1, -1);
        break;
    case Qt::Key_Right:
        column = std::min(column + 1, columns - 1);
        break;
    case Qt::Key_Up:
        row = std::max(row - 1, 0);
        break;
    case Qt::Key_Down:
        row = m_row < 0 ? 0 : std::min(row + 1, rows - 1);
        break;
    case Qt::Key_Escape:
        if (m_row < 0) {
            QWidget::keyPressEvent(event);
            return;
        }
        choose(m_row, m_column);
        return;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    if (rows > 0 && (row != m_row || column != m_column))
        choose(row, column);
}

bool ConfusionView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto place = placeAt(help->pos());
        if (place.row < 0 || place.column < 0) {
            QToolTip::hideText();
            return true;
        }
        const auto count = m_counts[static_cast<size_t>(place.row)][static_cast<size_t>(place.column)];
        QToolTip::showText(help->globalPos(),
            tr("True: %1, predicted: %2: %3, %4 of the row")
                .arg(m_rowNames[place.row], m_columnNames[place.column],
                    tr("%Ln row(s)", nullptr, static_cast<int>(count)),
                    percentText(share(place.row, place.column))),
            this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace studio
