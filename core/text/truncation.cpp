// SPDX-License-Identifier: MIT
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/text/tokenizer_algorithm.h"

#include <algorithm>
#include <utility>

namespace studio {
namespace {

TruncatedLengths longestFirst(int64_t first, int64_t second, int64_t limit)
{
    int64_t shorter = first, longer = second;
    const bool swapped = shorter > longer;
    if (swapped)
        std::swap(shorter, longer);
    longer = shorter > limit ? shorter : std::max(shorter, limit - shorter);
    if (shorter + longer > limit) {
        shorter = limit / 2;
        longer = shorter + limit % 2;
    }
    if (swapped)
        std::swap(shorter, longer);
    return {std::min(first, shorter), std::min(second, longer), true};
}

} // namespace

TruncatedLengths truncateLengths(int64_t firstLength, std::optional<int64_t> secondLength,
    const EncodeOptions& options, int32_t specialTokens)
{
    const int64_t second = secondLength.value_or(0);
    if (!options.maxLength || options.truncation == TruncationStrategy::DoNotTruncate)
        return {firstLength, second, false};
    const int64_t limit = int64_t{*options.maxLength} - (options.addSpecialTokens ? specialTokens : 0);
    if (limit < 0) {
        throw Error(ErrorKind::Settings,
            concat("The longest input of ", *options.maxLength, " tokens leaves no room for the ",
                specialTokens, " special tokens of this tokeniser; choose at least ", specialTokens, "."));
    }
    if (limit == 0)
        return {0, 0, firstLength + second > 0};
    const int64_t excess = firstLength + second - limit;
    if (excess <= 0)
        return {firstLength, second, false};
    if (options.truncation == TruncationStrategy::LongestFirst)
        return secondLength ? longestFirst(firstLength, second, limit) : TruncatedLengths{limit, 0, true};

    const bool cutsFirst = options.truncation == TruncationStrategy::OnlyFirst;
    if (!cutsFirst && !secondLength) {
        throw Error(ErrorKind::Settings,
            concat("Truncation only_second was asked for, but there is no second text to cut; the text has ",
                firstLength, " tokens where ", limit, " fit. Choose longest_first or only_first."));
    }
    const int64_t length = cutsFirst ? firstLength : second;
    if (length <= excess) {
        throw Error(ErrorKind::Settings,
            concat("Truncation ", cutsFirst ? "only_first" : "only_second", " cannot shorten the pair to ",
                limit, " tokens: the texts have ", firstLength, " and ", second,
                " tokens. Choose longest_first or a greater length."));
    }
    return {cutsFirst ? length - excess : firstLength, cutsFirst ? second : length - excess, true};
}

std::vector<TokenWindow> windowsOf(int64_t length, int64_t kept, int32_t stride, TruncationSide side)
{
    const auto window = [](int64_t start, int64_t end) {
        return TokenWindow{static_cast<size_t>(start), static_cast<size_t>(end)};
    };
    if (kept >= length)
        return {window(0, length)};
    if (kept == 0)
        return {window(0, 0), window(0, length)};
    if (stride < 0 || stride >= kept) {
        throw Error(ErrorKind::Settings,
            concat("Windows of a long text can share at most ", kept - 1, " tokens, because ", kept,
                " fit beside the special tokens, but the stride is ", stride, "."));
    }
    std::vector<TokenWindow> windows;
    if (side == TruncationSide::Right) {
        for (int64_t start = 0; windows.empty() || static_cast<int64_t>(windows.back().end) < length;
             start += kept - stride)
            windows.push_back(window(start, std::min(start + kept, length)));
    } else {
        for (int64_t end = length; windows.empty() || windows.back().start > 0; end -= kept - stride)
            windows.push_back(window(std::max<int64_t>(end - kept, 0), end));
    }
    return windows;
}

} // namespace studio
