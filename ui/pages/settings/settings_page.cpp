// SPDX-License-Identifier: MIT
#include "ui/pages/settings/settings_page.h"

#include "ui/shell/rail.h"

namespace studio {

SettingsPage::SettingsPage(StudioState& state, QWidget* parent)
    : Page(PageId::Settings, state, parent)
{
    retranslate();
}

void SettingsPage::retranslate()
{
    setTitle(pageName(PageId::Settings));
}

} // namespace studio
