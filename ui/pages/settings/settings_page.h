// SPDX-License-Identifier: MIT
#pragma once

#include "ui/shell/page.h"

namespace studio {

class SettingsPage : public Page {
    Q_OBJECT
public:
    explicit SettingsPage(StudioState& state, QWidget* parent = nullptr);

protected:
    void retranslate() override;
};

} // namespace studio
