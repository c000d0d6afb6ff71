// SPDX-License-Identifier: MIT
// Reference: https://github.com/pytorch/pytorch/blob/v2.11.0/torch/_utils.py (_rebuild_tensor_v2 and its
// kin).
#include "core/base/concat.h"
#include "core/base/error.h"
#include "core/base/unicode.h"
#include "core/io/torch_file_parts.h"

#include <algorithm>
#include <array>
#include <limits>

namespace studio {

namespace {

constexpr std::string_view g_ordered = "collections.OrderedDict", g_size = "torch.Size";
constexpr std::string_view g_rebuild = "torch._utils._rebuild_tensor",
                           g_rebuild2 = "torch._utils._rebuild_tensor_v2",
                           g_rebuild3 = "torch._utils._rebuild_tensor_v3",
                           g_parameter = "torch._utils._rebuild_parameter",
                           g_parameterState = "torch._utils._rebuild_parameter_with_state";

struct DtypeRow {
    std::string_view global, dtype;
};
constexpr std::array g_dtypes{DtypeRow{"torch.FloatStorage", "F32"}, DtypeRow{"torch.DoubleStorage", "F64"},
    DtypeRow{"torch.HalfStorage", "F16"}, DtypeRow{"torch.BFloat16Storage", "BF16"},
    DtypeRow{"torch.LongStorage", "I64"}, DtypeRow{"torch.IntStorage", "I32"},
    DtypeRow{"torch.ShortStorage", "I16"}, DtypeRow{"torch.CharStorage", "I8"},
    DtypeRow{"torch.ByteStorage", "U8"}, DtypeRow{"torch.BoolStorage", "BOOL"},
    DtypeRow{"torch.cuda.FloatStorage", "F32"}, DtypeRow{"torch.cuda.DoubleStorage", "F64"},
    DtypeRow{"torch.cuda.HalfStorage", "F16"}, DtypeRow{"torch.cuda.BFloat16Storage", "BF16"},
    DtypeRow{"torch.cuda.LongStorage", "I64"}, DtypeRow{"torch.cuda.IntStorage", "I32"},
    DtypeRow{"torch.cuda.ShortStorage", "I16"}, DtypeRow{"torch.cuda.CharStorage", "I8"},
    DtypeRow{"torch.cuda.ByteStorage", "U8"}, DtypeRow{"torch.cuda.BoolStorage", "BOOL"},
    DtypeRow{"torch.UntypedStorage", ""}, DtypeRow{"torch.storage.UntypedStorage", ""},
    DtypeRow{"torch.float32", "F32"}, DtypeRow{"torch.float64", "F64"}, DtypeRow{"torch.float16", "F16"},
    DtypeRow{"torch.bfloat16", "BF16"}, DtypeRow{"torch.int64", "I64"}, DtypeRow{"torch.int32", "I32"},
    DtypeRow{"torch.int16", "I16"}, DtypeRow{"torch.int8", "I8"}, DtypeRow{"torch.uint8", "U8"},
    DtypeRow{"torch.uint16", "U16"}, DtypeRow{"torch.uint32", "U32"}, DtypeRow{"torch.uint64", "U64"},
    DtypeRow{"torch.bool", "BOOL"}, DtypeRow{"torch.float8_e4m3fn", "F8_E4M3"},
    DtypeRow{"torch.float8_e5m2", "F8_E5M2"}};

constexpr uint64_t g_largestRepeated = uint64_t(1) << 31; // bytes of a view that shows numbers more than once

} // namespace

std::optional<std::string_view> torchDtype(std::string_view global)
{
    const auto* const row = std::ranges::find(g_dtypes, global, &DtypeRow::global);
    return row == g_dtypes.end() ? std::nullopt : std::optional(row->dtype);
}

std::span<const std::string_view> TorchReader::globals()
{
    static const auto names = [] {
        std::vector<std::string_view> list{
            g_ordered, g_size, g_rebuild, g_rebuild2, g_rebuild3, g_parameter, g_parameterState};
        for (const auto& row : g_dtypes)
            list.push_back(row.global);
        return list;
    }();
    return names;
}

void TorchReader::fail(const std::string& file, const std::string& what)
{
    throw Error(ErrorKind::Checkpoint,
        concat(file, " is not a usable PyTorch file: ", what, ". Copy or download it again."));
}

std::map<std::string, TorchTensor> TorchReader::read(std::span<const std::byte> pickle)
{
    m_pickle = readPickle(pickle, globals(), m_file);
    const auto& dictionary = m_pickle.top();
    if (dictionary.kind != PickleKind::Dictionary)
        fail("it does not hold a dictionary of tensors");
    std::map<std::string, TorchTensor> tensors;
    std::string inner;
    for (size_t i = 0; i + 1 < dictionary.items.size(); i += 2) {
        const auto& key = m_pickle[dictionary.items[i]];
        const auto& value = m_pickle[dictionary.items[i + 1]];
        if (key.kind != PickleKind::Text)
            continue;
        if (value.kind == PickleKind::Dictionary && !value.items.empty())
            inner = key.text;
        if (auto found = tensor(value)) {
            const auto name = isValidUtf8(key.text) ? std::string(key.text) : repairUtf8(key.text);
            requireInside(*found, name);
            tensors[name] = std::move(*found);
        }
    }
    if (tensors.empty())
        fail(inner.empty()
                ? std::string("its dictionary holds no tensor")
                : concat("its dictionary holds no tensor but another dictionary, '", elided(inner, 40),
                    "'; it is a training checkpoint and not a state dictionary"));
    return tensors;
}

void TorchReader::collectStorages(std::span<const std::byte> pickle)
{
    m_pickle = readPickle(pickle, globals(), m_file);
    for (const auto& value : m_pickle.values) {
        if (value.kind == PickleKind::PersistentId)
            (void)storage(value);
    }
}

int64_t TorchReader::wholeNumber(const PickleValue& value, std::string_view what) const
{
    if (value.kind != PickleKind::Integer || value.integer < 0)
        fail(concat(what, " is not a whole number from 0"));
    return value.integer;
}

std::vector<int64_t> TorchReader::sizes(const PickleValue& tuple, std::string_view what) const
{
    constexpr size_t mostAxes = 64;
    if ((tuple.kind != PickleKind::Tuple && tuple.kind != PickleKind::List) || tuple.items.size() > mostAxes)
        fail(concat(what, " is not a list of numbers"));
    std::vector<int64_t> numbers;
    for (const auto index : tuple.items)
        numbers.push_back(wholeNumber(m_pickle[index], what));
    return numbers;
}

/// ('storage', type, key, location, count[, view]).
TorchReader::Storage TorchReader::storage(const PickleValue& persistentId) const
{
    if (persistentId.kind != PickleKind::PersistentId)
        fail("a tensor has no storage");
    const auto& id = m_pickle[persistentId.items[0]];
    if (id.kind != PickleKind::Tuple || id.items.size() < 5 || m_pickle[id.items[0]].text != "storage")
        fail("a storage is described in an unknown way");
    const auto& type = m_pickle[id.items[1]];
    const auto dtype = type.kind == PickleKind::Global ? torchDtype(type.text) : std::nullopt;
    const auto& key = m_pickle[id.items[2]];
    if (!dtype || key.kind != PickleKind::Text)
        fail("a storage is described in an unknown way");
    const auto elementBytes = dtype->empty() ? 1 : dtypeBytes(*dtype).value();
    const auto count = uint64_t(wholeNumber(m_pickle[id.items[4]], "the size of a storage"));
    auto bytes = m_findStorage({key.text, elementBytes});
    if (bytes.empty() && count == 0)
        return {*dtype, bytes};
    if (bytes.data() != nullptr && count > bytes.size() / elementBytes)
        fail(concat("the storage '", elided(key.text, 40), "' has ", bytes.size(), " bytes, but ", count,
            " numbers of ", elementBytes, " bytes are expected (the file is cut off or corrupt)"));
    bytes = bytes.first(std::min<size_t>(bytes.size(), count * elementBytes));
    if (id.items.size() > 5 && m_pickle[id.items[5]].kind == PickleKind::Tuple) { // (key, offset, count)
        const auto& view = m_pickle[id.items[5]];
        if (view.items.size() != 3)
            fail("a part of a storage is described in an unknown way");
        const auto offset
            = uint64_t(wholeNumber(m_pickle[view.items[1]], "the offset of a part of a storage"));
        const auto size = uint64_t(wholeNumber(m_pickle[view.items[2]], "the size of a part of a storage"));
        if (bytes.data() != nullptr) {
            const auto all = bytes.size() / elementBytes;
            if (offset > all || size > all - offset)
                fail(concat("a part of the storage '", elided(key.text, 40), "' lies outside of it"));
            bytes = bytes.subspan(offset * elementBytes, size * elementBytes);
        }
    }
    return {*dtype, bytes};
}

std::optional<TorchTensor> TorchReader::tensor(const PickleValue& value) const
{
    if (value.kind == PickleKind::PersistentId) {
        const auto& id = m_pickle[value.items[0]];
        const auto known = knownTensors.find(id.text);
        return id.kind == PickleKind::Text && known != knownTensors.end() ? std::optional(known->second)
                                                                          : std::nullopt;
    }
    if (value.kind != PickleKind::Object)
        return std::nullopt;
    const auto callee = m_pickle[value.items[0]].text;
    const auto& arguments = m_pickle[value.items[1]].items;
    if (callee == g_parameter || callee == g_parameterState) {
        if (arguments.empty())
            fail("a parameter has no tensor");
        return tensor(m_pickle[arguments[0]]);
    }
    if (callee != g_rebuild && callee != g_rebuild2 && callee != g_rebuild3)
        return std::nullopt;
    const size_t metadata = callee == g_rebuild3 ? 7 : 6;
    if (arguments.size() < (callee == g_rebuild3 ? 7 : 4))
        fail("a tensor is described in an unknown way");
    if (arguments.size() > metadata && m_pickle[arguments[metadata]].kind == PickleKind::Dictionary
        && !m_pickle[arguments[metadata]].items.empty())
        fail("a tensor is a conjugate or negated view, which cannot be read");
    const auto stored = storage(m_pickle[arguments[0]]);
    auto dtype = stored.dtype;
    if (callee == g_rebuild3) {
        const auto& type = m_pickle[arguments[6]];
        dtype = type.kind == PickleKind::Global ? torchDtype(type.text).value_or("") : "";
    }
    if (dtype.empty())
        fail("a tensor has no type of numbers");
    return TorchTensor{
        .entry = {std::string(dtype), sizes(m_pickle[arguments[2]], "the shape of a tensor"), stored.bytes},
        .strides = sizes(m_pickle[arguments[3]], "the strides of a tensor"),
        .offset = uint64_t(wholeNumber(m_pickle[arguments[1]], "the offset of a tensor"))};
}

void TorchReader::requireInside(const TorchTensor& tensor, const std::string& name) const
{
    const auto& shape = tensor.entry.shape;
    const auto bytesEach = dtypeBytes(tensor.entry.dtype).value();
    const auto count = elementCount(shape, bytesEach);
    if (!count || shape.size() != tensor.strides.size())
        fail(concat("tensor '", name, "' has an impossible shape"));
    if (*count == 0)
        return;
    const auto stored = tensor.entry.bytes.size() / bytesEach;
    bool inside = tensor.offset < stored;
    uint64_t last = tensor.offset;
    for (size_t i = 0; inside && i < shape.size(); ++i) {
        const auto steps = uint64_t(shape[i] - 1), stride = uint64_t(tensor.strides[i]);
        inside = steps == 0 || stride <= (stored - 1 - last) / steps;
        last += inside ? steps * stride : 0;
    }
    if (!inside)
        fail(concat("tensor '", name, "' reaches outside of its storage of ", stored, " numbers"));
    if (*count > stored && *count * bytesEach > g_largestRepeated)
        fail(concat("tensor '", name, "' shows the ", stored, " numbers of its storage as ", *count));
}

} // namespace studio
