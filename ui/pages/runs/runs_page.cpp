// SPDX-License-Identifier: MIT
#include "ui/pages/runs/runs_page.h"

#include "ui/shell/rail.h"

namespace studio {

RunsPage::RunsPage(StudioState& state, QWidget* parent)
    : Page(PageId::Runs, state, parent)
{
    retranslate();
}

void RunsPage::retranslate()
{
    setTitle(pageName(PageId::Runs));
}

} // namespace studio
