// SPDX-License-Identifier: MIT
#pragma once

#include "ui/shell/page.h"

namespace studio {

class RunsPage : public Page {
    Q_OBJECT
public:
    explicit RunsPage(StudioState& state, QWidget* parent = nullptr);

protected:
    void retranslate() override;
};

} // namespace studio
