// SPDX-License-Identifier: MIT
#include "core/base/resource_paths.h"

#include "core/base/error.h"

#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

namespace studio {
namespace {

namespace fs = std::filesystem;

/// One bundled folder: its name below a resource folder, where the source tree has it, and a file
/// that shows that it is whole (empty: any content will do).
struct Resource {
    const char* what;
    const char* name;
    const char* inTree;
    const char* witness;
};

fs::path find(const Resource& resource)
{
    std::vector<fs::path> candidates;
    if (const char* folder = std::getenv("STUDIO_RESOURCES"); folder && *folder)
        candidates.push_back(fs::path(folder) / resource.name);
    std::error_code ignored;
    if (const auto program = fs::read_symlink("/proc/self/exe", ignored); !program.empty())
        candidates.push_back(program.parent_path().parent_path() / "share/finetune-studio" / resource.name);
    candidates.emplace_back(resource.inTree);

    std::string looked;
    for (const auto& candidate : candidates) {
        const bool present = *resource.witness ? fs::exists(candidate / resource.witness, ignored)
                                               : fs::is_directory(candidate, ignored);
        if (present)
            return candidate;
        looked += (looked.empty() ? "'" : ", '") + candidate.string() + "'";
    }
    throw Error(ErrorKind::File,
        std::string("The ") + resource.what + " was not found; looked in " + looked
            + ". Start the program with ./run.sh, which fetches it, or let STUDIO_RESOURCES name the folder "
              "that holds '"
            + resource.name + "'.");
}

} // namespace

fs::path starterModelFolder()
{
    return find({"starter model", "starter", STUDIO_SOURCE_DIR "/.deps/starter", "config.json"});
}

fs::path demoFolder()
{
    return find({"demo data", "demo", STUDIO_SOURCE_DIR "/resources/demo", ""});
}

} // namespace studio
