#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ./test.sh [arguments of ctest …]
#
# Builds every test and runs it: windows on Qt's offscreen platform, and those that need focus and shortcuts once more on
# a real X server (Xvfb). Ends with ctest's summary. Examples: ./test.sh -R tokenizer    ./test.sh -L x11
#   STUDIO_TEST_DATA  folder with real data sets (default: ../shared/data where it exists); tests that need it say so
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
. "$root/scripts/lib.sh"

require_platform
find_test_data
install_packages run gui test
provide_libtorch cpu
configure dev
say "compiling the program and its tests; a first time takes some minutes …"
build dev
exec ctest --test-dir "$root/build/dev" --output-on-failure --no-tests=error -j "$(nproc)" "$@"
