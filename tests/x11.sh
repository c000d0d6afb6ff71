#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a test program on an X server of its own, with a window manager, so that focus and shortcuts act as on a desktop.
exec xvfb-run --auto-servernum --server-args "-screen 0 1600x1000x24 -nolisten tcp" sh -c '
    if command -v openbox >/dev/null; then
        openbox --sm-disable >/dev/null 2>&1 &
        # The program starts when the window manager answers.
        for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q "window id" && break
            sleep 0.1
        done
    fi
    "$@"
    result=$?
    kill %1 2>/dev/null
    exit $result' sh "$@"
