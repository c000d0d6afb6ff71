// SPDX-License-Identifier: MIT
#include "ui/models/table_preview_model.h"

#include "ui/theme/colors.h"
#include "ui/widgets/format.h"

#include <algorithm>
#include <limits>

#include <QTimer>

namespace studio {

namespace {

constexpr int blockRows = 64;
constexpr size_t keptBlocks = 64;
constexpr qsizetype keptCharacters = 20'000;
constexpr qsizetype shownCharacters = 300;

QString cellText(const std::string& cell)
{
    // A character has at most four bytes: nothing that is kept is lost by the first cut.
    const auto bytes = static_cast<qsizetype>(std::min(cell.size(), static_cast<size_t>(4 * keptCharacters)));
    auto text = QString::fromUtf8(cell.data(), bytes);
    if (text.size() > keptCharacters)
        text = text.left(keptCharacters) + QChar(0x2026);
    return text;
}

QString oneLine(const QString& text)
{
    auto line = text.left(shownCharacters);
    for (auto& character : line) {
        if (character == QLatin1Char('\n') || character == QLatin1Char('\r')
            || character == QChar::ParagraphSeparator || character == QChar::LineSeparator)
            character = QChar(0x21B5); // ↵
        else if (character == QLatin1Char('\t'))
            character = QLatin1Char(' ');
    }
    if (text.size() > shownCharacters)
        line += QChar(0x2026);
    return line;
}

} // namespace

TablePreviewModel::TablePreviewModel(QObject* parent)
    : QAbstractTableModel(parent)
    , m_read(std::make_unique<JobSlot>())
{
}

void TablePreviewModel::setTable(std::shared_ptr<const Table> table)
{
    if (table == m_table)
        return;
    beginResetModel();
    m_read->cancel();
    m_blocks.clear();
    m_order.clear();
    m_wanted.clear();
    m_uses.clear();
    m_table = std::move(table);
    m_rows = m_table
        ? static_cast<int>(std::min<int64_t>(m_table->rowCount(), std::numeric_limits<int>::max() - 1))
        : 0;
    m_columns = m_table ? static_cast<int>(m_table->info().columns.size()) : 0;
    m_uses.assign(static_cast<size_t>(m_columns), ColumnUse::None);
    endResetModel();
}

void TablePreviewModel::setMapping(const ColumnMapping& mapping)
{
    if (!m_table)
        return;
    std::vector<ColumnUse> uses(m_uses.size(), ColumnUse::None);
    const auto mark = [&](const std::string& name, ColumnUse use) {
        if (name.empty())
            return;
        try {
            uses[static_cast<size_t>(m_table->columnIndex(name))] = use;
        } catch (const Error&) {
            // The mapping names a column of another file; the session reports that.
        }
    };
    for (const auto& name : mapping.labels)
        mark(name, ColumnUse::Label);
    mark(mapping.textPair, ColumnUse::TextPair);
    mark(mapping.text, ColumnUse::Text);
    if (uses == m_uses)
        return;
    m_uses = std::move(uses);
    if (m_columns > 0) {
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, m_columns - 1);
        if (m_rows > 0)
            Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, m_columns - 1), {Qt::BackgroundRole});
    }
}

TablePreviewModel::ColumnUse TablePreviewModel::columnUse(int column) const
{
    return column >= 0 && column < m_columns ? m_uses[static_cast<size_t>(column)] : ColumnUse::None;
}

void TablePreviewModel::setPalette(const QPalette& palette)
{
    const auto& colors = themeColors(palette);
    const auto soft
        = [&](const QColor& color) { return blended(color, colors.surface, colors.dark ? 0.20 : 0.10); };
    m_textTint = soft(colors.accent);
    m_pairTint = soft(colors.third);
    m_labelTint = soft(colors.validation);
    m_warning = colors.warning;
    if (m_rows > 0 && m_columns > 0)
        Q_EMIT dataChanged(
            index(0, 0), index(m_rows - 1, m_columns - 1), {Qt::BackgroundRole, Qt::ForegroundRole});
}

void TablePreviewModel::retranslate()
{
    if (m_columns > 0)
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, m_columns - 1);
}

int TablePreviewModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int TablePreviewModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_columns;
}

const TablePreviewModel::Row* TablePreviewModel::row(int row) const
{
    const int block = row / blockRows;
    if (const auto found = m_blocks.find(block); found != m_blocks.end()) {
        const auto within = static_cast<size_t>(row % blockRows);
        return within < found->second.size() ? &found->second[within] : nullptr;
    }
    std::erase(m_wanted, block);
    m_wanted.push_back(block);
    if (!m_asked && !m_read->isRunning()) {
        m_asked = true; // after the view has asked for all that it shows
        QTimer::singleShot(0, this, [this] {
            m_asked = false;
            readWanted();
        });
    }
    return nullptr;
}

void TablePreviewModel::readWanted() const
{
    if (!m_table || m_wanted.empty() || m_read->isRunning())
        return;
    // What was asked for last is what is on the screen now; older wishes were scrolled past.
    constexpr size_t atOnce = 4;
    const auto count = std::min(atOnce, m_wanted.size());
    const std::vector<int> blocks(m_wanted.end() - static_cast<ptrdiff_t>(count), m_wanted.end());
    m_wanted.clear();
    auto* self = const_cast<TablePreviewModel*>(this); // a cache: filling it changes no fact
    m_read->start(
        [table = m_table, blocks](const TaskControl& control) {
            std::unordered_map<int, Block> read;
            for (const int block : blocks) {
                Block rows;
                const auto begin = static_cast<int64_t>(block) * blockRows;
                const auto end = std::min(begin + blockRows, table->rowCount());
                for (auto number = begin; number < end; ++number) {
                    control.throwIfStopped();
                    Row one;
                    for (const auto& cell : table->row(number))
                        one.cells.append(cellText(cell));
                    one.issue = table->rowIssue(number);
                    rows.push_back(std::move(one));
                }
                read.emplace(block, std::move(rows));
            }
            return read;
        },
        [self](std::unordered_map<int, Block> read) { self->takeIn(std::move(read)); });
}

void TablePreviewModel::takeIn(std::unordered_map<int, Block> blocks)
{
    for (auto& [block, rows] : blocks) {
        const int first = block * blockRows;
        const int last = first + static_cast<int>(rows.size()) - 1;
        if (m_blocks.insert_or_assign(block, std::move(rows)).second)
            m_order.push_back(block);
        if (last >= first && m_columns > 0) {
            Q_EMIT dataChanged(index(first, 0), index(last, m_columns - 1));
            Q_EMIT headerDataChanged(Qt::Vertical, first, last);
        }
    }
    while (m_order.size() > keptBlocks) {
        m_blocks.erase(m_order.front());
        m_order.pop_front();
    }
    readWanted();
}

QVariant TablePreviewModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::BackgroundRole) {
        const auto color = tint(index.column());
        return color.isValid() ? QVariant(QBrush(color)) : QVariant();
    }
    if (role != Qt::DisplayRole && role != Qt::UserRole && role != Qt::ToolTipRole
        && role != Qt::ForegroundRole)
        return {};
    const auto* found = row(index.row());
    if (role == Qt::ForegroundRole)
        return found && found->issue ? QVariant(QBrush(m_warning)) : QVariant();
    if (!found)
        return role == Qt::DisplayRole ? QVariant(QString(QChar(0x2026))) : QVariant();
    const auto cell = found->cells.value(index.column());
    if (role == Qt::UserRole)
        return cell;
    if (role == Qt::DisplayRole)
        return oneLine(cell);
    return toolTipText(cell);
}

QVariant TablePreviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical) {
        if (role == Qt::DisplayRole)
            return countText(section + 1);
        if (role == Qt::UserRole)
            return section + 1;
        return {};
    }
    if (!m_table || section < 0 || section >= m_columns)
        return {};
    const auto name = fromCore(m_table->info().columns[static_cast<size_t>(section)]);
    if (role == Qt::UserRole)
        return name;
    if (role == Qt::BackgroundRole) {
        const auto color = tint(section);
        return color.isValid() ? QVariant(QBrush(color)) : QVariant();
    }
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (columnUse(section)) {
    case ColumnUse::Text:
        //: header of the column that holds the texts; %1 is its name
        return tr("%1 · text").arg(name);
    case ColumnUse::TextPair:
        //: header of the column that holds the second text of a pair
        return tr("%1 · second text").arg(name);
    case ColumnUse::Label:
        //: header of the column that holds the labels
        return tr("%1 · label").arg(name);
    case ColumnUse::None:
        break;
    }
    return name;
}

QColor TablePreviewModel::tint(int column) const
{
    switch (columnUse(column)) {
    case ColumnUse::Text:
        return m_textTint;
    case ColumnUse::TextPair:
        return m_pairTint;
    case ColumnUse::Label:
        return m_labelTint;
    case ColumnUse::None:
        break;
    }
    return {};
}

} // namespace studio
