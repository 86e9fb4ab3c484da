"""A team for journeys: laptops that have joined a real hub, windows as processes, and a way to the hub that fails."""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from app.bootstrap import Home, _open
from app.models.rights import Role
from app.services import capture, changing_settings
from app.services.seat import wall_clock
from app.services.team import hub
from app.services.team.sync import Report, sync_once
from tests.services.actions_at_random import tables_now
from tests.services.made_up import KEY, form, new_home

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0  # how long anything may take on a busy machine
LOOK_S = 0.05
QTS_OWN = {"This plugin does not support propagateSizeHints()"}  # of the platform without a display
Seen = dict[str, Any]


class Laptop:
    """One home of a member; open here, or in a window of its own."""

    def __init__(self, path: Path, name: str, offset: int = 0) -> None:
        self.path, self.name, self.offset = path, name, offset
        with new_home(path, self.clock) as home:  # type: ignore[arg-type]
            changing_settings.change(home.seat, "name", name)
            changing_settings.change(home.seat, "calling-hours", "00:00-24:00")

    def clock(self) -> int:
        """The laptop's own, which may be wrong."""
        return wall_clock() + self.offset

    def opened(self) -> Home:
        """Its home, for services."""
        return _open(self.path, KEY, self.clock)

    def window(self) -> Window:
        """Its window, in a process."""
        return Window(self.path, self.offset)

    def synced(self) -> Report:
        """In step, once, without a window."""
        with self.opened() as home:
            return synced(home)


def synced(home: Home) -> Report:
    """One exchange with the hub."""
    link = hub.link_of(home.seat)
    try:
        return sync_once(home.seat, link)
    finally:
        link.close()


def begin(lead: Laptop, url: str, *others: tuple[Laptop, Role], people: int = 0) -> list[str]:
    """Makes the hub; the lead captures so many, whose ids it returns; the others join and have them."""
    with lead.opened() as home:
        ids = [capture.capture(home.seat, form(number)).inquiry_id for number in range(people)]
        hub.create(home.seat, url)
        invitations = {other.name: hub.invite(home.seat, other.name, role) for other, role in others}
        synced(home)
    for other, _ in others:
        with other.opened() as home:
            hub.join(home.seat, invitations[other.name])
            synced(home)
    return ids


def agree(*laptops: Laptop) -> bool:
    """Whether all have the same about everybody, once each is in step; a number is a home's own, and left out."""
    for each in laptops:
        each.synced()
    found = []
    for each in laptops:
        with each.opened() as home:
            synced(home)
            tables = tables_now(home.seat)
            ids = dict(home.seat.store.query("SELECT num, id FROM inquiry"))
        tables["inquiry"] = sorted((row[1:] for row in tables["inquiry"]), key=repr)
        tables["search"] = sorted(((ids[row[0]], *row[1:]) for row in tables["search"]), key=repr)
        found.append(tables)
    assert all(each == found[0] for each in found[1:]), "the laptops do not agree"
    return True


class Window:
    """What a person does at a window that runs in another process, and what they see."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.window_process", str(path), str(offset)], cwd=ROOT, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.kept: list[tuple[str, str]] = []  # as it was acknowledged
        self.words: list[bytes] = []
        self._answers: queue.Queue[Seen | None] = queue.Queue()
        self._listeners = [threading.Thread(target=each, daemon=True) for each in (self._listen, self._listen_to_words)]
        for listener in self._listeners:
            listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            heard = json.loads(line)
            if "kept" in heard:
                self.kept.append((heard["kept"], heard["inquiry"]))
            else:
                self._answers.put(heard["seen"])
        self._answers.put(None)

    def _listen_to_words(self) -> None:
        assert self.process.stderr is not None
        self.words += self.process.stderr

    def _ask(self, *request: str) -> Seen:
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        try:
            seen = self._answers.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError(f"the window does not answer: {self.last_words()}") from None
        assert seen is not None, f"the window has ended: {self.last_words()}"
        return seen

    def last_words(self) -> str:
        """What it said of its end."""
        return b"".join(self.words).decode()[-3000:]

    def look(self) -> Seen:
        """What is to be seen now."""
        return self._ask("look")

    def press(self, name: str, page: str = "calls") -> Seen:
        """A key of the registry."""
        return self._ask("press", name, page)

    def send(self, sequence: str) -> Seen:
        """Any key."""
        return self._ask("send", sequence)

    def type(self, text: str) -> Seen:
        """Words."""
        return self._ask("type", text)

    def ask(self, *request: str) -> Seen:
        """Anything else that the window's process knows."""
        return self._ask(*request)

    def until(self, condition: Callable[[Seen], Any], seconds: float = PATIENCE_S) -> Seen:
        """Looks until something is so."""
        end = time.monotonic() + seconds
        while not condition(seen := self.look()):
            assert time.monotonic() < end, f"it never came about: {seen}; {self.last_words()}"
            time.sleep(LOOK_S)
        return seen

    def in_step(self) -> Seen:
        """Begun, and the same as the hub."""
        return self.until(lambda seen: seen["ready"] and seen["standing"] == "in-step")

    def in_hand(self, other_than: str = "") -> str:
        """Whom the page of calls shows, once it has come to rest."""

        def there(seen: Seen) -> bool:
            calls = seen["calls"]
            return bool(calls["in_hand"]) and calls["in_hand"] != other_than and not calls["busy"]

        return str(self.until(there)["calls"]["in_hand"])

    def decide(self, name: str = "sell") -> str:
        """Calls whoever is in hand and decides, by keys; returns who it was, when the store has it."""
        inquiry = self.in_hand()
        self.press("call")
        self.until(lambda seen: seen["calls"]["runs"])
        before = len(self.kept)
        self.press(name)
        answered = 0

        def done(seen: Seen) -> bool:
            nonlocal answered
            if (name, inquiry) in self.kept[before:]:
                return True
            if seen["calls"]["asks"] and answered < 4:
                answered += 1
                self.send("Return" if seen["calls"]["words"] else "1")
            return False

        self.until(done)
        return inquiry

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self._end()

    def close(self) -> int:
        """As a person closes it; returns the exit code."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.write(b'["close"]\n')
            self.process.stdin.flush()
        self._end()
        return int(self.process.returncode)

    def _end(self) -> None:
        try:
            self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()
            self.process.wait()
            for listener in self._listeners:
                listener.join(5)
            for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
                assert pipe is not None
                with suppress(BrokenPipeError):
                    pipe.close()


@contextmanager
def windows(*laptops: Laptop) -> Iterator[list[Window]]:
    """The windows of these laptops, closed at the end whatever happens."""
    opened = [laptop.window() for laptop in laptops]
    try:
        yield opened
    finally:
        for window in opened:
            if window.process.poll() is None or not window.process.stdout.closed:  # type: ignore[union-attr]
                window.kill()


class Way:
    """The network between laptops and the server: it can be open, silent (half-open), or closed."""

    def __init__(self, port: int) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._to = port
        self._open = threading.Event()
        self._open.set()
        self._closed = False
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Whoever talks is cut off, and whoever calls is turned away."""
        self._closed = True
        self._cut()

    def fall_silent(self) -> None:
        """Everything stays connected, and nothing arrives any more."""
        self._open.clear()

    def open(self, *, anew: bool = True) -> None:
        """As before; conversations that were silent are cut off, as a router that comes back does."""
        if anew:
            self._cut()
        self._closed = False
        self._open.set()

    def end(self) -> None:
        """For good."""
        self._closed = True
        self._open.set()
        for each in (self._listening, *self._ends):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _cut(self) -> None:
        ends, self._ends = self._ends, []
        for each in ends:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self._closed:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [client, server]
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._open.wait()
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class Shift:
    """A shift that works itself in a process of its own; what it acknowledges is heard at once."""

    CODE = (
        "import json, os, pathlib, sys\n"
        "from app import bootstrap\n"
        "from app.ui import shift\n"
        "from tests.services.made_up import KEY\n"
        "def told(what): os.write(1, (json.dumps(what) + '\\n').encode())\n"
        "home = bootstrap._open(pathlib.Path(sys.argv[1]), KEY, bootstrap.wall_clock)\n"
        "with home:\n"
        "    done = shift.run(home, calls=int(sys.argv[2]), seed=int(sys.argv[3]), told=told)\n"
        "    told({'done': done['calls']})\n"
    )

    def __init__(self, laptop: Laptop, calls: int, seed: int) -> None:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.CODE, str(laptop.path), str(calls), str(seed)], cwd=laptop.path.parent,
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.laptop = laptop
        self.kept: list[tuple[str, str]] = []
        self.done = -1
        self.begun = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            heard = json.loads(line)
            if "kept" in heard:
                self.kept.append((heard["kept"], heard["inquiry"]))
            self.done = heard.get("done", self.done)
            if len(self.kept) > 2:
                self.begun.set()
        self.begun.set()

    def wait(self, seconds: float = 2 * PATIENCE_S) -> str:
        """Until it has ended; returns its last words, empty when all went well."""
        assert self.process.stderr is not None and self.process.stdout is not None
        try:
            lines = self.process.stderr.read().decode().splitlines()
            words = "\n".join(line for line in lines if line not in QTS_OWN)
            code = self.process.wait(seconds)
        finally:
            self.process.kill()
            self.process.wait()
            self._listener.join(5)
            self.process.stderr.close()
            self.process.stdout.close()
        return words or ("" if code == 0 else f"it ended with {code}")

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.wait()
