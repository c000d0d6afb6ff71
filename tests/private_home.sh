#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a test program with a HOME and XDG folders of its own, removed afterwards.
home=$(mktemp -d) || exit 1
trap 'rm -rf "$home"' EXIT INT TERM
mkdir -m 700 "$home/runtime"
HOME=$home XDG_RUNTIME_DIR=$home/runtime XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/data XDG_CACHE_HOME=$home/cache \
    LANG=${LANG:-C.UTF-8} "$@"
