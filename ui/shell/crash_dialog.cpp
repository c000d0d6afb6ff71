// SPDX-License-Identifier: MIT
#include "ui/shell/crash_dialog.h"

#include "core/base/crash_report.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "ui/widgets/basics.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/format.h"

#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace studio {

namespace {

struct CrashDialog {
    Q_DECLARE_TR_FUNCTIONS(studio::CrashDialog)
};

/// A report is a few kB; should a file of that name be something else, its beginning is enough.
QString reportText(const std::filesystem::path& file)
{
    constexpr size_t most = 256 * 1024;
    try {
        return QString::fromUtf8(QByteArray::fromStdString(readFile(file).substr(0, most)));
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
}

void showReport(const std::filesystem::path& file, QWidget* parent)
{
    auto* dialog = new QDialog(parent);
    dialog->setObjectName(QStringLiteral("crashDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(CrashDialog::tr("Crash report"));
    auto* place = makeLabel(dialog, "muted");
    place->setText(fromCore(pathText(file)));
    place->setWordWrap(true);
    place->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* text = new QPlainTextEdit(reportText(file), dialog);
    text->setObjectName(QStringLiteral("crashText"));
    text->setAccessibleName(CrashDialog::tr("Crash report"));
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    auto* copy = buttons->addButton(CrashDialog::tr("&Copy"), QDialogButtonBox::ActionRole);
    QObject::connect(copy, &QPushButton::clicked, text,
        [text] { QApplication::clipboard()->setText(text->toPlainText()); });
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(spacing::large, spacing::large, spacing::large, spacing::large);
    layout->setSpacing(spacing::medium);
    layout->addWidget(place);
    layout->addWidget(text, 1);
    layout->addWidget(buttons);
    dialog->resize(820, 560);
    dialog->open();
}

} // namespace

void offerCrashReport(Settings& settings, QWidget* parent)
{
    const auto reports = crashReports(crashFolder(settings.workspaceFolder()));
    if (reports.empty())
        return;
    const auto newest = reports.back();
    const auto name = fromCore(pathText(newest.filename()));
    if (name <= settings.text(Setting::LastCrashReport)) // the time opens the name
        return;
    settings.setValue(Setting::LastCrashReport, name);
    using dialogs::ButtonRole;
    dialogs::ask(parent, CrashDialog::tr("The program crashed"),
        CrashDialog::tr("The program ended unexpectedly the last time and has left a report."),
        {CrashDialog::tr(
            "It holds the version, where the program was, and the last lines of its log. Please add "
            "it when you report the fault. A run that was training can be resumed on the Runs page.")},
        {{CrashDialog::tr("&Show the report"), ButtonRole::Accept},
            {CrashDialog::tr("Close"), ButtonRole::Cancel}},
        [newest, parent](int chosen) {
            if (chosen == 0)
                showReport(newest, parent);
        });
}

} // namespace studio
