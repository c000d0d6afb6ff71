// SPDX-License-Identifier: MIT
#include "ui/pages/model/model_page.h"

#include "ui/shell/rail.h"

namespace studio {

ModelPage::ModelPage(StudioState& state, QWidget* parent)
    : Page(PageId::Model, state, parent)
{
    retranslate();
}

void ModelPage::retranslate()
{
    setTitle(pageName(PageId::Model));
}

} // namespace studio
