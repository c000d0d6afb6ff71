// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace studio {

/// A tensor of the host on `device`. To a GPU it goes from page-locked memory and nobody waits: a plain copy
/// would hold the host up until the GPU has done all that was asked of it before.
[[nodiscard]] inline at::Tensor onDevice(const at::Tensor& host, const at::Device& device)
{
    return device.is_cuda() ? host.pin_memory().to(device, host.scalar_type(), /*non_blocking=*/true)
                            : host.to(device);
}

/// A copy of a tensor on its way to the host, while a GPU is given more to do.
class HostCopy {
public:
    explicit HostCopy(const at::Tensor& tensor)
        : m_host(tensor)
    {
        if (!tensor.is_cuda())
            return;
        m_host = at::empty(tensor.sizes(), tensor.options().device(at::kCPU).pinned_memory(true));
        m_host.copy_(tensor, /*non_blocking=*/true);
        const c10::impl::VirtualGuardImpl guard(tensor.device().type());
        m_arrival.emplace(tensor.device().type());
        m_arrival->record(guard.getStream(tensor.device()));
    }
    /// Waits for it.
    [[nodiscard]] const at::Tensor& get()
    {
        if (m_arrival)
            m_arrival->synchronize();
        return m_host;
    }

private:
    at::Tensor m_host;
    std::optional<c10::Event> m_arrival;
};

} // namespace studio
