// SPDX-License-Identifier: MIT
#include "ui/shell/language.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>

namespace studio {

Language::Language(QObject* parent)
    : QObject(parent)
    , m_systemLocale(QLocale::system())
{
}

Language::~Language() = default;

void Language::setLanguage(const QString& code)
{
    auto wanted = code;
    if (wanted != QLatin1String("en") && wanted != QLatin1String("zh_CN"))
        wanted
            = m_systemLocale.language() == QLocale::Chinese ? QStringLiteral("zh_CN") : QStringLiteral("en");
    if (wanted == m_current)
        return;
    m_current = wanted;
    // Numbers and dates follow the language shown; the system's habits where they are of that language.
    const QLocale locale(wanted);
    QLocale::setDefault(locale.language() == m_systemLocale.language() ? m_systemLocale : locale);
    m_translators.clear(); // uninstalls them
    const auto install = [this](const QString& name, const QString& folder) {
        auto translator = std::make_unique<QTranslator>();
        if (translator->load(name, folder)) {
            QCoreApplication::installTranslator(translator.get());
            m_translators.push_back(std::move(translator));
        }
    };
    if (wanted != QLatin1String("en")) {
        const auto beside = QCoreApplication::applicationDirPath() + QStringLiteral("/translations");
        const auto qt = QStringLiteral("qtbase_") + wanted;
        install(qt,
            QDir(beside).exists(qt + QStringLiteral(".qm"))
                ? beside
                : QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    }
    // English has files too: they hold its plural forms.
    const QDir own(QStringLiteral(":/translations"));
    for (const auto& file : own.entryList({QStringLiteral("*_%1.qm").arg(wanted)}))
        install(file, own.path());
}

} // namespace studio
