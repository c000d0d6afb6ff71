// SPDX-License-Identifier: MIT
#include "ui/widgets/tab_order.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <QGridLayout>
#include <QLayout>
#include <QScrollArea>
#include <QSplitter>

namespace studio {

namespace {

void collect(QWidget* widget, QList<QWidget*>& order);

void collect(QLayout* layout, QList<QWidget*>& order)
{
    QList<int> items(layout->count());
    std::iota(items.begin(), items.end(), 0);
    if (auto* grid = qobject_cast<QGridLayout*>(layout)) {
        const auto place = [grid](int item) {
            int row = 0, column = 0, rows = 0, columns = 0;
            grid->getItemPosition(item, &row, &column, &rows, &columns);
            return std::tuple(row, column);
        };
        std::stable_sort(
            items.begin(), items.end(), [&](int left, int right) { return place(left) < place(right); });
    }
    for (const int index : items) {
        auto* item = layout->itemAt(index);
        if (item->widget())
            collect(item->widget(), order);
        else if (item->layout())
            collect(item->layout(), order);
    }
}

void collect(QWidget* widget, QList<QWidget*>& order)
{
    if (widget->focusPolicy() & Qt::TabFocus) { // what a control is made of is its own affair
        order.append(widget);
    } else if (auto* splitter = qobject_cast<QSplitter*>(widget)) {
        for (int index = 0; index < splitter->count(); ++index)
            collect(splitter->widget(index), order);
    } else if (auto* area = qobject_cast<QScrollArea*>(widget)) {
        if (area->widget())
            collect(area->widget(), order);
    } else if (widget->layout()) {
        collect(widget->layout(), order);
    }
}

} // namespace

void tabInLayoutOrder(QWidget* root)
{
    QList<QWidget*> order;
    collect(root, order);
    for (qsizetype index = 1; index < order.size(); ++index)
        QWidget::setTabOrder(order[index - 1], order[index]);
}

} // namespace studio
