"""Whoever keeps a store in step says at any moment how it stands, and why, and comes back by itself."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.models.entries import Outcome
from app.services import calling, capture
from app.services.seat import Changed
from app.services.team import syncer as module
from app.services.team.link import PROTOCOL, HubUnreachable, Page, Welcome
from app.services.team.syncer import Standing, Syncer, SyncState
from tests.services.made_up import Clock, form
from tests.sync.model_hub import ModelHub, ModelLink, copy


@pytest.fixture
def make(laptop, hub: ModelHub) -> Callable[..., Syncer]:  # type: ignore[no-untyped-def]
    """A syncer of a laptop whose states and changes are kept."""

    def made(member: str, link: type[ModelLink] = ModelLink, **options: Any) -> Syncer:
        hub.link(member)
        return Syncer(laptop(member), lambda: link(hub, member), chance=random.Random(1), **options)

    return made


def test_every_state_has_its_reason_and_a_failure_waits_longer_each_time(make, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    class Gone(ModelLink):
        gone = True

        def hello(self, device: str, protocol: int = PROTOCOL) -> Welcome:
            if self.gone:
                raise HubUnreachable("No network here.")
            return super().hello(device, protocol)

    states: list[SyncState] = []
    syncer = make("Anna", Gone, told=states.append)
    assert syncer.state.standing is Standing.STARTING and syncer.state.sentence
    waits = [syncer.round() for _ in range(8)]
    assert waits[0] < 3 and max(waits) <= module.BACKOFF_S[1] and waits[6] > 10
    assert (syncer.state.standing, syncer.state.why) == (Standing.OFFLINE, "No network here.")
    assert not syncer.state.may_claim
    since = syncer.state.since
    Gone.gone = False
    assert syncer.round() <= module.POLL_S[1]
    assert syncer.state.standing is Standing.IN_STEP and syncer.state.may_claim and syncer.state.since >= since
    assert syncer.state.member == "Anna" and syncer.state.in_step_at is not None
    hub.people["Anna"].revoked = True
    assert syncer.round() == module.REFUSED_S
    assert (syncer.state.standing, syncer.state.why) == (Standing.REFUSED, "Anna was revoked.")
    assert [state.standing for state in states][-1] is Standing.REFUSED


def test_a_version_that_is_too_old_shares_and_says_so(make, hub: ModelHub) -> None:  # type: ignore[no-untyped-def]
    class Newer(ModelLink):
        def hello(self, device: str, protocol: int = PROTOCOL) -> Welcome:
            return copy(super().hello(device, protocol), oldest_protocol=PROTOCOL + 1)

    syncer = make("Anna", Newer)
    capture.capture(syncer._seat, form(1))
    syncer.round()
    assert syncer.state.standing is Standing.TOO_OLD and not syncer.state.may_claim
    assert hub.entries


def test_a_conversation_without_any_step_counts_as_stuck(make, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    seen: list[SyncState] = []

    class Silent(ModelLink):
        def pull(self, after: int, size: int) -> Page:
            syncer._stepped -= module.SILENT_S + 60
            seen.append(syncer.state)
            return super().pull(after, size)

    syncer = make("Anna", Silent)
    syncer.round()
    assert seen[0].standing is Standing.STUCK and "not answered for 3 minutes" in seen[0].why
    assert syncer.state.standing is Standing.IN_STEP


def test_it_hears_what_others_do_and_hands_in_what_is_new_without_being_told(make, hub: ModelHub, clock: Clock) -> None:  # type: ignore[no-untyped-def]
    class Waits(ModelLink):
        def wait(self, seconds: float) -> bool:
            threading.Event().wait(min(seconds, 0.01))
            return False

    changes: list[Changed] = []
    heard, stop = threading.Event(), threading.Event()

    def changed(what: Changed) -> None:
        changes.append(what)
        heard.set()

    anna = make("Anna", Waits, changed=changed)
    bo = make("Bo")
    thread = threading.Thread(target=anna.run, args=(stop,))
    inquiry = capture.capture(bo._seat, form(1)).inquiry_id
    bo.round()
    thread.start()
    try:
        assert heard.wait(20)
        assert changes[0].inquiries == {inquiry}
        calling.log_call(anna._seat, inquiry, Outcome.BUSY)
        anna.poke()
        for _ in range(500):
            if any(entry.kind == "called" for entry in list(hub.entries.values())):
                break
            threading.Event().wait(0.02)
        else:
            pytest.fail("the call was never handed in")
    finally:
        stop.set()
        anna.poke()
        thread.join(20)
    assert not thread.is_alive()


def test_what_else_is_said_to_the_hub_is_said_after_each_exchange(make) -> None:  # type: ignore[no-untyped-def]
    said: list[str] = []
    syncer = make("Anna", beside=lambda work, link, welcome: said.append(welcome.member))
    syncer.round()
    syncer.round()
    assert said == ["Anna", "Anna"]
