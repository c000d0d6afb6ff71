// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/error.h"

#include <new>
#include <string>
#include <string_view>

#include <c10/util/Exception.h>

namespace studio {

/// Whether a message of LibTorch says that memory was short, on a GPU or on the host.
inline bool saysOutOfMemory(std::string_view text)
{
    for (const std::string_view part : // the last of cuBLAS and cuDNN
        {"can't allocate memory", "out of memory", "STATUS_ALLOC_FAILED"}) {
        if (text.find(part) != std::string_view::npos)
            return true;
    }
    return false;
}

/// Runs `work`; false: memory did not suffice. Everything else that it throws passes.
template <typename Work>
[[nodiscard]] bool fitsIntoMemory(Work&& work)
{
    try {
        work();
        return true;
    } catch (const c10::OutOfMemoryError&) {
        return false;
    } catch (const c10::Error& error) {
        if (!saysOutOfMemory(error.what_without_backtrace()))
            throw;
        return false;
    } catch (const std::bad_alloc&) {
        return false;
    }
}

/// Runs `work` and turns what LibTorch throws into Error: OutOfMemory where memory was short, else Internal
/// with the first line alone. `doing` opens the sentence: "Loading the model".
template <typename Work>
auto withTorchErrors(std::string_view doing, Work&& work)
{
    const auto rethrow = [&](std::string_view text, bool outOfMemory) {
        std::string sentence(doing);
        if (outOfMemory) {
            throw Error(ErrorKind::OutOfMemory,
                sentence + " ran out of memory; use a smaller batch, shorter texts or a smaller model.");
        }
        sentence += " failed: ";
        sentence += text.substr(0, text.find('\n'));
        throw Error(ErrorKind::Internal, sentence);
    };
    try {
        return work();
    } catch (const c10::OutOfMemoryError& error) {
        rethrow(error.what_without_backtrace(), true);
    } catch (const c10::Error& error) {
        const std::string_view text = error.what_without_backtrace();
        rethrow(text, saysOutOfMemory(text));
    } catch (const std::bad_alloc&) {
        rethrow("", true);
    }
    throw; // not reached
}

} // namespace studio
