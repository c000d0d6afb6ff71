// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parse_number.h"
#include "core/models/checkpoint_info.h"
#include "core/models/model.h"
#include "core/nn/torch_errors.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include <ATen/core/grad_mode.h>

namespace studio {

namespace {

namespace fs = std::filesystem;

/// The whole checkpoint-STEP with the highest step, empty when there is none.
fs::path newestStep(const fs::path& run)
{
    constexpr std::string_view prefix = "checkpoint-";
    fs::path newest;
    int64_t newestNumber = -1;
    std::error_code error;
    for (fs::directory_iterator entry(run, error), end; !error && entry != end; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (!name.starts_with(prefix))
            continue;
        const auto number = parseNumber<int64_t>(std::string_view(name).substr(prefix.size()));
        if (number && *number > newestNumber && fs::exists(entry->path() / "config.json")) {
            newest = entry->path();
            newestNumber = *number;
        }
    }
    return newest;
}

fs::path checkedSource(const fs::path& source)
{
    if (!holdsConfig(source)) {
        if (const auto step = newestStep(source); !step.empty())
            throw Error(ErrorKind::Checkpoint,
                concat("The run ", pathText(source),
                    " has not finished and holds no final model; export its newest "
                    "checkpoint instead: ",
                    pathText(step), "."));
    }
    return source;
}

void requireEmptyTarget(const fs::path& target, const fs::path& source)
{
    std::error_code error;
    if (fs::exists(target, error) && (!fs::is_directory(target, error) || !fs::is_empty(target, error)))
        throw Error(ErrorKind::File,
            concat("The export target ", pathText(target),
                " exists and is not an empty folder; choose another."));
    const auto relative
        = fs::weakly_canonical(target, error).lexically_relative(fs::weakly_canonical(source, error));
    if (!relative.empty() && *relative.begin() != "..")
        throw Error(ErrorKind::File,
            concat("The export target ", pathText(target), " lies inside the source ", pathText(source),
                "; choose a folder outside of it."));
}

/// "5GB" and the like (powers of 1000, as transformers reads them) or a count of bytes.
uint64_t parseShardSize(const std::string& text)
{
    uint64_t count = 0;
    const auto* const end = text.data() + text.size();
    const auto [unit, problem] = std::from_chars(text.data(), end, count);
    uint64_t factor = 0;
    for (const auto& [name, bytes] : {std::pair<std::string_view, uint64_t>{"", 1}, {"KB", 1'000},
             {"MB", 1'000'000}, {"GB", 1'000'000'000}, {"TB", 1'000'000'000'000}}) {
        if (std::string_view(unit, end) == name)
            factor = bytes;
    }
    if (problem != std::errc() || factor == 0 || count == 0
        || count > std::numeric_limits<uint64_t>::max() / factor)
        throw Error(ErrorKind::Settings,
            concat("max_shard_size is '", text, "', expected a size such as 500MB or 5GB."));
    return count * factor;
}

/// Logits on fixed inputs of several lengths, ids spread over the whole vocabulary.
at::Tensor probeLogits(ClassificationModel& model)
{
    std::vector<std::vector<int32_t>> sequences;
    for (const int64_t wanted : {1, 7, 24, 60}) {
        auto& ids = sequences.emplace_back();
        for (int64_t i = 0; i < std::min(wanted, model.maxPositions()); ++i)
            ids.push_back(static_cast<int32_t>((i * 7919 + wanted * 104'729) % model.vocabularySize()));
        if (const auto token = model.requiredToken()) { // once, at the end
            const auto end = static_cast<int32_t>(*token);
            std::ranges::replace(ids, end, end == 0 ? 1 : 0);
            ids.back() = end;
        }
    }
    std::vector<SequenceView> views;
    for (const auto& ids : sequences)
        views.push_back({ids, {}});
    const at::NoGradGuard noGrad;
    ForwardContext context;
    return model.forward(packBatch(views, at::kCPU), context).contiguous();
}

} // namespace

double exportCheckpoint(const ExportOptions& options)
{
    const auto shardBytes = parseShardSize(options.maxShardSize);
    const auto source = checkedSource(options.source);
    requireEmptyTarget(options.target, source);
    const auto original = loadClassifier(source, {}, at::kCPU);
    if (original.headCreated)
        throw Error(ErrorKind::Checkpoint,
            concat(pathText(source),
                " has no classification head, so there is no classifier to export; train it first."));

    const auto target = options.target.has_filename() ? options.target : options.target.parent_path();
    if (target.has_parent_path())
        createFolders(target.parent_path());
    AtomicFolder folder(target);
    saveClassifier(original, folder.path(), options.dtype, shardBytes);
    copyTokenizerFiles(source, folder.path());

    const auto difference = withTorchErrors("Comparing the exported model", [&] {
        const auto reloaded = loadClassifier(folder.path(), {}, at::kCPU);
        const auto before = probeLogits(*original.model), after = probeLogits(*reloaded.model);
        double largest = 0, scale = 1;
        for (int64_t i = 0; i < before.numel(); ++i) {
            const double value = before.const_data_ptr<float>()[i], other = after.const_data_ptr<float>()[i];
            largest = std::max(largest, std::isfinite(other) ? std::abs(value - other) : HUGE_VAL);
            scale = std::max(scale, std::abs(value));
        }
        // fp32 is a copy; halves round each weight to 11 or 8 bits
        const double allowed = options.dtype == "fp32" ? 1e-5 : options.dtype == "fp16" ? 0.02 : 0.15;
        if (largest > allowed * scale)
            throw Error(ErrorKind::Checkpoint,
                concat("The exported model answers differently: its logits differ by up to ", largest,
                    " where ", allowed * scale, " is allowed for ", options.dtype, "; nothing was written."));
        return largest;
    });
    folder.commit();
    return difference;
}

} // namespace studio
