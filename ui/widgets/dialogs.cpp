// SPDX-License-Identifier: MIT
#include "ui/widgets/dialogs.h"

#include "ui/theme/icons.h"

#include <algorithm>

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>

namespace studio::dialogs {

namespace {

constexpr QSize dialogSize{860, 560};

struct Prepared {
    std::optional<QString> path;
    std::optional<int> answer;
    QString question;
};

Prepared& prepared()
{
    static Prepared state;
    return state;
}

bool answeredByTest(const PathDone& done)
{
    auto& next = prepared().path;
    if (!next)
        return false;
    const auto path = *std::exchange(next, std::nullopt);
    if (!path.isEmpty())
        done(path);
    return true;
}

QString& rememberedFolder()
{
    static QString folder;
    return folder;
}

QFileDialog* makeDialog(QWidget* parent, const QString& title, const QString& filter = {})
{
    auto* dialog = new QFileDialog(parent, title, lastFolder(), filter);
    dialog->resize(dialogSize);
    return dialog;
}

void show(QFileDialog* dialog, const PathDone& done)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog->parentWidget(), [done](const QString& path) {
        setLastFolder(QFileInfo(path).absolutePath());
        done(path);
    });
    dialog->open();
}

} // namespace

QString lastFolder()
{
    const auto& folder = rememberedFolder();
    return QFileInfo(folder).isDir() ? folder : QString();
}

void setLastFolder(const QString& folder)
{
    rememberedFolder() = folder;
}

void openFile(QWidget* parent, const QString& title, const QString& filter, PathDone done)
{
    prepared().question = title;
    if (answeredByTest(done))
        return;
    auto* dialog = makeDialog(parent, title, filter);
    dialog->setFileMode(QFileDialog::ExistingFile);
    show(dialog, done);
}

void saveFile(
    QWidget* parent, const QString& title, const QString& suggestion, const QString& filter, PathDone done)
{
    if (answeredByTest(done))
        return;
    auto* dialog = makeDialog(parent, title, filter);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->selectFile(suggestion);
    dialog->setDefaultSuffix(suggestion.section(QLatin1Char('.'), -1));
    show(dialog, done);
}

void openFolder(QWidget* parent, const QString& title, PathDone done)
{
    if (answeredByTest(done))
        return;
    auto* dialog = makeDialog(parent, title);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    show(dialog, done);
}

void ask(QWidget* parent, const QString& title, const QString& question, const QStringList& details,
    const QList<Choice>& choices, std::function<void(int)> done)
{
    prepared().question = question;
    if (prepared().answer) {
        done(*std::exchange(prepared().answer, std::nullopt));
        return;
    }
    auto* box = new QMessageBox(QMessageBox::Question, title, question, QMessageBox::NoButton, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    const bool destructive = std::any_of(choices.begin(), choices.end(),
        [](const Choice& choice) { return choice.role == ButtonRole::Destructive; });
    box->setIconPixmap(destructive ? themedIcon(QStringLiteral("warning"), IconTint::Warning).pixmap(36, 36)
                                   : themedIcon(QStringLiteral("info"), IconTint::Accent).pixmap(36, 36));
    box->setInformativeText(details.join(QLatin1Char('\n')));
    QList<QPushButton*> buttons;
    for (const auto& choice : choices) {
        const auto role = choice.role == ButtonRole::Cancel ? QMessageBox::RejectRole
            : choice.role == ButtonRole::Destructive        ? QMessageBox::DestructiveRole
                                                            : QMessageBox::AcceptRole;
        auto* button = box->addButton(choice.text, role);
        if (choice.role == ButtonRole::Cancel)
            box->setEscapeButton(button);
        buttons.append(button);
    }
    QObject::connect(box, &QMessageBox::buttonClicked, parent, [buttons, done](QAbstractButton* clicked) {
        done(static_cast<int>(buttons.indexOf(static_cast<QPushButton*>(clicked))));
    });
    box->open();
}

void setNextPath(const QString& path)
{
    prepared().path = path;
}

void setNextAnswer(int chosen)
{
    prepared().answer = chosen;
}

QString lastQuestion()
{
    return prepared().question;
}

} // namespace studio::dialogs
