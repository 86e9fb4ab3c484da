"""The server is stopped and started, the network is cut and mended, amid the work of two laptops: nothing is lost.

Not by a stand-in: `pg_ctl stop -m fast` is what an update of the server does, and the cut network is the kernel's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from app.models.entries import Captured
from app.services import capture
from app.services.errors import EnvironmentFailed
from app.services.seat import Seat
from app.services.team import connecting
from app.services.team.link import HubUnreachable
from app.services.team.postgres_link import PostgresLink
from app.services.team.syncer import Standing
from tests.hub.server import Server, running
from tests.hub.team import Author, Team
from tests.hub.test_syncer import Running, in_step
from tests.services.made_up import Clock, form, new_home

PATIENCE_S = 60.0
Connect = Callable[[str], PostgresLink]


@contextmanager
def two_laptops(folder: Path, team: Team, connect: Connect) -> Iterator[tuple[Running, Running]]:
    """Ada's and Tom's, in step with the hub."""
    with ExitStack() as opened:
        made: list[Running] = []
        for name in ("Ada", "Tom"):
            team.join(name)
            home = opened.enter_context(new_home(folder / name, Clock()))
            with home.seat.store.writing() as connection:
                connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES('name', ?)", (name,))
            home.seat.settings_changed()
            made.append(Running(home.seat, lambda name=name: connect(name)))
            opened.callback(made[-1].end)
        for each in made:
            each.until(lambda each=each: in_step(each))
        yield made[0], made[1]


class AtWork:
    """Somebody who captures one inquiry after the other, whatever becomes of the hub."""

    def __init__(self, laptop: Running, most: int = 400) -> None:
        self.made: list[str] = []
        self._laptop, self._most, self._over = laptop, most, threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        seat = self._laptop.seat
        for number in range(self._most):
            if self._over.wait(0.02):
                return
            self.made.append(capture.capture(seat, form(number)).inquiry_id)
            self._laptop.syncer.poke()

    def until(self, count: int) -> None:
        """Until so many are captured."""
        _until(lambda: len(self.made) >= count or not self._thread.is_alive())
        assert len(self.made) >= count

    def end(self) -> list[str]:
        """Everybody who was captured."""
        self._over.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        return self.made


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.02)


def _both_in_step(laptops: tuple[Running, Running], team: Team, made: list[str]) -> None:
    """Everybody captured is on both laptops and once on the hub."""

    def arrived() -> bool:
        for laptop in laptops:
            laptop.syncer.poke()  # whoever waits longer after a failure looks now
        return all(_knows(laptop.seat, made) and in_step(laptop) for laptop in laptops)

    _until(arrived)
    with closing(team.server.admin(team.database)) as admin:
        rows = admin.execute(
            "SELECT subject::text, count(*) FROM winnow.entry WHERE kind = 'captured' GROUP BY 1"
        ).fetchall()
        feed = admin.execute(
            "SELECT count(*), count(DISTINCT id), max(pos + n - 1) "
            "FROM winnow.feed, unnest(ids) WITH ORDINALITY e (id, n)"
        ).fetchone()
    assert {subject.replace("-", ""): count for subject, count in rows} == dict.fromkeys(made, 1)
    assert feed is not None and feed[0] == feed[1] == feed[2]


def _knows(seat: Seat, inquiries: list[str]) -> bool:
    row = seat.store.one("SELECT count(DISTINCT subject) FROM ledger WHERE kind = 'captured' AND pos IS NOT NULL")
    return row is not None and row[0] == len(inquiries)


def test_a_server_that_is_stopped_fast_and_started_again_amid_work_loses_nothing(tmp_path: Path) -> None:
    with (
        running() as server,
        server.hub() as name,
        closing(Team(server, name)) as team,
        two_laptops(tmp_path, team, lambda who: PostgresLink(team.options(who))) as laptops,
    ):
        work = AtWork(laptops[0])
        for stop in range(1, 3):
            work.until(20 * stop)
            server.stop_fast()
            for laptop in laptops:
                laptop.syncer.poke()
                laptop.until(lambda laptop=laptop: laptop.syncer.state.standing is Standing.OFFLINE)
                assert laptop.syncer.state.why, "the reason is told"
                assert not laptop.syncer.state.may_claim
            before = len(work.made)
            work.until(before + 3)  # people go on meanwhile
            server.start()
            for laptop in laptops:
                _until(lambda laptop=laptop: laptop.syncer.poke() is None and in_step(laptop))
        _both_in_step(laptops, team, work.end())


def test_a_conversation_that_a_stop_ends_says_so_in_words(tmp_path: Path) -> None:
    with running() as server, server.hub() as name, closing(Team(server, name)) as team:
        link = team.link("Ada")
        refused: list[str] = []
        waiting = threading.Thread(target=lambda: _wait_for_a_poke(link, refused), daemon=True)
        waiting.start()
        _until(lambda: link.pokes is True)
        server.stop_fast()
        waiting.join(PATIENCE_S)
        assert not waiting.is_alive(), "whoever waits for a poke is woken by the end of the conversation"
        with pytest.raises(HubUnreachable):
            link.hello("ada-1")
        server.start()
        assert link.hello("ada-1").member == "Ada"
        assert link.push([Author("Ada").write(Captured(source="s", captured_at=1))])[0].outcome == "stored"


def _wait_for_a_poke(link: PostgresLink, refused: list[str]) -> None:
    end = time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < end:
            link.wait(5.0)
    except EnvironmentFailed as error:
        refused.append(str(error))


# a network of the kernel's own


class Network:
    """A server in a network of its own, joined with this computer by one cable."""

    def __init__(self, server: Server, name: str, near: str, far: str) -> None:
        self.server, self.name, self.near, self.far = server, name, near, far

    def options(self, team: Team, who: str) -> dict[str, str]:
        """As from another computer: TLS, the certificate checked, the channel bound."""
        options = {**team.options(who), "host": "localhost", "hostaddr": self.far}
        return connecting.safe(options, self.server.ca)

    def cut(self, how: str) -> None:
        """Pull the cable, or let something in between swallow every answer."""
        if how == "unplugged":
            ip("link", "set", f"{self.name}a", "down")
        else:
            ip("-n", self.name, "route", "add", "blackhole", f"{self.near}/32")

    def mend(self, how: str) -> None:
        if how == "unplugged":
            ip("link", "set", f"{self.name}a", "up")
        else:
            ip("-n", self.name, "route", "del", "blackhole", f"{self.near}/32")


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=20)


@pytest.fixture
def network() -> Iterator[Network]:
    """Skipped where nobody may make a network: not root, a container without the right, not Linux."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("Only root makes a network, with ip (iproute2).")
    name, third = f"wnw{os.getpid() % 100_000}", os.getpid() % 250
    near, far = f"10.213.{third}.1", f"10.213.{third}.2"
    try:
        ip("netns", "add", name)
    except (subprocess.SubprocessError, OSError):
        pytest.skip("No network can be made here.")
    try:
        try:
            ip("link", "add", f"{name}a", "type", "veth", "peer", "name", f"{name}b", "netns", name)
        except (subprocess.SubprocessError, OSError):
            pytest.skip("No network can be made here.")
        ip("addr", "add", f"{near}/30", "dev", f"{name}a")
        ip("link", "set", f"{name}a", "up")
        ip("-n", name, "addr", "add", f"{far}/30", "dev", f"{name}b")
        ip("-n", name, "link", "set", f"{name}b", "up")
        ip("-n", name, "link", "set", "lo", "up")
        with running(
            before=("ip", "netns", "exec", name), listen=far, hba=f"hostssl all all {near}/32 scram-sha-256"
        ) as server:
            assert server.ca.exists()  # a server that cannot encrypt is no server on another computer
            yield Network(server, name, near, far)
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True, timeout=20)


@pytest.mark.parametrize("how", ["unplugged", "silent"])
def test_a_network_that_is_cut_and_mended_amid_work_loses_nothing(
    how: str, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "ANSWER_S", 2.0)  # 30 s in earnest
    monkeypatch.setattr(connecting, "SECONDS_TO_CONNECT", 3)
    monkeypatch.setitem(connecting.SILENCE, "tcp_user_timeout", "3000")
    with (
        network.server.hub() as name,
        closing(Team(network.server, name)) as team,
        two_laptops(tmp_path, team, lambda who: PostgresLink(network.options(team, who))) as laptops,
    ):
        work = AtWork(laptops[0])
        work.until(20)
        network.cut(how)
        try:
            for laptop in laptops:
                laptop.syncer.poke()
                laptop.until(lambda laptop=laptop: laptop.syncer.state.standing is Standing.OFFLINE)
                assert laptop.syncer.state.why
            work.until(len(work.made) + 3)
        finally:
            network.mend(how)
        _both_in_step(laptops, team, work.end())
