// SPDX-License-Identifier: MIT
#pragma once

#include "ui/shell/page.h"

namespace studio {

class TrainPage : public Page {
    Q_OBJECT
public:
    explicit TrainPage(StudioState& state, QWidget* parent = nullptr);

protected:
    void retranslate() override;
};

} // namespace studio
