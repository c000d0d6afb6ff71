// SPDX-License-Identifier: MIT
#include "ui/pages/results/results_page.h"

#include "ui/shell/rail.h"

namespace studio {

ResultsPage::ResultsPage(StudioState& state, QWidget* parent)
    : Page(PageId::Results, state, parent)
{
    retranslate();
}

void ResultsPage::retranslate()
{
    setTitle(pageName(PageId::Results));
}

} // namespace studio
