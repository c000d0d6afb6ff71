// SPDX-License-Identifier: MIT
#pragma once

#include "core/text/tokenizer_block.h"

namespace studio {

/// What the Metaspace pre-tokeniser and decoder share.
struct MetaspaceOptions {
    enum class Prepend { First, Never, Always };
    char32_t replacement = U'\u2581';
    Prepend prepend = Prepend::Always;
    bool split = true;
};

/// Also reads the older key "add_prefix_space". Throws Error{Checkpoint} naming the key.
[[nodiscard]] MetaspaceOptions readMetaspace(const TokenizerBlock& block);

} // namespace studio
