// SPDX-License-Identifier: MIT
#pragma once

#include "ui/shell/page.h"

namespace studio {

class ResultsPage : public Page {
    Q_OBJECT
public:
    explicit ResultsPage(StudioState& state, QWidget* parent = nullptr);

protected:
    void retranslate() override;
};

} // namespace studio
