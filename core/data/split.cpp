// SPDX-License-Identifier: MIT
#include "core/data/split.h"

#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/data/text_hash.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace studio {
namespace {

/// SplitMix64: value number n of a stream is mix64(start + n * gamma), so it depends on nothing but seed,
/// stream and n, and is the same on every machine.
class SplitMix64 {
public:
    SplitMix64(uint64_t seed, uint64_t stream)
        : m_state(mix64(mix64(seed + gamma) ^ (stream * 0xD1342543DE82EF95ULL + gamma)))
    {
    }
    uint64_t next() { return mix64(m_state += gamma); }

    /// Uniform in [0, bound), without bias (Lemire's multiplication with rejection).
    uint64_t below(uint64_t bound)
    {
        __extension__ using Wide = unsigned __int128;
        auto product = Wide(next()) * bound;
        if (uint64_t(product) < bound) {
            const auto threshold = (0 - bound) % bound;
            while (uint64_t(product) < threshold)
                product = Wide(next()) * bound;
        }
        return uint64_t(product >> 64);
    }

private:
    static constexpr uint64_t gamma = 0x9E3779B97F4A7C15ULL;
    uint64_t m_state;
};

void shuffle(std::vector<int64_t>& values, SplitMix64& random)
{
    for (auto left = values.size(); left > 1; --left)
        std::swap(values[left - 1], values[random.below(left)]);
}

/// Shares `total` among groups in proportion to their sizes, at most `room` to each: floors first, then the
/// largest remainders (of equal ones the earlier group).
std::vector<int64_t> largestRemainder(
    int64_t total, const std::vector<int64_t>& sizes, const std::vector<int64_t>& room, int64_t all)
{
    std::vector<int64_t> given(sizes.size());
    std::vector<std::pair<int64_t, size_t>> remainders; // negated, so that sorting puts large ones first
    int64_t left = total;
    for (size_t i = 0; i < sizes.size(); ++i) {
        const auto product = total * sizes[i];
        given[i] = std::min(room[i], product / all);
        left -= given[i];
        remainders.emplace_back(-(product % all), i);
    }
    std::sort(remainders.begin(), remainders.end());
    while (left > 0) {
        const auto before = left;
        for (const auto& [remainder, i] : remainders) {
            if (left > 0 && given[i] < room[i]) {
                ++given[i];
                --left;
            }
        }
        if (left == before)
            break; // no room anywhere
    }
    return given;
}

/// Rows that are shared out together: of one class, of one label set, or of one tenth of the targets.
std::vector<std::vector<int64_t>> groupsOf(const Dataset& dataset)
{
    const auto count = dataset.size();
    std::vector<std::vector<int64_t>> groups;
    if (dataset.isLabelled() && dataset.problemType() == ProblemType::Regression) {
        std::vector<int64_t> order(size_t(count), 0);
        std::iota(order.begin(), order.end(), int64_t(0));
        std::stable_sort(order.begin(), order.end(),
            [&](int64_t a, int64_t b) { return dataset.target(a) < dataset.target(b); });
        constexpr int64_t quantiles = 10;
        for (int64_t i = 0; i < quantiles; ++i) {
            auto& group = groups.emplace_back(
                order.begin() + count * i / quantiles, order.begin() + count * (i + 1) / quantiles);
            std::sort(group.begin(), group.end());
        }
    } else {
        std::map<std::vector<int32_t>, size_t> known;
        for (int64_t i = 0; i < count; ++i) {
            const auto [found, isNew] = known.try_emplace(dataset.labels(i), 0);
            (void)isNew;
            ++found->second;
        }
        size_t number = 0;
        groups.reserve(known.size());
        for (auto& [labels, size] : known) {
            groups.emplace_back().reserve(size);
            size = number++;
        }
        for (int64_t i = 0; i < count; ++i)
            groups[known.at(dataset.labels(i))].push_back(i);
    }
    std::erase_if(groups, [](const auto& group) { return group.empty(); });
    return groups;
}

void checkShare(double share, const char* name)
{
    if (!(share >= 0 && share < 1))
        throw Error(ErrorKind::Settings, concat(name, " is ", share, "; it must be at least 0 and below 1."));
}

} // namespace

Split stratifiedSplit(const Dataset& dataset, const SplitOptions& options)
{
    checkShare(options.validation, "validation_split");
    checkShare(options.test, "test_split");
    if (options.validation + options.test >= 1)
        throw Error(ErrorKind::Settings,
            concat("validation_split ", options.validation, " and test_split ", options.test,
                " leave nothing for training; their sum must be below 1."));
    const auto count = dataset.size();
    const auto validationRows = int64_t(std::llround(options.validation * double(count)));
    const auto testRows = int64_t(std::llround(options.test * double(count)));
    const auto tooFew = [&](const char* part) {
        throw Error(ErrorKind::Data,
            concat("The ", part, " part would be empty: the data has ", count, count == 1 ? " row" : " rows",
                "; add rows, change the shares, or give separate files."));
    };
    if (options.validation > 0 && validationRows == 0)
        tooFew("validation");
    if (options.test > 0 && testRows == 0)
        tooFew("test");
    if (validationRows + testRows >= count)
        tooFew("training");

    auto groups = groupsOf(dataset);
    std::vector<int64_t> sizes;
    for (const auto& group : groups)
        sizes.push_back(int64_t(group.size()));
    // One row of each class stays for training as long as the parts can be filled without it.
    std::vector<int64_t> taken(groups.size());
    const auto shareOut = [&](int64_t rows) {
        std::vector<int64_t> room;
        for (size_t i = 0; i < groups.size(); ++i)
            room.push_back(std::max<int64_t>(0, sizes[i] - 1 - taken[i]));
        if (std::accumulate(room.begin(), room.end(), int64_t(0)) < rows) {
            for (size_t i = 0; i < groups.size(); ++i)
                room[i] = sizes[i] - taken[i];
        }
        auto given = largestRemainder(rows, sizes, room, count);
        for (size_t i = 0; i < groups.size(); ++i)
            taken[i] += given[i];
        return given;
    };
    const auto validation = shareOut(validationRows);
    const auto test = shareOut(testRows);
    Split split;
    for (size_t i = 0; i < groups.size(); ++i) {
        auto& group = groups[i];
        SplitMix64 random(options.seed, i);
        shuffle(group, random);
        const auto endOfValidation = group.begin() + validation[i];
        const auto endOfTest = endOfValidation + test[i];
        split.validation.insert(split.validation.end(), group.begin(), endOfValidation);
        split.test.insert(split.test.end(), endOfValidation, endOfTest);
        split.train.insert(split.train.end(), endOfTest, group.end());
    }
    for (auto* part : {&split.train, &split.validation, &split.test})
        std::sort(part->begin(), part->end());
    return split;
}

std::vector<int64_t> epochPermutation(int64_t count, uint64_t seed, int64_t epoch)
{
    std::vector<int64_t> order(size_t(std::max<int64_t>(0, count)));
    std::iota(order.begin(), order.end(), int64_t(0));
    // Streams of the split are group numbers; those of the epochs begin far behind them.
    SplitMix64 random(seed, (uint64_t(1) << 63) + uint64_t(epoch));
    shuffle(order, random);
    return order;
}

} // namespace studio
