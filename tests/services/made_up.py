"""Made-up people, the clock of the tests, and other windows on the same home."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

from app import bootstrap
from app.services.capture import CaptureForm
from app.services.seat import Seat
from app.services.store.connection import Store

KEY = bytes(range(32))
ROOT = Path(__file__).parents[2]
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
NOON = int(datetime(2026, 3, 10, 15, 0, tzinfo=UTC).timestamp() * 1000)  # 16:00 in Berlin, 11:00 in New York
THOROUGH = bool(os.environ.get("WINNOW_THOROUGH"))

FIRST = ("Anna", "Bruno", "Clara", "David", "Elena", "Felix", "Greta", "Hugo", "Irene", "Jonas")
LAST = ("Abendroth", "Brinkmann", "Castellani", "Dufresne", "Eriksson", "Fontaine", "Grimaldi", "Hollander")


def profile(modest: int, thorough: int) -> settings:
    """How many examples a property of the store is tried on."""
    return settings(
        max_examples=thorough if THOROUGH else modest,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking whole homes takes minutes
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    )


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def on(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now += milliseconds


class WallClock:
    """The wall's clock, put ahead or back by hand."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return bootstrap.wall_clock() + self.ahead


def form(number: int = 0, **fields: str) -> CaptureForm:
    """Somebody made up: each number is another person in Berlin."""
    usual = {
        "first_name": FIRST[number % len(FIRST)],
        "last_name": LAST[number % len(LAST)] + (str(number) if number >= 40 else ""),
        "company": f"Werk {number} GmbH",
        "phone": berlin(number),
        "email": f"person{number}@werk{number}.example",
        "country": "DE",
        "source": "Fair",
    }
    return CaptureForm(**(usual | fields))


def berlin(number: int) -> str:
    """A number for fiction in Berlin."""
    return f"+4930231{25000 + number:05d}"


def new_york(number: int) -> str:
    """A number for fiction in Washington, D.C."""
    return f"+1202555{100 + number % 100:04d}"


def beside(seat: Seat, *, member: str = "", holder: str = "") -> Seat:
    """Another window on the same home, perhaps of another member."""
    other = Seat(Store(seat.store.path, KEY), device=seat.device, clock=seat.clock, holder=holder or uuid.uuid4().hex)
    if member:
        other.settings._values["name"] = member
    return other


_TEMPLATE: list[Path] = []


def new_home(path: Path, clock: Clock) -> bootstrap.Home:
    """A home as `bootstrap.create` makes it, but under the tests' key; copied, since migrating takes longer."""
    if not _TEMPLATE:
        made = Path(tempfile.mkdtemp(prefix="winnow-template-"))
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        bootstrap._furnished(bootstrap._open(made, KEY, Clock(NOON - DAY))).close()
        _TEMPLATE.append(made)
    shutil.copytree(_TEMPLATE[0], path)
    return bootstrap._open(path, KEY, clock)


def python(code: str, *arguments: str, **options: object) -> subprocess.Popen[str]:
    """Another process that runs some code against this checkout."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT, **options
    )
