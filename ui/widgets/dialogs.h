// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>

#include <QString>
#include <QStringList>

class QWidget;

namespace studio {

/// The one seam for dialogs, so that tests can answer them. Never blocks: answers come by callback (not at
/// all when the person cancels). `parent` becomes the window that the dialog belongs to.
namespace dialogs {

using PathDone = std::function<void(const QString& path)>;
void openFile(QWidget* parent, const QString& title, const QString& filter, PathDone done);
void saveFile(
    QWidget* parent, const QString& title, const QString& suggestion, const QString& filter, PathDone done);
void openFolder(QWidget* parent, const QString& title, PathDone done);

/// Where the dialogs for files and folders open: the folder that was used last.
[[nodiscard]] QString lastFolder();
void setLastFolder(const QString& folder);

enum class ButtonRole { Accept, Destructive, Cancel };
struct Choice {
    QString text;
    ButtonRole role = ButtonRole::Accept;
};
/// A question with the answers of `choices`; Esc takes the Cancel one. `done` gets the index chosen.
void ask(QWidget* parent, const QString& title, const QString& question, const QStringList& details,
    const QList<Choice>& choices, std::function<void(int chosen)> done);

/// Tests: the next call answers with this, without a window. An empty path stands for Cancel.
void setNextPath(const QString& path);
void setNextAnswer(int chosen);
[[nodiscard]] QString lastQuestion(); ///< what was asked last: of a dialog for files its title

} // namespace dialogs

} // namespace studio
