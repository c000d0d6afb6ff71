// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace studio {

/// A model folder that the window offers.
struct KnownModel {
    enum class Origin { Starter, Added, Found, HuggingFaceCache, Run } origin = Origin::Added;
    QString name; ///< for people
    QString folder;
};

} // namespace studio
