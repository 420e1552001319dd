"""Tests of the release build in a real window. Started by .ci/window."""

import json
import os
import re
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

BINARY = os.environ["FRAGALYSIS_BINARY"]
SIZE = (1280, 800)
# Far longer than anything takes on a slow machine; a passing test never waits this long.
BOUND = 40
NAME = "fragalysis-desktop"


BUTTON = ("push button", "button", "page tab")
SHOTS = os.environ.get("WINDOW_SHOTS")


class Failed(Exception):
    """Something that was expected did not happen."""


def until(what, look, bound=BOUND):
    """Waits until `look` returns something truthy, and returns it."""
    end = time.monotonic() + bound
    while True:
        try:
            found = look()
        except GLib.Error:
            found = None
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"timed out waiting for {what}")
        time.sleep(0.05)


def run(*command, stdin=None, env=None):
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=BOUND, env=env)
    return done.stdout


class Display:
    """A screen, a window manager, and the settings that make programs support screen readers."""

    def __init__(self, number=97):
        self.name = f":{number}"
        self.server = subprocess.Popen(
            ["Xvfb", self.name, "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.environ["DISPLAY"] = self.name
        until("a display", lambda: subprocess.run(["xdotool", "getdisplaygeometry"], capture_output=True).returncode == 0)
        self.manager = subprocess.Popen(["openbox"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # With this, programs expose their contents to screen readers.
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        bus.call_sync(
            "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set",
            GLib.Variant("(ssv)", ("org.a11y.Status", "IsEnabled", GLib.Variant("b", True))),
            None, Gio.DBusCallFlags.NONE, -1, None,
        )
        Atspi.init()

    def end(self):
        self.manager.terminate()
        self.server.terminate()


def own_clipboard(text, selection="clipboard"):
    """Puts a text into the clipboard, as another program does: from outside ours."""
    subprocess.run(["xclip", "-selection", selection, "-in"], input=text, text=True, check=True)


def clipboard(target=None):
    command = ["xclip", "-selection", "clipboard", "-out"]
    if target:
        command += ["-target", target]
    return subprocess.run(command, capture_output=True, timeout=5).stdout


class Program:
    """The program under test."""

    # What was on screen when the last one ended, to diagnose failures.
    last_seen = []

    def __init__(self, home, *arguments, env=None):
        self.home = home
        own = dict(os.environ, HOME=home, XDG_CONFIG_HOME=f"{home}/config", XDG_DATA_HOME=f"{home}/data",
                   XDG_DOWNLOAD_DIR=f"{home}/downloads")
        own.update(env or {})
        self.process = subprocess.Popen(
            [BINARY, *arguments], env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        self.window = until("the window", self.find_window)
        run("xdotool", "windowsize", "--sync", self.window, str(SIZE[0]), str(SIZE[1] - 30))
        run("xdotool", "windowactivate", "--sync", self.window)

    def find_window(self):
        if self.process.poll() is not None:
            raise Failed(f"it ended with {self.process.returncode}: {self.process.stderr.read()}")
        found = run("xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid), "--name", "Fragalysis")
        return found.split()[0] if found.split() else None

    def root(self):
        desktop = Atspi.get_desktop(0)
        for at in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(at)
            if program and program.get_process_id() == self.process.pid:
                return program
        return None

    def all(self, cells=False):
        """Every object of the window, as a screen reader finds them; the hundreds of cells only if requested."""
        root = self.root()
        queue = [root] if root else []
        while queue:
            node = queue.pop(0)
            yield node
            try:
                if not cells and node.get_role_name() == "table":
                    continue
                queue.extend(node.get_child_at_index(at) for at in range(node.get_child_count()))
            except GLib.Error:
                continue

    def seen(self):
        return [f"{node.get_role_name()} “{node.get_name()}”" for node in self.all() if node.get_name()]

    def find(self, name, role=None):
        def fits(node):
            own = node.get_name() or ""
            is_it = name.search(own) if isinstance(name, re.Pattern) else own == name
            return is_it and (role is None or node.get_role_name() in role)

        cells = bool(role) and "table cell" in role
        return next((node for node in self.all(cells) if node and fits(node)), None)

    def wait(self, name, role=None, bound=BOUND):
        try:
            return until(f"{role or 'a control'} “{getattr(name, 'pattern', name)}”", lambda: self.find(name, role), bound)
        except Failed:
            if SHOTS:
                self.shot(f"{SHOTS}/failed-{os.getpid()}-{time.monotonic():.0f}.png")
            raise

    def gone(self, name):
        until(f"“{name}” to go", lambda: not self.find(name))

    def place(self, node):
        box = node.get_extents(Atspi.CoordType.SCREEN)
        return box.x + box.width // 2, box.y + box.height // 2

    def click(self, name, role=None, button="1"):
        node = self.wait(name, role)

        def still():
            # A control that is still moving would be missed.
            first = self.place(node)
            time.sleep(0.06)
            return first if first == self.place(node) and first[1] > 0 else None

        x, y = until(f"“{name}” to stand still", still)
        run("xdotool", "mousemove", str(x), str(y))
        time.sleep(0.05)
        run("xdotool", "click", button)
        time.sleep(0.05)

    def key(self, *keys):
        for key in keys:
            run("xdotool", "key", "--clearmodifiers", key)
            time.sleep(0.05)

    def type(self, text):
        run("xdotool", "type", "--clearmodifiers", "--delay", "8", text)

    def shot(self, file):
        run("import", "-window", self.window, file)

    def quit(self):
        # As a user does: with the window manager's shortcut.
        run("xdotool", "windowactivate", "--sync", self.window)
        self.key("alt+F4")

    def ended(self, bound=BOUND):
        until("the program to end", lambda: self.process.poll() is not None, bound)
        return self.process.returncode

    def end(self):
        if sys.exc_info()[0] and self.process.poll() is None:
            Program.last_seen = self.seen()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def files_below(folder):
    return sorted(
        os.path.relpath(os.path.join(place, name), folder)
        for place, _, names in os.walk(folder) for name in names
    )


def sign_in_with_paste(program, paste):
    """Pastes the token in one way, and signs in."""
    program.click("Session token", ("password text", "entry", "text"))
    paste(program)
    program.click("Sign in", BUTTON)
    program.wait(re.compile("^alice"))


TRIALS = []


def trial(function):
    TRIALS.append(function)
    return function


@trial
def a_token_is_pasted_in_three_ways(home):
    for name, paste in [
        ("Ctrl+V", lambda program: program.key("ctrl+v")),
        ("Shift+Insert", lambda program: program.key("shift+Insert")),
        ("the button", lambda program: program.click("Paste")),
    ]:
        program = Program(tempfile.mkdtemp(dir=home), "--demo")
        try:
            own_clipboard("  sessionid=demo-alice\n")
            sign_in_with_paste(program, paste)
        except Failed as failed:
            raise Failed(f"{name}: {failed}") from None
        finally:
            program.end()


def signed_in(home, *arguments, env=None):
    program = Program(home, "--demo", *arguments, env=env)
    own_clipboard("demo-alice")
    sign_in_with_paste(program, lambda program: program.key("ctrl+v"))
    return program


def demo_server(*arguments):
    """A demo server that outlives the program under test, and its address."""
    command = [BINARY, "demo", "--port", "0", "--json", *arguments]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = ""
    while not told.rstrip().endswith("}"):
        told += server.stdout.readline()
    return server, json.loads(told)["url"]


def records(home):
    return [name for name in files_below(home) if name.endswith("fragalysis-download.json")]


def holds_token(home):
    for place, _, names in os.walk(home):
        for name in names:
            with open(os.path.join(place, name), "rb") as file:
                if b"demo-alice" in file.read():
                    return os.path.join(place, name)
    return None


def set_speed_limit(home, bytes_per_second):
    """Limits the speed of downloads, as the settings do, while the program is not running."""
    path = os.path.join(home, "config", NAME, "settings.json")
    settings = {}
    if os.path.exists(path):
        with open(path) as file:
            settings = json.load(file)
    settings["speed_limit"] = bytes_per_second
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        json.dump(settings, file)


def download_all(program):
    program.click(re.compile("^Download .*…$"), BUTTON)
    program.click(re.compile("^Download (all|[0-9])"), BUTTON)


@trial
def from_the_token_to_checked_files(home):
    program = signed_in(home)
    try:
        program.click(re.compile("^PHIPA lb"))
        program.wait("Experiments, 80 rows, 12 columns")
        download_all(program)
        until("the record of the download", lambda: records(home))
        with open(os.path.join(home, records(home)[0])) as file:
            record = json.load(file)
        if record["report"]["outcome"] != "complete":
            raise Failed(str(record["report"]))
        place = os.path.dirname(os.path.join(home, records(home)[0]))
        for one in record["files"]:
            if os.path.getsize(os.path.join(place, one["path"])) != one["bytes"]:
                raise Failed(f"{one['path']} is not as long as its record says")
        if found := holds_token(home):
            raise Failed(f"the token is in {found}")
        # A shared folder: anyone who may read the user's other files may read these.
        usual = os.path.join(home, "usual")
        open(usual, "w").close()
        for name in ("fragalysis-download.json", "metadata.csv"):
            if os.path.exists(os.path.join(place, name)):
                mode = os.stat(os.path.join(place, name)).st_mode & 0o777
                if mode != os.stat(usual).st_mode & 0o777:
                    raise Failed(f"{name} has the rights {mode:o}")
    finally:
        program.end()


@trial
def rows_and_a_smiles_go_out_through_the_clipboard(home):
    program = signed_in(home)
    try:
        program.click(re.compile("^PHIPA lb"))
        program.wait("Experiments, 80 rows, 12 columns")
        program.click("1.28", ("table cell",))
        program.key("ctrl+a", "ctrl+c")
        rows = until("rows in the clipboard", lambda: (t := clipboard().decode()).count("PHIPA-x") >= 80 and t)
        if len(rows.splitlines()) != 81 or "\t" not in rows:
            raise Failed(f"{len(rows.splitlines())} lines, or no columns")
        program.click("1.28", ("table cell",))
        program.key("Return")
        program.click(re.compile("^Copy.*SMILES"), BUTTON)
        smiles = until("a SMILES in the clipboard", lambda: (t := clipboard().decode()) and "\t" not in t and len(t) > 3 and t)
        if not re.fullmatch(r"[A-Za-z0-9@+\-\[\]()=#/\\.%]+", smiles):
            raise Failed(f"no SMILES: {smiles!r}")
        # What was copied is still there when the program is not, as the desktop's clipboard keeps it or not; here
        # this only checks that the end of the program does not hang on it.
        program.quit()
        program.ended()
    finally:
        program.end()


@trial
def hits_are_cards_and_a_molfile_goes_into_the_clipboard(home):
    program = signed_in(home)
    try:
        program.click(re.compile("^PHIPA lb"))
        program.click("Hits")
        program.click("Cards")
        card = re.compile(r"^p\d{4}[a-z], .*\d Å")
        program.click(card, ("list item",))
        program.click(card, ("list item",), button="3")
        program.click("Copy molfile")
        until("a molfile in the clipboard", lambda: "M  END" in clipboard().decode())
        program.click(card, ("list item",), button="3")
        program.click("Copy picture")
        until("a picture in the clipboard", lambda: clipboard("image/png").startswith(b"\x89PNG"))
        wide, high = struct.unpack(">II", clipboard("image/png")[16:24])
        if min(wide, high) < 200:
            raise Failed(f"the picture of a molecule has {wide} × {high} pixels")
        # Found by its structure: fewer than all, and more than none.
        program.click("Find structures")
        program.type("c1ccncc1")
        cards = lambda: [node for node in program.all() if card.match(node.get_name() or "")]
        until("fewer cards", lambda: 0 < len(cards()) < 10)
    finally:
        program.end()


@trial
def whoever_stays_signed_in_is_there_again_after_a_restart(home):
    subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets"], input="\n", text=True, capture_output=True)
    server, url = demo_server()
    program = Program(home, "--server", url)
    try:
        own_clipboard("demo-alice")
        program.click(re.compile("Keep me signed in"), ("check box",))
        sign_in_with_paste(program, lambda program: program.key("ctrl+v"))
        kept = lambda: run("secret-tool", "search", "--all", "service", "Fragalysis Desktop")  # noqa: E731
        until("the token in the keyring", lambda: "demo-alice" in kept())
        program.quit()
        program.ended()
        if found := holds_token(home):
            raise Failed(f"the token is in {found}")
        program = Program(home, "--server", url)
        program.wait(re.compile("^alice"))
    finally:
        program.end()
        server.kill()


@trial
def a_folder_is_chosen_in_the_desktops_own_dialog(home):
    chosen = os.path.join(home, "my data")
    os.makedirs(chosen)
    program = signed_in(home)
    try:
        program.click(re.compile("^PHIPA lb"))
        program.wait("Experiments, 80 rows, 12 columns")
        program.click(re.compile("^Download .*…$"), BUTTON)
        program.click("Choose…", BUTTON)
        dialog = until("the dialog of zenity", lambda: run("xdotool", "search", "--onlyvisible", "--class", "zenity").split())[0]
        run("xdotool", "windowactivate", "--sync", dialog)
        time.sleep(0.5)
        # The first key opens the field for a path, and the rest goes into it.
        run("xdotool", "type", "/")
        time.sleep(0.7)
        run("xdotool", "type", "--delay", "20", chosen[1:])
        time.sleep(0.3)
        run("xdotool", "key", "Return")
        time.sleep(0.3)
        if run("xdotool", "search", "--onlyvisible", "--class", "zenity").split():
            run("xdotool", "key", "Return")
        run("xdotool", "windowactivate", "--sync", program.window)
        program.click(re.compile("^Download (all|[0-9])"), BUTTON)
        until("the data in the chosen folder", lambda: records(chosen))
    finally:
        program.end()


@trial
def stars_and_notes_are_there_after_a_restart_and_in_a_further_window(home):
    program = signed_in(home)
    further = []
    try:
        program.click(re.compile("^PHIPA lb"))
        program.wait("Experiments, 80 rows, 12 columns")
        cell = program.wait(re.compile("^PHIPA-x"), ("table cell",)).get_name()
        program.click(cell, ("table cell",))
        program.key("s")
        program.wait(f"{cell}, starred", ("table cell",))
        program.click(f"{cell}, starred", ("table cell",), button="3")
        program.click("Write a note", BUTTON)
        program.wait(f"Your note on {cell}")
        program.type("ask Anna")
        program.quit()
        program.ended()
        with open(os.path.join(home, "data", NAME, "notes", "demo.json")) as file:
            (note,) = json.load(file)["experiments"]
        if (note["code"], note["star"], note["note"]) != (cell, True, "ask Anna"):
            raise Failed(str(note))
        program = signed_in(home)
        program.wait("Only starred experiments", BUTTON)
        program.key("ctrl+n")
        further = until("a further window", lambda: run("pgrep", "-P", str(program.process.pid), NAME[:15]).split())
        until("its window", lambda: run("xdotool", "search", "--onlyvisible", "--pid", further[0]).split())
        if program.process.poll() is not None:
            raise Failed("the first window has gone")
    finally:
        program.end()
        for child in further:
            run("kill", child)


@trial
def letters_with_marks_are_typed_with_dead_keys(home):
    run("setxkbmap", "us", "intl")
    program = signed_in(home)
    try:
        program.click("Find a target", ("entry", "text"))
        program.key("dead_acute", "e")
        program.type("x")
        field = program.wait("Find a target", ("entry", "text"))
        until("é in the field", lambda: Atspi.Text.get_text(field, 0, -1) == "éx")
    finally:
        program.end()
        run("setxkbmap", "us")


@trial
def words_come_from_an_input_method(home):
    # Six Latin keys become two syllables, which the input method hands over as a whole.
    own = dict(os.environ, HOME=home)
    daemon = subprocess.Popen(["ibus-daemon", "--xim", "--panel", "disable", "--emoji-extension", "disable"],
                              env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    program = None
    try:
        choose = ["timeout", "5", "ibus", "engine", "hangul"]
        until("the input method", lambda: subprocess.run(choose, env=own, capture_output=True).returncode == 0)
        program = signed_in(home, env={"XMODIFIERS": "@im=ibus"})
        program.click("Find a target", ("entry", "text"))
        program.type("x")
        program.key("shift+space")
        program.type("gksrmf")
        program.key("space")
        field = program.wait("Find a target", ("entry", "text"))
        until("two syllables in the field", lambda: Atspi.Text.get_text(field, 0, -1).strip() == "x한글")
    finally:
        if program:
            program.end()
        daemon.terminate()
        daemon.wait()


@trial
def a_download_survives_the_end_of_the_program(home):
    server, url = demo_server()
    try:
        for end in ("quit", "kill"):
            own = os.path.join(home, end)
            # Without a limit it may be complete before the test has looked.
            set_speed_limit(own, 200_000)
            program = Program(own, "--server", url)
            try:
                program.click("Browse public data without signing in", BUTTON)
                program.click(re.compile("^Mpro lb"))
                program.wait(re.compile("^Experiments, 420 rows"))
                download_all(program)
                until("a download under way", lambda: any(".part/" in name for name in files_below(own)))
                if end == "quit":
                    # With a download under way the window asks first.
                    program.quit()
                    program.click("Close now", BUTTON)
                    program.ended()
                else:
                    program.process.send_signal(signal.SIGKILL)
                    program.ended()
                if records(own):
                    raise Failed("the download was over before the program ended")
                set_speed_limit(own, None)
                program = Program(own, "--server", url)
                program.wait(re.compile("^Experiments|Browse public"))
                if program.find("Browse public data without signing in"):
                    program.click("Browse public data without signing in", BUTTON)
                until(f"the files after a {end}", lambda: records(own))
                with open(os.path.join(own, records(own)[0])) as file:
                    if json.load(file)["report"]["outcome"] != "complete":
                        raise Failed("it is not complete")
                until("nothing hidden left", lambda: not any(".part" in name for name in files_below(own)))
            finally:
                program.end()
    finally:
        server.kill()


def run_curl_script(script, folder, env):
    """Runs the script of the dialog as it says itself: order, wait, fetch. Returns the archive."""

    def follow(more):
        command = ["bash", "-euo", "pipefail", "-c", script + more]
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise Failed(f"the script for curl: {done.stderr} {done.stdout}")
        return done.stdout

    def last_json(text):
        # The order itself is answered first, each time.
        at, found = 0, None
        while at < len(text):
            found, length = json.JSONDecoder().raw_decode(text[at:])
            at += length
            at += len(text[at:]) - len(text[at:].lstrip())
        return found

    answer = last_json(follow(""))
    if task := answer.get("task_status_url"):

        def built():
            more = f"TASK_STATUS_URL={shlex.quote(task)}\n" + 'ask "$SERVER/${TASK_STATUS_URL#/}"\n'
            state = last_json(follow(more))
            return state if state["status"] == "SUCCESS" else None

        answer = {"file_url": until("the archive of the script", built, 30)["messages"]}
    handle = answer["file_url"]
    handle = handle[0] if isinstance(handle, list) else handle
    fetch = next(line for line in script.splitlines() if "--data-urlencode" in line).lstrip("# ")
    follow(f"FILE_URL={shlex.quote(handle)}\n{fetch}\n")
    return os.path.join(folder, "archive")


@trial
def the_scripts_of_the_dialog_download_the_same(home):
    for generation in ("2024", "2026"):
        server, url = demo_server("--generation", generation)
        own = os.path.join(home, generation)
        program = None
        try:
            program = Program(own, "--server", url)
            own_clipboard("demo-alice")
            sign_in_with_paste(program, lambda program: program.key("ctrl+v"))
            # A private target: without the token there would be nothing.
            program.click("A71EV2A lb32627-66")
            program.click(re.compile("^Download .*…$"), BUTTON)
            program.click("Command line", BUTTON)
            env = dict(os.environ, FRAGALYSIS_TOKEN="demo-alice", HOME=own)
            for language in ("Python", "curl"):
                program.click(language)
                program.click("Copy the command", BUTTON)
                marks = {"Python": b"import json", "curl": b"SERVER="}
                script = until(f"the script for {language}", lambda: (
                    text if (text := clipboard()).startswith(marks[language]) else None
                )).decode()
                if "demo-alice" in script:
                    raise Failed(f"the script for {language} holds the token")
                folder = os.path.join(own, language)
                os.makedirs(folder)
                if language == "curl":
                    archive = run_curl_script(script, folder, env)
                else:
                    command = ["python3", "-"]
                    done = subprocess.run(command, input=script, cwd=folder, env=env, capture_output=True,
                                          text=True, timeout=60)
                    if done.returncode:
                        raise Failed(f"the script for Python: {done.stderr}")
                    archive = os.path.join(folder, os.listdir(folder)[0])
                if zipfile.is_zipfile(archive):
                    names = zipfile.ZipFile(archive).namelist()
                else:
                    names = tarfile.open(archive).getnames()
                if not any(name.endswith("metadata.csv") for name in names):
                    raise Failed(f"{language}: {names}")
        finally:
            if program:
                program.end()
            server.kill()


@trial
def both_renderers_and_a_stale_wayland(home):
    for arguments, env in [
        (["--renderer", "glow"], {}),
        (["--renderer", "wgpu"], {}),
        ([], {"WAYLAND_DISPLAY": "wayland-gone"}),
        ([], {"WAYLAND_SOCKET": "99"}),
    ]:
        program = Program(tempfile.mkdtemp(dir=home), "--demo", *arguments, env=env)
        try:
            program.wait("Browse public data without signing in", BUTTON)
            picture = os.path.join(home, "window.png")

            def is_drawn():
                # Screen readers hear of a window before its first picture is there.
                program.shot(picture)
                return int(run("identify", "-format", "%k", picture) or 0) >= 20

            until(f"a picture of the window with {arguments} {env}", is_drawn)
            program.quit()
            program.ended()
        finally:
            program.end()


@trial
def letters_of_other_scripts_are_drawn(home):
    program = signed_in(home)
    try:
        for text in ("主蛋白酶", "한국어"):
            program.click("Find a target", ("entry", "text"))
            program.key("ctrl+a", "Delete")
            own_clipboard(text)
            program.key("ctrl+v")
            field = program.wait("Find a target", ("entry", "text"))
            until(f"{text} in the field", lambda: Atspi.Text.get_text(field, 0, -1) == text)
            time.sleep(0.3)
            box = field.get_extents(Atspi.CoordType.SCREEN)
            picture = os.path.join(home, "field.png")
            region = f"{box.width - 40}x{box.height - 8}+{box.x + 22}+{box.y + 4}"
            run("import", "-window", "root", "-crop", region, picture)
            dark = float(run("convert", picture, "-colorspace", "gray", "-threshold", "60%", "-format", "%[fx:(1-mean)*w*h]", "info:"))
            if dark < 120:
                raise Failed(f"{text}: {dark:.0f} dark pixels are not letters")
    finally:
        program.end()


class Mute:
    """A service that takes its name on the bus and never answers."""

    def __init__(self, name):
        code = (
            "import sys, gi\n"
            "from gi.repository import Gio, GLib\n"
            "Gio.bus_own_name(Gio.BusType.SESSION, sys.argv[1], Gio.BusNameOwnerFlags.REPLACE, None, None, None)\n"
            "bus = Gio.bus_get_sync(Gio.BusType.SESSION)\n"
            "bus.add_filter(lambda bus, message, incoming: None if incoming and message.get_message_type() == Gio.DBusMessageType.METHOD_CALL else message)\n"
            "print('ready', flush=True)\n"
            "GLib.MainLoop().run()\n"
        )
        self.process = subprocess.Popen(["/usr/bin/python3", "-c", code, name], stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def end(self):
        self.process.kill()
        self.process.wait()


@trial
def a_mute_keychain_keeps_nobody(home):
    run("pkill", "-f", "gnome-keyring-daemon")
    mute = Mute("org.freedesktop.secrets")
    program = Program(home, "--demo")
    try:
        own_clipboard("demo-alice")
        program.click(re.compile("Keep me signed in"), ("check box",))
        sign_in_with_paste(program, lambda program: program.key("ctrl+v"))
        program.quit()
        program.ended(15)
    finally:
        program.end()
        mute.end()


@trial
def a_mute_portal_does_not_stop_the_window(home):
    mute = Mute("org.freedesktop.portal.Desktop")
    program = signed_in(home)
    try:
        program.click(re.compile("^PHIPA lb"))
        program.wait("Experiments, 80 rows, 12 columns")
        program.click(re.compile("^Download .*…$"), BUTTON)
        program.click("Choose…", BUTTON)
        # The dialog never comes; the window continues, and the folder that is already entered is used.
        program.click(re.compile("^Download (all|[0-9])"), BUTTON)
        until("the files", lambda: records(home))
        program.quit()
        program.ended(15)
    finally:
        program.end()
        mute.end()


def main():
    wanted = sys.argv[1:]
    display = Display()
    failures = 0
    passed = 0
    try:
        for one in TRIALS:
            if wanted and not any(part in one.__name__ for part in wanted):
                continue
            home = tempfile.mkdtemp(prefix="fragalysis-window-")
            Program.last_seen = []
            begun = time.monotonic()
            try:
                one(home)
                passed += 1
                print(f"ok      {one.__name__} ({time.monotonic() - begun:.1f} s)", flush=True)
            except Exception:  # noqa: BLE001 - whatever it is, the next trial has its turn
                failures += 1
                print(f"FAILED  {one.__name__}", flush=True)
                traceback.print_exc(limit=4)
                print("on screen was:", *Program.last_seen, sep="\n  ")
            finally:
                shutil.rmtree(home, ignore_errors=True)
    finally:
        display.end()
    print(f"{passed} passed, {failures} failed")
    # A name that matches no test must not look like a success.
    sys.exit(0 if passed and not failures else 1)


main()
