# SPDX-License-Identifier: MIT
"""The real window on an X server of its own (Xvfb, openbox), steered as a person does: by mouse and keyboard (xdotool).

Needs the commands Xvfb, openbox, xdotool, and ImageMagick's import and convert.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import time

PAGES = {"model": "ctrl+1", "data": "ctrl+2", "train": "ctrl+3", "results": "ctrl+4", "try": "ctrl+5", "runs": "ctrl+6",
         "settings": "ctrl+comma"}
PATIENCE = 300  # seconds after which something that should have happened is called missing


class Missing(Exception):
    """What was waited for did not come."""


def wait_for(condition, what, patience=PATIENCE):
    """The first true value of condition()."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise Missing(f"{what}: not within {patience} s")


def ini_text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Desktop:
    """An X server with a window manager, and one start of the program on private folders below `home`."""

    def __init__(self, home, size=(1280, 800), scale=1):
        self.home, self.size, self.scale = pathlib.Path(home), size, scale
        self.started = []
        self.program = None

    def __enter__(self):
        for name in ("config", "data", "cache", "runtime"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        (self.home / "runtime").chmod(0o700)
        read, write = os.pipe()
        width, height = self.size
        self._begin(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp",
                     "-noreset"],  # a server that resets would turn away a client that is just coming
                    pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        if not number:
            raise Missing("Xvfb gave no display")
        self.environment = {**os.environ, "DISPLAY": ":" + number, "HOME": str(self.home), "LANG": "C.UTF-8",
                            "XDG_CONFIG_HOME": str(self.home / "config"), "XDG_DATA_HOME": str(self.home / "data"),
                            "XDG_CACHE_HOME": str(self.home / "cache"), "XDG_RUNTIME_DIR": str(self.home / "runtime"),
                            "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": str(self.scale)}
        # A bare frame: the window has the whole screen.
        rules = self.home / "openbox.xml"
        rules.write_text('<openbox_config xmlns="http://openbox.org/3.4/rc"><applications><application type="normal">'
                         "<decor>no</decor></application></applications></openbox_config>")
        self._begin(["openbox", "--sm-disable", "--config-file", str(rules)], env=self.environment)
        wait_for(lambda: "window id" in self._output("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "the window manager")
        return self

    def __exit__(self, *_):
        for process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _begin(self, command, **options):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
        self.started.append(process)
        return process

    def _output(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True).stdout

    def write_settings(self, groups):
        """The stored settings of the window: {"window": {"language": "en"}, "job": {"arguments": {…}}}."""
        folder = self.home / "config" / "finetune-studio"
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for group, values in groups.items():
            lines.append(f"[{group}]")
            for key, value in values.items():
                if isinstance(value, dict):
                    value = json.dumps(value)
                if isinstance(value, list):
                    lines.append(f"{key}=" + ", ".join(ini_text(one) for one in value))
                else:
                    lines.append(f"{key}=" + (str(value).lower() if isinstance(value, (bool, int)) else ini_text(value)))
        (folder / "studio.ini").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def open(self, program, *arguments):
        """Starts the program and waits until its window has the keyboard."""
        self.program = self._begin([str(program), *map(str, arguments)], env=self.environment)
        self.window = wait_for(lambda: self._visible_window(), "the window", 60)
        width, height = self.size
        self.xdotool("windowmove", self.window, 0, 0)
        self.xdotool("windowsize", self.window, width, height)
        self.xdotool("windowactivate", "--sync", self.window)
        wait_for(lambda: f"{width}x{height}" in self._output("xdotool", "getwindowgeometry", self.window),
                 "the size of the window", 20)

    def _visible_window(self):
        if self.program.poll() is not None:
            raise Missing(f"the program ended with {self.program.returncode} before it had a window")
        found = self._output("xdotool", "search", "--onlyvisible", "--name", "^FineTune Studio$").split()
        return found[-1] if found else None

    def close(self):
        """Leaves the program by its shortcut; gives its exit code."""
        self.key("ctrl+q")
        code = wait_for(lambda: None if self.program.poll() is None else [self.program.returncode], "the end of the program")
        return code[0]

    def xdotool(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def key(self, *keys):
        self.xdotool("key", "--clearmodifiers", *keys)

    def type(self, text):
        self.xdotool("type", "--clearmodifiers", "--delay", 15, text)

    def page(self, name):
        self.key(PAGES[name])

    def click(self, x, y, button=1):
        self.xdotool("mousemove", int(x), int(y), "click", button)

    def park_mouse(self):
        """Where it hovers over nothing."""
        self.xdotool("mousemove", self.size[0] - 2, self.size[1] // 2)

    def screenshot(self, file):
        subprocess.run(["import", "-window", "root", str(file)], env=self.environment, check=True)
        return file

    def find_colour(self, colour, area, fuzz="6%"):
        """Centre of the largest connected patch of a colour in area (x, y, width, height), or None."""
        x, y, width, height = area
        report = subprocess.run(
            f"import -window root png:- | convert png:- -crop {width}x{height}+{x}+{y} +repage -fuzz {fuzz} "
            f"-fill black +opaque '{colour}' -fill white -opaque '{colour}' -alpha off -threshold 50% "
            "-define connected-components:verbose=true -define connected-components:area-threshold=400 "
            "-connected-components 4 null:", shell=True, env=self.environment, capture_output=True, text=True).stdout
        best = None
        for line in report.splitlines():
            found = re.match(r"\s*\d+: (\d+)x(\d+)\+(\d+)\+(\d+) \S+ (\d+) (\S+)", line)
            if found and ("255" in found[6] or "white" in found[6]):
                w, h, left, top, pixels = (int(found[n]) for n in range(1, 6))
                if best is None or pixels > best[0]:
                    best = (pixels, x + left + w / 2, y + top + h / 2)
        return best and best[1:]

    def settle(self, patience=20):
        """Waits until two pictures in a row are the same: nothing is being loaded or drawn any more."""
        def picture():
            return subprocess.run("import -window root -depth 8 rgb:- | sha256sum", shell=True, env=self.environment,
                                  capture_output=True).stdout
        end = time.monotonic() + patience
        before = picture()
        while time.monotonic() < end:
            time.sleep(0.4)
            now = picture()
            if now == before:
                return
            before = now


def events(run):
    """The whole lines of a run's metrics.jsonl."""
    file = pathlib.Path(run) / "metrics.jsonl"
    if not file.exists():
        return []
    text = file.read_bytes()
    return [json.loads(line) for line in text[:text.rfind(b"\n") + 1].splitlines()]


def last_step(run):
    return max((event["step"] for event in events(run) if event["event"] == "step"), default=0)


def say(text):
    print(text, flush=True)


def fail(text):
    print(text, file=sys.stderr, flush=True)
    raise SystemExit(1)
