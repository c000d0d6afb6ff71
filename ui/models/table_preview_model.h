// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/dataset.h"
#include "core/data/table.h"
#include "ui/session/job_slot.h"

#include <list>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include <QAbstractTableModel>
#include <QColor>
#include <QStringList>

namespace studio {

/// The rows of a data file for a view, however many there are: blocks of rows are read in the background and
/// kept in a small cache, so that neither a long row nor a slow disk holds up the window. A row that is not
/// there yet reads "…". Display text is one line, cut; Qt::UserRole holds the cell (cut at 20,000
/// characters).
class TablePreviewModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum class ColumnUse { None, Text, TextPair, Label };

    explicit TablePreviewModel(QObject* parent = nullptr);
    void setTable(std::shared_ptr<const Table> table);
    [[nodiscard]] const std::shared_ptr<const Table>& table() const { return m_table; }
    void setMapping(const ColumnMapping& mapping);
    [[nodiscard]] ColumnUse columnUse(int column) const;
    /// Tints follow this palette's theme.
    void setPalette(const QPalette& palette);
    /// Texts that stand for themselves in another language come again.
    void retranslate();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        QStringList cells;
        std::optional<TableIssue::Kind> issue;
    };
    using Block = std::vector<Row>;

    [[nodiscard]] const Row* row(int row) const; ///< null: asked for, comes later
    void readWanted() const;
    void takeIn(std::unordered_map<int, Block> blocks);
    [[nodiscard]] QColor tint(int column) const;

    std::shared_ptr<const Table> m_table;
    int m_rows = 0, m_columns = 0;
    std::vector<ColumnUse> m_uses;
    QColor m_textTint, m_pairTint, m_labelTint, m_warning;
    mutable std::unordered_map<int, Block> m_blocks;
    mutable std::list<int> m_order; ///< of blocks, the oldest first
    mutable std::vector<int> m_wanted; ///< blocks asked for, the newest last
    mutable bool m_asked = false;
    std::unique_ptr<JobSlot> m_read;
};

} // namespace studio
