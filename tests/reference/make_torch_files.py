#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the same tensors as torch.save() files of every age: tests/core/io/torch/*.bin, and expected.safetensors.

    make_torch_files.py OUTPUT_FOLDER
"""
import io
import os
import pickle
import struct
import sys
import tarfile
from collections import OrderedDict

import torch
from safetensors.torch import save_file

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 7
tied = torch.linspace(-1, 1, 10).reshape(2, 5)
state = OrderedDict(
    float=base,
    transposed=base.t(),  # strides
    part=base[1:3, 2:5],  # offset and strides
    row=base[2],  # offset
    repeated=torch.tensor([3.0]).expand(5),  # stride 0
    scalar=torch.tensor(2.5, dtype=torch.float64),
    empty=torch.zeros(0, 3),
    half=base.half(),
    bfloat=base.bfloat16(),
    double=base.double(),
    long=torch.arange(-3, 3),
    int=torch.arange(4, dtype=torch.int32),
    short=torch.arange(4, dtype=torch.int16),
    char=torch.arange(-2, 2, dtype=torch.int8),
    byte=torch.arange(4, dtype=torch.uint8),
    bool=torch.tensor([True, False, True]),
)
state["first.weight"] = tied
state["second.weight"] = tied  # one storage, two names
state["名.weight"] = torch.nn.Parameter(torch.ones(2))
state._metadata = OrderedDict({"": {"version": 1}})
torch.save(state, os.path.join(out, "zip.bin"))
torch.save(state, os.path.join(out, "legacy.bin"), _use_new_zipfile_serialization=False)
torch.save(dict(state), os.path.join(out, "protocol4.bin"), pickle_protocol=4)
save_file({k: v.detach().contiguous().clone() for k, v in state.items()}, os.path.join(out, "expected.safetensors"))

# The tar of the first versions, which nothing writes any more: as torch.serialization.legacy_load reads it.
names = ["float", "transposed", "part", "row", "half", "long"]
storages, tensors, keys = {}, [], {}
for number, name in enumerate(names):
    tensor = state[name]
    storages.setdefault(tensor.untyped_storage()._cdata, (1000 + len(storages), tensor))
    keys[name] = (2000 + number, storages[tensor.untyped_storage()._cdata][0])


class Ids(pickle.Pickler):
    def persistent_id(self, value):
        return str(value[1]) if isinstance(value, tuple) and value and value[0] == "tensor" else None


typed = {torch.float32: torch.FloatStorage, torch.float16: torch.HalfStorage, torch.int64: torch.LongStorage}
parts = {}
with io.BytesIO() as f:
    pickle.dump(len(storages), f, protocol=2)
    for key, tensor in storages.values():
        pickle.dump((key, "cpu", typed[tensor.dtype]), f, protocol=2)
        whole = torch.tensor([], dtype=tensor.dtype).set_(tensor.untyped_storage())
        f.write(struct.pack("<q", whole.numel()))
        f.write(whole.numpy().tobytes())
    pickle.dump([], f, protocol=2)
    parts["storages"] = f.getvalue()
with io.BytesIO() as f:
    pickle.dump(len(names), f, protocol=2)
    for name in names:
        tensor = state[name]
        pickle.dump((keys[name][0], keys[name][1], torch.FloatTensor), f, protocol=2)
        f.write(struct.pack("<ii", tensor.dim(), 0))
        f.write(struct.pack(f"<{tensor.dim()}q", *tensor.shape))
        f.write(struct.pack(f"<{tensor.dim()}q", *tensor.stride()))
        f.write(struct.pack("<q", tensor.storage_offset()))
    parts["tensors"] = f.getvalue()
with io.BytesIO() as f:
    Ids(f, protocol=2).dump(OrderedDict((name, ("tensor", keys[name][0])) for name in names))
    parts["pickle"] = f.getvalue()
with tarfile.open(os.path.join(out, "tar.bin"), "w:", format=tarfile.PAX_FORMAT) as tar:
    for name, content in parts.items():
        info = tarfile.TarInfo(name)
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
check = torch.load(os.path.join(out, "tar.bin"), weights_only=False)
assert all(torch.equal(check[name], state[name]) for name in names)
