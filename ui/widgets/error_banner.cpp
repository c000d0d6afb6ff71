// SPDX-License-Identifier: MIT
#include "ui/widgets/error_banner.h"

#include "ui/theme/icons.h"
#include "ui/widgets/basics.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace studio {

QString errorHeadline(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Usage:
        return ErrorBanner::tr("The request could not be understood.");
    case ErrorKind::Settings:
        return ErrorBanner::tr("A setting has a value that cannot be used.");
    case ErrorKind::Data:
        return ErrorBanner::tr("The data file cannot be used as it is.");
    case ErrorKind::Checkpoint:
        return ErrorBanner::tr("The model folder cannot be used as it is.");
    case ErrorKind::File:
        return ErrorBanner::tr("A file could not be read or written.");
    case ErrorKind::DiskFull:
        return ErrorBanner::tr("The disk is full. Free some space, then try again.");
    case ErrorKind::OutOfMemory:
        return ErrorBanner::tr(
            "There is not enough memory. Choose a smaller batch size or a shorter maximum length.");
    case ErrorKind::Device:
        return ErrorBanner::tr("The chosen device cannot be used.");
    case ErrorKind::Busy:
        return ErrorBanner::tr("Another process is working in this folder.");
    case ErrorKind::Cancelled:
        return ErrorBanner::tr("It was cancelled.");
    case ErrorKind::Internal:
        return ErrorBanner::tr("Something went wrong inside the program.");
    }
    return {};
}

ErrorBanner::ErrorBanner(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_headline(new QLabel(this))
    , m_fold(makeToolButton(this, QStringLiteral("chevron-right"), QStringLiteral("errorFold")))
    , m_close(makeToolButton(this, QStringLiteral("close"), QStringLiteral("errorClose")))
    , m_copy(new QPushButton(this))
    , m_text(new QPlainTextEdit(this))
    , m_body(new QWidget(this))
{
    setObjectName(QStringLiteral("errorBanner"));
    m_headline->setObjectName(QStringLiteral("errorHeadline"));
    m_headline->setWordWrap(true);
    m_fold->setCheckable(true);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copy->setObjectName(QStringLiteral("errorCopy"));
    m_copy->setIcon(themedIcon(QStringLiteral("copy")));
    m_text->setObjectName(QStringLiteral("errorDetail"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setMaximumHeight(96);
    auto* line = new QHBoxLayout;
    line->setSpacing(spacing::small);
    line->addWidget(m_icon, 0, Qt::AlignVCenter);
    line->addWidget(m_headline, 1);
    line->addWidget(m_fold);
    line->addWidget(m_close);
    auto* body = new QHBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->addWidget(m_text, 1);
    body->addWidget(m_copy, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(spacing::medium, spacing::small, spacing::small, spacing::small);
    layout->addLayout(line);
    layout->addWidget(m_body);
    m_body->hide();
    hide();
    connect(m_fold, &QToolButton::toggled, this, [this](bool open) {
        m_fold->setIcon(themedIcon(open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right")));
        m_body->setVisible(open);
    });
    connect(m_close, &QToolButton::clicked, this, &ErrorBanner::clear);
    connect(m_copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(m_detail); });
    retranslate();
}

void ErrorBanner::showError(ErrorKind kind, const QString& detail)
{
    m_kind = kind;
    m_detail = detail;
    setRole(this, "error");
    present(QStringLiteral("error"), errorHeadline(kind));
}

void ErrorBanner::showWarning(const QString& headline, const QString& detail)
{
    m_kind.reset();
    m_detail = detail;
    setRole(this, "warning");
    present(QStringLiteral("warning"), headline);
}

void ErrorBanner::present(const QString& icon, const QString& headline)
{
    const auto tint = m_kind ? IconTint::Bad : IconTint::Warning;
    m_icon->setPixmap(themedIcon(icon, tint).pixmap(18, 18));
    m_headline->setText(headline);
    m_text->setPlainText(m_detail);
    m_fold->setVisible(!m_detail.isEmpty());
    m_fold->setChecked(false);
    show();
}

void ErrorBanner::unfold()
{
    m_fold->setChecked(!m_detail.isEmpty());
}

void ErrorBanner::clear()
{
    m_kind.reset();
    m_detail.clear();
    hide();
}

QString ErrorBanner::headline() const
{
    return m_headline->text();
}

void ErrorBanner::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QFrame::changeEvent(event);
}

void ErrorBanner::retranslate()
{
    if (m_kind)
        m_headline->setText(errorHeadline(*m_kind));
    m_fold->setText(tr("Details"));
    describe(m_fold, tr("Show or hide the details"));
    describe(m_close, tr("Dismiss"));
    m_copy->setText(tr("Copy"));
    describe(m_copy, tr("Copy the details"));
    m_text->setAccessibleName(tr("Details of the error"));
}

} // namespace studio
