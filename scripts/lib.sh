# SPDX-License-Identifier: MIT
# Shared by the scripts of this folder; sourced by bash, with $root set to the checkout.

say() { printf '%s\n' "finetune-studio: $*" >&2; }
die() { say "$*"; exit 1; }

require_platform() {
    [ "$(uname -s)" = Linux ] && [ "$(uname -m)" = x86_64 ] && return
    die "this is $(uname -s) on $(uname -m); FineTune Studio builds on x86_64 Linux only, because the pinned LibTorch is made for it."
}

# packages_for run gui …: the packages of scripts/packages.txt with one of these marks.
packages_for() {
    awk -v wanted=" $* " '!/^#/ && NF == 2 && index(wanted, " " $2 " ") { print $1 }' "$root/scripts/packages.txt" | sort -u
}

missing_packages() {
    local packages
    mapfile -t packages < <(packages_for "$@")
    # A line "name installed" for each that is there; everything else is missing.
    dpkg-query -W -f='${binary:Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null \
        | awk -v all="${packages[*]}" '
            $2 == "installed" { sub(/:.*/, "", $1); have[$1] = 1 }
            END { n = split(all, names, " "); for (i = 1; i <= n; i++) if (!(names[i] in have)) print names[i] }'
}

# install_packages run gui …: installs what is missing of them; asks for root only if something is.
install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "this is not a Debian system; the packages of scripts/packages.txt must be there under their names here."
        return
    fi
    local missing as_root=() apt
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    apt="apt-get install -y --no-install-recommends ${missing[*]}"
    say "Debian packages missing: ${missing[*]}"
    if [ "$(id -u)" = 0 ]; then
        as_root=(env)
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        as_root=(sudo)
    elif command -v pkexec >/dev/null && [ -t 0 ]; then
        as_root=(pkexec)
    else
        die "they need root, which cannot be asked for here. Run this as root, then start again: apt-get update && $apt"
    fi
    say "installing them (apt-get says how much it downloads) …"
    "${as_root[@]}" sh -c "apt-get -q update && DEBIAN_FRONTEND=noninteractive exec apt-get -q -o Dpkg::Use-Pty=0 install -y --no-install-recommends ${missing[*]}" \
        </dev/null >&2 || die "apt-get failed (see above). Once that is solved, start again; nothing that was done is lost."
}

has_nvidia_gpu() { [ -e /dev/nvidiactl ] || [ -d /proc/driver/nvidia/gpus ]; }

# own_libtorch: prints the folder of a LibTorch that the user brings (STUDIO_LIBTORCH, CMAKE_PREFIX_PATH, an active Python
# environment) and that a small program compiles with; nothing where there is none. Needs cmake and a compiler.
own_libtorch() {
    [ -n "${CMAKE_PREFIX_PATH:-}${VIRTUAL_ENV:-}${CONDA_PREFIX:-}${STUDIO_LIBTORCH:-}" ] || return 0
    cmake -S "$root/cmake/find_own_libtorch" -B "$root/build/find_own_libtorch" -G Ninja --fresh \
        -DSTUDIO_LIBTORCH="${STUDIO_LIBTORCH:-}" >"$root/build/find_own_libtorch.log" 2>&1 \
        || { grep -A 3 '^  STUDIO_LIBTORCH' "$root/build/find_own_libtorch.log" >&2
            die "looking for a LibTorch of yours failed (see $root/build/find_own_libtorch.log)"; }
    sed -n 's/^-- LibTorch in /LibTorch in /p' "$root/build/find_own_libtorch.log" >&2
    [ -z "${STUDIO_LIBTORCH:-}" ] || [ -s "$root/build/find_own_libtorch/libtorch.txt" ] \
        || die "STUDIO_LIBTORCH is '$STUDIO_LIBTORCH', which this program does not compile with. Unset it to use the pinned one."
    cat "$root/build/find_own_libtorch/libtorch.txt"
}

# provide_libtorch cpu|cuda: sets $libtorch to a LibTorch of the user's own, else fetches the pinned one and leaves it empty.
provide_libtorch() {
    mkdir -p "$root/build"
    libtorch=$(own_libtorch) || exit 1
    local arguments=()
    if [ -n "$libtorch" ]; then
        say "using the LibTorch in $libtorch"
        arguments=(--no-libtorch)
    elif [ "$1" = cuda ]; then
        arguments=(--cuda)
    fi
    "$root/scripts/fetch-deps" "${arguments[@]}" && return
    # Without a network the CPU's LibTorch, once fetched, is better than nothing.
    [ "$1" = cuda ] && [ -e "$root/.deps/site/torch/lib/libtorch_cpu.so" ] && [ -e "$root/.deps/starter/config.json" ] \
        || exit 1
    say "going on without the NVIDIA libraries; this run uses the CPU."
}

# As many compilers at once as there are cores, and 1.5 GB of memory for each.
jobs() {
    awk -v cores="$(nproc)" '/^MemAvailable:/ { n = int($2 / 1500000) } END { print n < 1 ? 1 : n < cores ? n : cores }' \
        /proc/meminfo
}

# configure PRESET [cmake arguments…]: quiet unless it fails. Headers are precompiled unless ccache is there to remember what
# was compiled (STUDIO_PRECOMPILE=ON or OFF decides).
configure() {
    local preset=$1 folder=$root/build/$1 precompile=${STUDIO_PRECOMPILE:-ON}
    shift
    if [ -z "${STUDIO_PRECOMPILE:-}" ] && [[ $preset == dev* ]] && command -v ccache >/dev/null; then precompile=OFF; fi
    mkdir -p "$folder"
    # A build folder that was made for a checkout elsewhere cannot be used.
    if [ -f "$folder/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
        rm -rf "$folder" && mkdir -p "$folder"
    fi
    say "configuring ($preset) …"
    if ! (cd "$root" && cmake --preset "$preset" -DSTUDIO_LIBTORCH="${libtorch:-}" \
        -DSTUDIO_PRECOMPILE="$precompile" "$@") >"$folder/configure.log" 2>&1; then
        tail -n 30 "$folder/configure.log" >&2
        die "configuring failed; all of it is in $folder/configure.log."
    fi
}

# build PRESET [targets…]
build() {
    local folder=$root/build/$1
    shift
    ninja -C "$folder" -j "$(jobs)" "$@" >&2 || die "the build failed (see the first error above)."
}

# find_test_data: exports STUDIO_TEST_DATA where the real data sets lie beside the checkout. CI insists on them.
find_test_data() {
    if [ -z "${STUDIO_TEST_DATA:-}" ] && [ -d "$root/../shared/data" ]; then
        STUDIO_TEST_DATA=$(cd "$root/../shared/data" && pwd)
    fi
    if [ -n "${STUDIO_TEST_DATA:-}" ] && [ -d "$STUDIO_TEST_DATA" ]; then
        export STUDIO_TEST_DATA
        say "real data sets: $STUDIO_TEST_DATA"
    elif [ "${CI:-}" = true ]; then
        die "CI needs the real data sets, but STUDIO_TEST_DATA is '${STUDIO_TEST_DATA:-}' and ../shared/data is absent."
    else
        unset STUDIO_TEST_DATA
        say "no real data sets (STUDIO_TEST_DATA is not a folder); the tests that use them are skipped."
    fi
}
