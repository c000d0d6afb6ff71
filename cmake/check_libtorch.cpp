// SPDX-License-Identifier: MIT
// Compiles and links where a LibTorch has what the core calls. It is never run.
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/_efficient_attention_forward.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <torch/csrc/autograd/custom_function.h>

int main()
{
    at::Tensor parameter = at::ones({1, 1, 4, 4});
    std::vector<at::Tensor> parameters{parameter}, gradients{parameter}, mean{parameter}, square{parameter},
        none, steps{at::ones({})};
    at::_fused_adamw_(
        parameters, gradients, mean, square, none, steps, 1e-3, 0.9, 0.999, 0.0, 1e-8, false, false);
    return static_cast<int>(at::scaled_dot_product_attention(parameter, parameter, parameter).numel()) - 16;
}
