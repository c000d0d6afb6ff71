// SPDX-License-Identifier: MIT
#include "ui/pages/data/data_page.h"

#include "ui/shell/rail.h"

namespace studio {

DataPage::DataPage(StudioState& state, QWidget* parent)
    : Page(PageId::Data, state, parent)
{
    retranslate();
}

void DataPage::retranslate()
{
    setTitle(pageName(PageId::Data));
}

} // namespace studio
