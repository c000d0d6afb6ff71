// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>

namespace studio {

/// Tells the views of a table model that every text may have changed: the language is another one.
inline void announceTexts(QAbstractTableModel& model)
{
    const int rows = model.rowCount(), columns = model.columnCount();
    if (columns == 0)
        return;
    Q_EMIT model.headerDataChanged(Qt::Horizontal, 0, columns - 1);
    if (rows > 0)
        Q_EMIT model.dataChanged(model.index(0, 0), model.index(rows - 1, columns - 1));
}

} // namespace studio
