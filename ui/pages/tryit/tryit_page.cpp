// SPDX-License-Identifier: MIT
#include "ui/pages/tryit/tryit_page.h"

#include "ui/shell/rail.h"

namespace studio {

TryItPage::TryItPage(StudioState& state, QWidget* parent)
    : Page(PageId::TryIt, state, parent)
{
    retranslate();
}

void TryItPage::retranslate()
{
    setTitle(pageName(PageId::TryIt));
}

} // namespace studio
