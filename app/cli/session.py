"""One run of the terminal: the home it works in, who asks, and the form of its answers."""

from __future__ import annotations

import os
import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app import bootstrap
from app.services.errors import EnvironmentFailed, Locked, Refused
from app.services.seat import wall_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.models.entries import Id, Millis
    from app.services.seat import Seat, wall_clock


WAKINGS = 20  # transactions of waking whose day has come; the rest is left to the next command
PATIENCE = 20.0  # seconds; on a busy machine a home takes some to be made


class Session:
    """The home of a command, opened when it is first needed, and its output."""

    def __init__(self, clock: Callable[[], Millis] = wall_clock) -> None:
        self.given: str | None = None  # --home
        self.json = False
        self._clock = clock
        self._home: bootstrap.Home | None = None

    # the home

    @property
    def path(self) -> Path:
        """Where the home is, or will be."""
        return bootstrap.home_path(self.given)

    @property
    def home(self) -> bootstrap.Home:
        """The open home; the first command makes it, and says its recovery code once.

        Raises:
            Locked: nothing that was given opens it.
        """
        if self._home is None:
            self._do_what_is_due(self.as_it_is.seat)
        return self.as_it_is

    @property
    def as_it_is(self) -> bootstrap.Home:
        """The open home before anything due is done in it: its tables may be damaged."""
        if self._home is None:
            from app.services.queue import TERMINAL

            self._home = self._opened()
            self._home.seat.holder = f"{TERMINAL}{os.getpid()}-{uuid.uuid4().hex[:8]}"
        return self._home

    @property
    def seat(self) -> Seat:
        """The seat in the open home."""
        return self.home.seat

    def use(self, home: bootstrap.Home) -> None:
        """Work in a home that is open already."""
        self._home = home

    def close(self) -> None:
        """Close the home, if it was opened."""
        if self._home is not None:
            self._home.close()
            self._home = None

    def _opened(self) -> bootstrap.Home:
        """Opens or makes the home; waits a moment while another command makes or prepares it."""
        patience = time.monotonic() + PATIENCE
        while True:
            try:
                return self._open() if bootstrap.exists(self.path) else self._create()
            except (Locked, EnvironmentFailed):
                raise
            except Refused:
                if time.monotonic() > patience:
                    raise
                time.sleep(0.25)

    def _open(self) -> bootstrap.Home:
        passphrase = os.environ.get("WINNOW_PASSPHRASE", "")
        try:
            return bootstrap.open_home(self.path, passphrase=passphrase, clock=self._clock)
        except Locked:
            if passphrase or not self.asks:
                raise
        passphrase = click.prompt("Passphrase", hide_input=True, err=True)
        return bootstrap.open_home(self.path, passphrase=passphrase, clock=self._clock)

    def _create(self) -> bootstrap.Home:
        passphrase = os.environ.get("WINNOW_PASSPHRASE", "")
        try:
            home, code = bootstrap.create(self.path, passphrase=passphrase, clock=self._clock)
        except Locked:
            if passphrase or not self.asks:
                raise
            click.echo("A new home: choose a passphrase that opens it.", err=True)
            passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
            home, code = bootstrap.create(self.path, passphrase=passphrase, clock=self._clock)
        self.say(f"A new home in {self.path}.")
        self.say(f"Recovery code, shown once; it opens the home when all else is lost: {code}")
        return home

    @staticmethod
    def _do_what_is_due(seat: Seat) -> None:
        from app.services import privacy
        from app.services.nurture import waking

        privacy.erase_due(seat)
        for _ in range(WAKINGS):
            if not waking.wake_due(seat).inquiries:
                break

    # people

    @property
    def asks(self) -> bool:
        """Whether somebody sits at the terminal who can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def inquiry(self, text: str) -> Id:
        """The inquiry that an id on the command line names.

        Raises:
            IdUnclear: too short, no id, or it fits several. NotFound: it fits none.
        """
        from app.services.finding import inquiry_named

        return inquiry_named(self.seat, text)

    # output

    def document(self, content: Any) -> None:
        """The one JSON document on standard output."""
        import msgspec

        try:
            text = msgspec.json.encode(content).decode()
        except UnicodeEncodeError:  # the name of a file that is no text
            text = msgspec.json.encode(_readable(content)).decode()
        self.out(text)

    def out(self, text: str = "") -> None:
        """A line for standard output."""
        sys.stdout.write(f"{text}\n")

    def say(self, text: str) -> None:
        """A line beside the result, for standard error."""
        sys.stderr.write(f"{text}\n")

    def progress(self, what: str) -> Callable[[int, int], None]:
        """Shows how far long work is, on a terminal alone; called with done and total (0: not known)."""
        if not sys.stderr.isatty():
            return lambda done, total: None

        def show(done: int, total: int) -> None:
            share = f" {done * 100 // total} %" if total else ""
            sys.stderr.write(f"\r\x1b[K{what}: {done:,}{share}")
            if total and done >= total:
                sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

        return show


def _readable(content: Any) -> Any:
    """The same document with a question mark for every byte that is no text."""
    if isinstance(content, str):
        return content.encode("utf-8", "replace").decode()
    if isinstance(content, dict):
        return {key: _readable(value) for key, value in content.items()}
    return [_readable(value) for value in content] if isinstance(content, list) else content
