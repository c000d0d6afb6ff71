// SPDX-License-Identifier: MIT
#include "core/runs/metric_log.h"

#include "core/base/file_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <thread>

namespace studio {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t none = UINT64_MAX;
constexpr std::string_view stepStart = R"({"event":"step")";
constexpr std::string_view lossKey = R"("loss":)";
constexpr size_t smallestPart = size_t(4) << 20; ///< bytes that are worth a thread

/// The loss of a step line; nullopt where it is null or absent.
std::optional<double> lossOf(std::string_view line)
{
    // It is the fifth field of the lines that this program writes.
    size_t at = 0;
    for (int field = 0; field < 4 && at != std::string_view::npos; ++field)
        at = line.find(',', at + 1);
    if (at == std::string_view::npos || line.substr(at + 1, lossKey.size()) != lossKey) {
        at = line.find(lossKey);
        if (at == std::string_view::npos)
            return std::nullopt;
        --at;
    }
    double loss = 0;
    const auto* begin = line.data() + at + 1 + lossKey.size();
    const auto result = std::from_chars(begin, line.data() + line.size(), loss);
    return result.ec == std::errc{} && std::isfinite(loss) ? std::optional(loss) : std::nullopt;
}

/// Lines of one stretch that stay visible.
struct Stretch {
    uint64_t first = none, last = none, lowest = none, highest = none, undefined = none;
    double low = 0, high = 0;

    void add(uint64_t at, std::string_view line)
    {
        if (first == none)
            first = at;
        last = at;
        const auto loss = lossOf(line);
        if (!loss) {
            undefined = undefined == none ? at : undefined;
            return;
        }
        if (lowest == none || *loss < low) {
            lowest = at;
            low = *loss;
        }
        if (highest == none || *loss > high) {
            highest = at;
            high = *loss;
        }
    }
    void keep(std::vector<uint64_t>& lines)
    {
        for (const auto line : {first, last, lowest, highest, undefined}) {
            if (line != none)
                lines.push_back(line);
        }
        *this = {};
    }
};

/// What one thread finds in its part of the log.
struct Part {
    uint64_t begin = 0, end = 0, steps = 0;
    std::vector<uint64_t> lines;

    /// `stretchBytes` 0: keeps every step; `none`: no stretches.
    void read(std::string_view log, uint64_t stretchBytes)
    {
        Stretch stretch;
        uint64_t lastStep = none, stretchEnd = begin;
        for (auto at = begin; at < end;) {
            const auto newline = log.find('\n', at);
            const auto line = log.substr(at, newline - at);
            if (line.starts_with(stepStart)) {
                ++steps;
                lastStep = at;
                if (stretchBytes == 0) {
                    lines.push_back(at);
                } else if (stretchBytes != none) {
                    if (at >= stretchEnd) {
                        stretch.keep(lines);
                        stretchEnd = (at / stretchBytes + 1) * stretchBytes;
                    }
                    stretch.add(at, line);
                }
            } else if (!line.empty()) {
                if (lastStep != none)
                    lines.push_back(std::exchange(lastStep, none));
                lines.push_back(at);
            }
            at = newline + 1;
        }
        stretch.keep(lines);
        if (lastStep != none)
            lines.push_back(lastStep);
    }
};

} // namespace

LogOutline outlineOf(std::string_view log, size_t mostSteps, unsigned threads)
{
    LogOutline outline;
    const auto lastNewline = log.rfind('\n');
    if (lastNewline == std::string_view::npos)
        return outline;
    log = log.substr(0, lastNewline + 1);
    outline.bytes = log.size();

    // Stretches are pieces of the file, so that threads find the same ones. A step line has some 200 bytes;
    // of a stretch at most five are kept.
    constexpr uint64_t lineBytes = 200;
    const uint64_t stretchBytes = mostSteps == 0 ? none
        : log.size() <= mostSteps * lineBytes    ? 0
                                                 : std::max<uint64_t>(1024, log.size() * 5 / mostSteps);
    if (threads == 0)
        threads = std::max(1U, std::thread::hardware_concurrency());
    const auto parts = std::clamp<uint64_t>(log.size() / smallestPart, 1, threads);
    std::vector<Part> found(parts);
    for (uint64_t i = 0; i < parts; ++i) {
        auto begin = log.size() * i / parts;
        if (stretchBytes > 0 && stretchBytes != none)
            begin = begin / stretchBytes * stretchBytes; // a stretch belongs to one thread
        found[i].begin = begin == 0 ? 0 : log.find('\n', begin - 1) + 1;
        if (i > 0)
            found[i - 1].end = found[i].begin;
    }
    found.back().end = log.size();
    {
        std::vector<std::jthread> helpers;
        for (uint64_t i = 1; i < parts; ++i)
            helpers.emplace_back([&part = found[i], log, stretchBytes] { part.read(log, stretchBytes); });
        found[0].read(log, stretchBytes);
    }
    for (auto& part : found) {
        std::ranges::sort(part.lines);
        outline.steps += part.steps;
        outline.lines.insert(outline.lines.end(), part.lines.begin(), part.lines.end());
    }
    outline.lines.erase(std::unique(outline.lines.begin(), outline.lines.end()), outline.lines.end());
    return outline;
}

std::vector<TrainEvent> readRunCurves(const fs::path& folder, size_t mostSteps)
{
    std::vector<TrainEvent> events;
    const auto file = folder / "metrics.jsonl";
    if (!fs::exists(file) || fs::file_size(file) == 0)
        return events;
    const FileText content(file); // a run that is resumed cuts its log back
    const auto log = content.text();
    const auto outline = outlineOf(log, mostSteps);
    events.reserve(outline.lines.size());
    for (const auto at : outline.lines)
        events.push_back(
            trainEventFromJson(parseJson(log.substr(at, log.find('\n', at) - at), pathText(file))));
    return events;
}

} // namespace studio
