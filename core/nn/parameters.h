// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace studio {

/// A trainable (or frozen: requires_grad false) tensor under the name it has in the checkpoint.
struct Parameter {
    std::string name; ///< "bert.encoder.layer.0.attention.self.query.weight"
    at::Tensor tensor;
};

/// All parameters of a model in the order of its modules. Tied tensors appear once.
using ParameterList = std::vector<Parameter>;

} // namespace studio
