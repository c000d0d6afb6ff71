// SPDX-License-Identifier: MIT
#include "ui/theme/icons.h"

#include "ui/theme/colors.h"

#include <QApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace studio {

namespace {

QColor tintColor(const ThemeColors& colors, IconTint tint)
{
    switch (tint) {
    case IconTint::Text:
        return colors.text;
    case IconTint::Muted:
        return colors.muted;
    case IconTint::Accent:
        return colors.accent;
    case IconTint::OnAccent:
        return colors.onAccent;
    case IconTint::Good:
        return colors.good;
    case IconTint::Warning:
        return colors.warning;
    case IconTint::Bad:
        return colors.bad;
    }
    return colors.text;
}

/// Paints the SVG in the theme's colour of the moment.
class ThemedIconEngine : public QIconEngine {
public:
    ThemedIconEngine(QString name, IconTint tint)
        : m_name(std::move(name))
        , m_tint(tint)
    {
    }
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const auto scale = painter->device()->devicePixelRatio();
        painter->drawPixmap(rect, scaledPixmap(rect.size(), mode, state, scale));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1);
    }
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        const auto& colors = themeColors(QApplication::palette());
        auto color = tintColor(colors, m_tint);
        if (mode == QIcon::Disabled)
            color = blended(colors.muted, colors.surface, 0.55);
        // Qt hands over device pixels here and expects a pixmap of that size.
        return tintedPixmap(m_name, qRound(qMin(size.width(), size.height()) / scale), color, scale);
    }
    QString key() const override { return QStringLiteral("studio"); }
    QIconEngine* clone() const override { return new ThemedIconEngine(*this); }

private:
    QString m_name;
    IconTint m_tint;
};

} // namespace

QIcon themedIcon(const QString& name, IconTint tint)
{
    return QIcon(new ThemedIconEngine(name, tint));
}

QPixmap tintedPixmap(const QString& name, int size, const QColor& color, qreal scale)
{
    const auto key = QStringLiteral("studio/%1/%2/%3/%4").arg(name).arg(size).arg(color.rgba()).arg(scale);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(qRound(size * scale), qRound(size * scale));
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(QStringLiteral(":/icons/%1.svg").arg(name));
    {
        QPainter painter(&pixmap);
        renderer.render(&painter);
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(pixmap.rect(), color);
    }
    pixmap.setDevicePixelRatio(scale);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QIcon applicationIcon()
{
    return QIcon(QStringLiteral(":/icons/finetune-studio.svg"));
}

} // namespace studio
