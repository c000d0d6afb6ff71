#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""unpack_wheel.py (cpu|cuda|starter) WHEEL FOLDER: unpacks the part of a wheel that FineTune Studio uses.

Nothing of the wheel is run or imported. Files keep the wheel's own dates, so that a build does not start again because
the same files were unpacked a second time.
"""
import os
import re
import shutil
import sys
import time
import zipfile

# What is kept: headers, the libraries that a program loads, and every licence.
KEPT = {
    "cpu": [
        r"torch/include/.*",
        r"torch/lib/(libtorch_cpu|libc10)\.so",
        r"torch/lib/libgomp[^/]*\.so[^/]*",
        r"nvidia/cu13/lib/(libcudart|libcupti)\.so[^/]*",
    ],
    "cuda": [
        r"torch/include/.*",
        r"torch/lib/(?!libtorch_python|libshm)[^/]*\.so[^/]*",
        r"nvidia/.*\.so[^/]*",
        r"nvidia/.*/include/.*",
    ],
    "starter": [],
}
LICENCES = r"[^/]+\.dist-info/((licenses/.*)|LICENSE[^/]*|License[^/]*|NOTICE[^/]*|METADATA)"


def target_name(kind, name):
    """The path below FOLDER, or None for a file that is not needed."""
    if re.fullmatch(LICENCES, name):
        return "licences/" + re.sub(r"^([^/]+)\.dist-info/(licenses/)?", r"\1/", name)
    if kind == "starter":
        inside = re.fullmatch(r"[^/]+/model/(.+)", name)
        return "model/" + inside.group(1) if inside else None
    return name if any(re.fullmatch(pattern, name) for pattern in KEPT[kind]) else None


def main():
    kind, wheel, folder = sys.argv[1:]
    total = 0
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            name = None if entry.is_dir() else target_name(kind, entry.filename)
            if name is None:
                continue
            if name.startswith("/") or ".." in name.split("/"):
                sys.exit(f"{wheel}: the entry '{entry.filename}' points outside the folder")
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(entry) as source, open(path, "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            date = time.mktime(entry.date_time + (0, 0, -1))
            os.utime(path, (date, date))
            total += entry.file_size
    print(f"{os.path.basename(wheel)}: kept {total / 1e6:,.0f} MB")


main()
