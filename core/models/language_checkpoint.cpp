// SPDX-License-Identifier: MIT
#include "core/models/language_checkpoint.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace studio {

std::vector<std::string> checkLanguageTensors(const std::filesystem::path& folder,
    const ArchitectureFamily& family, TensorMatch match, std::string_view kind)
{
    static const std::string head = "lm_head.weight";
    if (match.missing == std::vector<std::string>{head})
        throw Error(ErrorKind::Checkpoint,
            concat(pathText(folder), " has no language-model head (", head,
                "), and config.json does not tie it to the word embedding; give the checkpoint of a ", kind,
                '.'));
    if (!match.missing.empty() || !match.misshapen.empty())
        throwUnusable(folder, family, match.missing, match.misshapen);
    std::erase(match.unexpected, head); // equal to the embedding it is tied to
    return leftOutWarnings(match, kind);
}

} // namespace studio
