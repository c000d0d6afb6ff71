// SPDX-License-Identifier: MIT
#include "ui/shell/about_dialog.h"

#include "ui/theme/icons.h"
#include "ui/widgets/basics.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableWidget>
#include <QVBoxLayout>

namespace studio {

namespace {

struct About {
    Q_DECLARE_TR_FUNCTIONS(studio::About)
};

struct Part {
    const char* name;
    const char* licence;
};

constexpr Part parts[] = {
    {"LibTorch (PyTorch) 2.11", "BSD-3-Clause"},
    {"Qt 6 (Core, Widgets, Svg, DBus)", "LGPL-3.0 / GPL-3.0"},
    {"Qt Charts", "GPL-3.0"},
    {"SentencePiece", "Apache-2.0"},
    {"nlohmann-json", "MIT"},
    {"simdjson", "Apache-2.0"},
    {"spdlog, fmt", "MIT"},
    {"ICU", "Unicode-3.0"},
    {"PCRE2", "BSD-3-Clause"},
    {"SQLite", "Public Domain"},
    {"OpenSSL (libcrypto)", "Apache-2.0"},
    {"all-MiniLM-L6-v2", "Apache-2.0"},
};

} // namespace

void showAboutDialog(QWidget* parent)
{
    auto* dialog = new QDialog(parent);
    dialog->setObjectName(QStringLiteral("aboutDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(About::tr("About FineTune Studio"));
    auto* icon = new QLabel(dialog);
    icon->setPixmap(applicationIcon().pixmap(64, 64));
    auto* title = makeLabel(dialog, "heading");
    title->setText(QStringLiteral("FineTune Studio " STUDIO_VERSION));
    auto* text = makeLabel(dialog);
    text->setWordWrap(true);
    text->setText(About::tr("Fine-tunes language models on your own machine.\n\n"
                            "The sources of FineTune Studio are under the MIT licence. Qt Charts, a part of "
                            "this window, is under "
                            "the GNU General Public License 3.0, so the program as it was built is "
                            "distributed under the terms of "
                            "the GPL-3.0. The parts and their licences:"));
    auto* table = new QTableWidget(static_cast<int>(std::size(parts)), 2, dialog);
    table->setHorizontalHeaderLabels({About::tr("Part"), About::tr("Licence")});
    table->setAccessibleName(About::tr("Parts and licences"));
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionMode(QAbstractItemView::NoSelection);
    table->verticalHeader()->hide();
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table->setTabKeyNavigation(false);
    int row = 0;
    for (const auto& part : parts) {
        table->setItem(row, 0, new QTableWidgetItem(QString::fromLatin1(part.name)));
        table->setItem(row++, 1, new QTableWidgetItem(QString::fromLatin1(part.licence)));
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* header = new QHBoxLayout;
    header->setSpacing(spacing::large);
    header->addWidget(icon, 0, Qt::AlignTop);
    auto* words = new QVBoxLayout;
    words->addWidget(title);
    words->addWidget(text);
    header->addLayout(words, 1);
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(spacing::huge, spacing::huge, spacing::huge, spacing::large);
    layout->setSpacing(spacing::large);
    layout->addLayout(header);
    layout->addWidget(table, 1);
    layout->addWidget(buttons);
    dialog->resize(560, 560);
    dialog->open();
}

} // namespace studio
