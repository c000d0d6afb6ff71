// SPDX-License-Identifier: MIT
#pragma once

#include "ui/shell/page.h"

namespace studio {

class TryItPage : public Page {
    Q_OBJECT
public:
    explicit TryItPage(StudioState& state, QWidget* parent = nullptr);

protected:
    void retranslate() override;
};

} // namespace studio
