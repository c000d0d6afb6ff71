// SPDX-License-Identifier: MIT
#include "ui/pages/tryit/token_chips.h"

#include "ui/theme/colors.h"
#include "ui/widgets/format.h"

#include <algorithm>

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace studio {

namespace {
constexpr size_t mostChips = 600;
constexpr int gap = 4, padding = 6;
} // namespace

TokenChips::TokenChips(QWidget* parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void TokenChips::setEncoding(const Encoding& encoding, std::optional<int32_t> unknownId)
{
    m_encoding = encoding;
    m_unknownId = unknownId;
    m_places = layOut(width());
    setMinimumHeight(heightForWidth(width()));
    update();
}

void TokenChips::clear()
{
    setEncoding({}, std::nullopt);
}

int TokenChips::unknownCount() const
{
    return m_unknownId
        ? static_cast<int>(std::count(m_encoding.ids.begin(), m_encoding.ids.end(), *m_unknownId))
        : 0;
}

QString TokenChips::chipText(size_t index) const
{
    if (index == mostChips)
        return tr("… %n more", nullptr, static_cast<int>(m_encoding.ids.size() - mostChips));
    return fromCore(m_encoding.tokens[index]);
}

std::vector<QRect> TokenChips::layOut(int width) const
{
    const auto metrics = fontMetrics();
    const int height = metrics.height() + 6;
    const size_t count = std::min(m_encoding.ids.size(), mostChips + 1);
    std::vector<QRect> places;
    places.reserve(count);
    int x = 0, y = 0;
    for (size_t i = 0; i < count; ++i) {
        const int wanted
            = std::min(metrics.horizontalAdvance(chipText(i)) + 2 * padding, std::max(width, 40));
        if (x > 0 && x + wanted > width) {
            x = 0;
            y += height + gap;
        }
        places.emplace_back(x, y, wanted, height);
        x += wanted + gap;
    }
    return places;
}

int TokenChips::heightForWidth(int width) const
{
    const auto places = layOut(width);
    return places.empty() ? fontMetrics().height() + 6 : places.back().bottom() + 1;
}

QSize TokenChips::sizeHint() const
{
    return {300, heightForWidth(std::max(width(), 300))};
}

void TokenChips::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_places = layOut(width());
    setMinimumHeight(heightForWidth(width()));
}

void TokenChips::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LanguageChange) {
        m_places = layOut(width());
        update();
    }
}

void TokenChips::paintEvent(QPaintEvent*)
{
    const auto& colors = themeColors(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (size_t i = 0; i < m_places.size(); ++i) {
        const bool more = i == mostChips;
        const bool special
            = more || (i < m_encoding.specialTokensMask.size() && m_encoding.specialTokensMask[i] != 0);
        const bool unknown = !more && m_unknownId && m_encoding.ids[i] == *m_unknownId;
        const bool second = !more && i < m_encoding.sequenceIds.size() && m_encoding.sequenceIds[i] == 1;
        const auto ink = unknown ? colors.warning : special ? colors.muted : colors.text;
        const auto& hue = unknown ? colors.warning : second ? colors.validation : colors.accent;
        painter.setPen(unknown ? QPen(colors.warning) : Qt::NoPen);
        painter.setBrush(
            special && !unknown ? QBrush(colors.window) : QBrush(blended(hue, colors.surface, 0.12)));
        painter.drawRoundedRect(QRectF(m_places[i]).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        painter.setPen(ink);
        painter.drawText(m_places[i].adjusted(padding, 0, -padding, 0), Qt::AlignCenter,
            fontMetrics().elidedText(chipText(i), Qt::ElideRight, m_places[i].width() - 2 * padding + 2));
    }
}

bool TokenChips::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (size_t i = 0; i < std::min(m_places.size(), mostChips); ++i) {
        if (!m_places[i].contains(help->pos()))
            continue;
        const auto& span = m_encoding.offsets[i];
        QToolTip::showText(help->globalPos(),
            span.start == span.end ? tr("%1: id %2").arg(chipText(i)).arg(m_encoding.ids[i])
                                   : tr("%1: id %2, characters %3 to %4")
                                         .arg(chipText(i))
                                         .arg(m_encoding.ids[i])
                                         .arg(span.start + 1)
                                         .arg(span.end),
            this);
        return true;
    }
    QToolTip::hideText();
    return true;
}

} // namespace studio
