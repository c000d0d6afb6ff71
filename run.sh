#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ./run.sh [--cuda | --cpu] [--no-gui] [arguments of the program …]
#
# Builds FineTune Studio and starts it: installs the Debian packages that are missing, fetches LibTorch and the starter
# model, configures, compiles. It may be interrupted and started again. Once built, it goes straight to the program.
#   --cuda    fetch LibTorch with NVIDIA's libraries (2.5 GB); done by itself where there is an NVIDIA GPU
#   --cpu     do without them also where there is one
#   --no-gui  build the command line alone, without Qt (in build/release-no-gui)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)

preset=release
gui=ON
variant=
while [ $# -gt 0 ]; do
    case $1 in
    --cuda) variant=cuda ;;
    --cpu) variant=cpu ;;
    --no-gui) gui=OFF preset=release-no-gui ;;
    *) break ;;
    esac
    shift
done
if [ -z "$variant" ]; then
    variant=cpu
    # Once fetched, or with a GPU: CUDA.
    if [ -e /dev/nvidiactl ] || [ -e "$root/.deps/site/torch/lib/libtorch_cuda.so" ]; then variant=cuda; fi
fi

program=$root/build/$preset/bin/finetune-studio
stamp=$root/build/$preset/run.stamp
# What the program was built with; another answer means: build again.
wanted="$variant ${CMAKE_PREFIX_PATH:-}:${VIRTUAL_ENV:-}:${CONDA_PREFIX:-}:${STUDIO_LIBTORCH:-}"
sources=()
for name in core ui app resources cmake CMakeLists.txt CMakePresets.json scripts/{packages.txt,wheels.lock,starter.lock}; do
    sources+=("$root/$name")
done

is_built() {
    [ -x "$program" ] && [ -e "$root/.deps/starter/config.json" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] \
        && [ -z "$(find "${sources[@]}" -newer "$stamp" -print -quit)" ]
}

if ! is_built; then
    . "$root/scripts/lib.sh"
    require_platform
    mkdir -p "$root/build/$preset"
    # Taken before anything is read: what changes from now on is newer than the program.
    printf '%s\n' "$wanted" >"$stamp.new"
    if [ "$gui" = ON ]; then install_packages run gui; else install_packages run; fi
    provide_libtorch "$variant"
    configure "$preset"
    say "compiling; a first time takes some minutes …"
    build "$preset"
    mv "$stamp.new" "$stamp"
fi
exec "$program" "$@"
