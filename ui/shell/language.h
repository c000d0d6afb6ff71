// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include <QLocale>
#include <QObject>
#include <QString>
#include <QTranslator>

namespace studio {

/// Languages of the window. "system" follows the desktop (Chinese or else English).
class Language : public QObject {
    Q_OBJECT
public:
    explicit Language(QObject* parent = nullptr);
    ~Language() override;
    /// Installs the translations and sets the locale of numbers; every widget gets LanguageChange.
    void setLanguage(const QString& code); ///< "system", "en", "zh_CN"
    [[nodiscard]] QString current() const { return m_current; } ///< never "system"

private:
    QString m_current;
    QLocale m_systemLocale;
    std::vector<std::unique_ptr<QTranslator>> m_translators;
};

} // namespace studio
