// SPDX-License-Identifier: MIT
#include "core/text/metaspace.h"

#include "core/base/concat.h"
#include "core/base/unicode.h"

namespace studio {

MetaspaceOptions readMetaspace(const TokenizerBlock& block)
{
    using Prepend = MetaspaceOptions::Prepend;
    const auto has
        = [&](const char* key) { return block.json().contains(key) && !block.member(key).is_null(); };
    MetaspaceOptions options;
    const auto replacement = toUtf32(block.text("replacement"));
    if (replacement.size() != 1)
        block.fail(
            concat("\"replacement\" must be one character, but is ", jsonLine(block.member("replacement"))));
    options.replacement = replacement.front();
    if (block.json().contains("prepend_scheme")) {
        const auto scheme = block.text("prepend_scheme");
        if (scheme != "first" && scheme != "never" && scheme != "always")
            block.fail(concat("\"prepend_scheme\" must be first, never or always, but is \"", scheme, "\""));
        options.prepend = scheme == "first" ? Prepend::First
            : scheme == "never"             ? Prepend::Never
                                            : Prepend::Always;
    }
    if (has("add_prefix_space") && !block.flag("add_prefix_space")) {
        if (block.json().contains("prepend_scheme") && options.prepend != Prepend::Never)
            block.fail("\"add_prefix_space\" is false, which contradicts \"prepend_scheme\"");
        options.prepend = Prepend::Never;
    }
    options.split = !has("split") || block.flag("split");
    return options;
}

} // namespace studio
