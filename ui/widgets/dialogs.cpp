// SPDX-License-Identifier: MIT
#include "ui/widgets/dialogs.h"

#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>

namespace studio::dialogs {

namespace {

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

void show(QFileDialog* dialog, const PathDone& done)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog->parentWidget(), done);
    dialog->open();
}

} // namespace

void openFile(QWidget* parent, const QString& title, const QString& filter, PathDone done)
{
    if (answeredByTest(done))
        return;
    auto* dialog = new QFileDialog(parent, title, {}, filter);
    dialog->setFileMode(QFileDialog::ExistingFile);
    show(dialog, done);
}

void saveFile(
    QWidget* parent, const QString& title, const QString& suggestion, const QString& filter, PathDone done)
{
    if (answeredByTest(done))
        return;
    auto* dialog = new QFileDialog(parent, title, {}, filter);
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
    auto* dialog = new QFileDialog(parent, title);
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
