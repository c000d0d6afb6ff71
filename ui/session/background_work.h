// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/task.h"

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace studio {

/// Work for another thread whose outcome is a call for the GUI thread.
using BackgroundWork = std::function<std::function<void()>(const TaskControl&)>;

/// `work(const TaskControl&)` may throw; what it returns is handed to `done(result)` (or `done()`).
template <typename Work, typename Done>
BackgroundWork backgroundWork(Work work, Done done)
{
    using Result = std::invoke_result_t<Work&, const TaskControl&>;
    return [work = std::move(work), done = std::move(done)](
               const TaskControl& control) mutable -> std::function<void()> {
        if constexpr (std::is_void_v<Result>) {
            work(control);
            return [done = std::move(done)]() mutable { done(); };
        } else {
            auto result = std::make_shared<Result>(work(control));
            return [done = std::move(done), result]() mutable { done(std::move(*result)); };
        }
    };
}

} // namespace studio
