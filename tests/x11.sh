#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a test program on an X server of its own, with a window manager, so that focus and shortcuts act as on a desktop.
# -noreset: a server that resets itself when a client leaves and none is left closes the door on one that is just coming.
exec xvfb-run --auto-servernum --server-args "-screen 0 1600x1000x24 -nolisten tcp -noreset" sh -c '
    manager= tries=0
    until xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q "window id"; do
        if [ -z "$manager" ] || ! kill -0 "$manager" 2>/dev/null; then
            openbox --sm-disable >/dev/null 2>&1 & # once more, if it could not start
            manager=$!
        fi
        tries=$((tries + 1))
        if [ "$tries" -gt 300 ]; then
            echo "x11.sh: no window manager answers after 30 s; is openbox installed?" >&2
            exit 1
        fi
        sleep 0.1
    done
    "$@"
    result=$?
    kill "$manager" 2>/dev/null
    exit $result' sh "$@"
