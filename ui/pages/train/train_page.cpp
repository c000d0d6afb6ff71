// SPDX-License-Identifier: MIT
#include "ui/pages/train/train_page.h"

#include "ui/shell/rail.h"

namespace studio {

TrainPage::TrainPage(StudioState& state, QWidget* parent)
    : Page(PageId::Train, state, parent)
{
    retranslate();
}

void TrainPage::retranslate()
{
    setTitle(pageName(PageId::Train));
}

} // namespace studio
