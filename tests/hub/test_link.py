"""The conversation with a real hub: handing in, reading, erasing, and who may see whom."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable

import msgspec
import pytest

from app.models.entries import (
    AUTOMATIC,
    Body,
    Called,
    Captured,
    Corrected,
    Disposed,
    Disposition,
    Erased,
    Lifted,
    Merged,
    Objected,
    Outcome,
    Person,
    ScriptPublished,
    Split,
    Undone,
)
from app.models.entry import Entry, encode, hash_of
from app.models.rights import Role
from app.services.seat import new_id
from app.services.team.link import HubUnreachable
from app.services.team.postgres_link import PostgresLink
from tests.hub.team import Author, Team

Member = Callable[..., PostgresLink]
SOMEBODY = Person(first_name="Ada", last_name="Moss", note="call me")


def outcomes(link: PostgresLink, *entries: Entry) -> list[str]:
    return [receipt.outcome for receipt in link.push(entries)]


def captured(author: Author, source: str = "Fair", **fields: object) -> Entry:
    return author.write(Captured(source=source, captured_at=1), SOMEBODY, **fields)


def persons(link: PostgresLink) -> dict[str, bool]:
    """Whether the person part of each entry of the feed can be read."""
    return {entry.id: entry.person is not None for entry in link.pull(0, 1000).entries}


def automatic(entry_id: str, subject: str, body: Body, kind: str) -> Entry:
    made = Entry(id=entry_id, subject=subject, kind=kind, body=encode(body), actor=AUTOMATIC, device="d", at=1)
    made.hash = hash_of(made)
    return made


def test_what_is_handed_in_comes_back_stamped_and_whole(member: Member) -> None:
    ada, author = member("Ada"), Author("Ada")
    entries = [captured(author), author.write(Called(outcome=Outcome.REACHED, called_at=2), seen=(new_id(), new_id()))]
    assert outcomes(ada, *entries) == ["stored", "stored"]
    page = member("Ben").pull(0, 10)
    assert [entry.pos for entry in page.entries] == [1, 2] and page.through == page.head == 2
    for sent, came in zip(entries, sorted(page.entries, key=lambda entry: entry.device_seq), strict=True):
        assert came.verifies() and came.received_at is not None and came.brought_by == ""
        assert msgspec.structs.replace(came, received_at=None, pos=None) == sent


def test_hello_tells_who_is_there_and_how_far_the_hub_is(member: Member) -> None:
    ada, author = member("Ada", "caller", sources=["Fair"]), Author("Ada")
    ada.push([captured(author)])
    welcome = ada.hello("ada-1")
    assert (welcome.member, welcome.role, welcome.sources, welcome.head) == ("Ada", Role.CALLER, ("Fair",), 1)
    assert abs(welcome.now - time.time() * 1000) < 60_000 and len(welcome.epoch) == 32


def test_the_same_entry_twice_is_known_and_stored_once(member: Member) -> None:
    ada, entry = member("Ada"), captured(Author("Ada"))
    assert outcomes(ada, entry, entry) == ["stored", "known"]
    assert outcomes(ada, entry) == ["known"]
    assert len(ada.pull(0, 10).entries) == 1


def test_the_same_id_with_another_hash_is_kept_aside(member: Member, team: Team) -> None:
    ada, author = member("Ada"), Author("Ada")
    entry = captured(author)
    other = captured(author, id=entry.id)
    assert outcomes(ada, entry, other, captured(author)) == ["stored", "quarantined", "stored"]
    assert outcomes(ada, other) == ["quarantined"]
    assert len(ada.pull(0, 10).entries) == 2
    rows = team.admin.execute("SELECT encode(id, 'hex'), reason, offered_by FROM winnow.quarantined()")
    assert rows.fetchall() == [(entry.id, "hash", "Ada")]


POISON: dict[str, Callable[[Author], Entry]] = {
    "id": lambda a: captured(a, id="no id"),
    "subject": lambda a: captured(a, subject="5"),
    "kind": lambda a: captured(a, kind="Captured; drop table"),
    "nul": lambda a: captured(a, kind="a\0b"),
    "surrogate": lambda a: _with(captured(a), actor="Ad\udcffa"),
    "hash": lambda a: _with(captured(a), hash=b"short"),
    "digest": lambda a: _with(captured(a), digest=b"12345"),
    "person": lambda a: _with(captured(a), person=b"{}"),
    "salt": lambda a: _with(captured(a), salt=None),
    "seq": lambda a: _with(captured(a), device_seq=2**63),
    "negative": lambda a: _with(captured(a), at=-1),
    "version": lambda a: _with(captured(a), version=2**31),
    "huge": lambda a: a.write(Captured(source="x" * 2_000_000, captured_at=1)),
    "body": lambda a: _with(captured(a), body=b"\xff not json"),
    "undone": lambda a: _with(a.write(Undone(entry=new_id())), body=b"{"),
    "of nothing": lambda a: a.write(Undone(entry="no id")),
    "actor": lambda a: _with(captured(a), actor=""),
    "forged": lambda a: _with(captured(a), actor="Ben"),
}


def _with(entry: Entry, **fields: object) -> Entry:
    return msgspec.structs.replace(entry, **fields)


@pytest.mark.parametrize("what", POISON)
def test_one_poison_entry_stops_no_other(what: str, member: Member) -> None:
    ada, author = member("Ada"), Author("Ada")
    before, after = captured(author), captured(author)
    assert outcomes(ada, before, POISON[what](author), after) == ["stored", "refused", "stored"]
    assert {entry.id for entry in ada.pull(0, 10).entries} == {before.id, after.id}


def test_stamps_of_a_device_only_grow_whatever_its_clock_says(member: Member) -> None:
    ada, author = member("Ada"), Author("Ada")
    for _ in range(5):
        ada.push([captured(author, at=2**62) for _ in range(20)])
    stamps = [e.received_at for e in sorted(ada.pull(0, 1000).entries, key=lambda e: e.device_seq)]
    assert all(stamps) and stamps == sorted(set(stamps))
    assert abs((stamps[-1] or 0) // 65536 - time.time() * 1000) < 60_000


def test_what_follows_what_was_told_is_stamped_after_it_though_the_hubs_clock_was_put_back(
    member: Member, team: Team
) -> None:
    """Or a decision would count as older than the one that its author had before their eyes."""
    ada, ben = member("Ada"), member("Ben")
    team.root.execute("INSERT INTO winnow.clock VALUES ('ada-1', %s)", (int(time.time() + 3600) * 1000 << 16,))
    ada.push([captured(Author("Ada")) for _ in range(20)])  # it was an hour ahead then
    told = [entry.received_at or 0 for entry in ben.pull(0, 100).entries]
    ben.push([captured(Author("Ben"))])
    assert (ada.pull(20, 1).entries[0].received_at or 0) > max(told)


def test_a_page_says_how_far_it_goes(member: Member) -> None:
    ada, author = member("Ada"), Author("Ada")
    ada.push([captured(author) for _ in range(7)])
    page = ada.pull(0, 3)
    assert (len(page.entries), page.through, page.head) == (3, 3, 7)
    page = ada.pull(6, 3)
    assert (len(page.entries), page.through, page.head) == (1, 7, 7)
    page = ada.pull(7, 3)
    assert (page.entries, page.through) == ([], 7)


def test_the_scripts_that_every_home_has_are_known_whoever_offers_them(member: Member) -> None:
    admin, ada = member("Adm", "admin"), member("Ada")
    body, entry_id, subject = ScriptPublished(key="b2b", number=1, document={"a": 1}), new_id(), new_id()
    made = [Author(name).write(body, id=entry_id, subject=subject, actor=AUTOMATIC) for name in ("Adm", "Ada")]
    assert made[0].hash != made[1].hash
    assert outcomes(ada, made[1]) == ["refused"]
    assert outcomes(admin, made[0]) == ["stored"]
    assert outcomes(ada, made[1]) == outcomes(admin, made[1]) == ["known"]
    other = ScriptPublished(key="b2b", number=1, document={"a": 2})
    changed = Author("Ada").write(other, id=entry_id, subject=subject, actor=AUTOMATIC)
    assert outcomes(ada, changed) == ["refused"] and outcomes(admin, changed) == ["quarantined"]


# brought


def test_what_a_colleague_brings_is_shown_as_brought_until_its_author_confirms_it(member: Member) -> None:
    ada, ben = member("Ada"), member("Ben")
    entry = captured(Author("Ben"))
    assert outcomes(ada, entry) == ["stored"]
    assert ada.pull(0, 10).entries[0].brought_by == "Ada"
    assert outcomes(ada, entry) == ["known"]
    assert outcomes(ben, entry) == ["confirmed"]
    assert ada.pull(0, 10).entries[0].brought_by == ""
    assert outcomes(ben, entry) == ["known"]


def test_a_colleague_brings_only_what_they_might_have_written_themselves(member: Member) -> None:
    booth, author = member("Booth", "intake"), Author("Ben")
    call = author.write(Called(outcome=Outcome.REACHED, called_at=2))
    assert outcomes(booth, captured(author), call) == ["stored", "refused"]


def test_what_was_brought_has_the_hash_that_its_author_gave_it(member: Member) -> None:
    ada, author = member("Ada"), Author("Bénédicte ✓", device="x" * 40)
    sound = [
        captured(author, seen=tuple(new_id() for _ in range(number)), claim_no=claim, version=version)
        for number, claim, version in (
            (0, 0, 1),
            (3, 200, 1),
            (20, 70_000, 1),
            (15, 2**33, 1),
            (16, 127, 1),
            (1, 128, 9),
        )
    ]
    sound.append(author.write(Called(outcome=Outcome.REACHED, called_at=1, answers={"q": "long" * 20_000})))
    assert outcomes(ada, *sound) == ["stored"] * len(sound)
    altered = [_with(captured(author), **{field: value}) for field, value in (
        ("body", b'{"captured_at":2,"source":"Fair"}'), ("wall", 5), ("claim_no", 9), ("seen", (new_id(),)),
        ("device", "y"), ("subject", new_id()), ("digest", bytes(32)), ("kind", "corrected"),
    )]  # fmt: skip
    assert outcomes(ada, *altered) == ["refused"] * len(altered)


def test_what_a_revoked_member_wrote_waits_for_a_lead_but_an_objection_counts_at_once(
    member: Member, team: Team
) -> None:
    ada = member("Ada")
    member("Ben")
    team.admin.execute("SELECT winnow.revoke_member('Ben')")
    ben = Author("Ben")
    assert outcomes(ada, captured(ben), ben.write(Objected(objected_at=1))) == ["held", "stored"]


# erasure


def test_a_requested_erasure_takes_the_person_of_every_entry_and_later_ones_come_without(member: Member) -> None:
    lead, ada, author = member("Lea", "lead"), member("Ada"), Author("Ada")
    first, other = captured(author), captured(author)
    ada.push([first, other])
    assert outcomes(lead, Author("Lea").write(Erased(), subject=first.subject)) == ["stored"]
    late = author.write(Corrected(), SOMEBODY, subject=first.subject)
    assert outcomes(ada, late) == ["stored"]
    seen = persons(lead)
    assert (seen[first.id], seen[other.id], seen[late.id]) == (False, True, False)
    assert all(entry.verifies() for entry in lead.pull(0, 10).entries)


@pytest.mark.parametrize("order", ["erased first", "joined first", "joined and parted"])
def test_an_erasure_takes_the_person_of_its_own_subject_alone(order: str, member: Member) -> None:
    lead, author = member("Lea", "lead"), Author("Lea")
    one, two = captured(author), captured(author)
    merged = author.write(Merged(other=two.subject), subject=one.subject)
    parted = author.write(Split(merge=merged.id), subject=one.subject)
    gone = author.write(Erased(), subject=two.subject)
    orders = {
        "erased first": [gone, one, two, merged],
        "joined first": [one, two, merged, gone],
        "joined and parted": [parted, merged, gone, one, two],
    }
    for entry in orders[order]:
        assert outcomes(lead, entry) == ["stored"]
    late, never = (author.write(Corrected(), SOMEBODY, subject=each.subject) for each in (one, two))
    lead.push([late, never])
    seen = persons(lead)
    assert (seen[one.id], seen[late.id], seen[two.id], seen[never.id]) == (True, True, False, False)


@pytest.mark.parametrize("cause", ["a discard", "a requested erasure"])
def test_an_erasure_reaches_by_itself_whom_somebody_has_joined(cause: str, member: Member) -> None:
    ada, lead, author = member("Ada"), member("Lea", "lead"), Author("Lea")
    one, two, three, stranger = (captured(author) for _ in range(4))
    body = Disposed(disposition=Disposition.DISCARD, decided_at=1) if cause == "a discard" else Erased()
    begun = author.write(body, subject=one.subject)
    merges = [
        author.write(Merged(other=two.subject), subject=one.subject),
        author.write(Merged(other=three.subject), subject=two.subject),
    ]
    done = [automatic(new_id(), e.subject, Erased(disposition=begun.id), "erased") for e in (three, stranger)]
    lead.push([one, two, three, stranger, begun])
    assert outcomes(ada, *done) == ["refused", "refused"]
    # whoever completes it may not have read that a join ended
    lead.push([*merges, author.write(Split(merge=merges[0].id), subject=one.subject)])
    assert outcomes(ada, *done) == ["stored", "refused"]
    assert not persons(lead)[three.id] and persons(lead)[stranger.id] and persons(lead)[two.id]


@pytest.mark.parametrize("joined", ["before", "after"])
def test_no_forged_join_erases_anybody(joined: str, member: Member) -> None:
    """Anybody may hand in a join by Winnow itself, so one that comes after the erasure reaches nobody."""
    ada, booth, author = member("Ada"), member("Booth", "intake"), Author("Ada")
    one, victim = captured(author), captured(author)
    begun = author.write(Disposed(disposition=Disposition.DISCARD, decided_at=1), subject=one.subject)
    merged = automatic(new_id(), one.subject, Merged(other=victim.subject), "merged")
    ada.push([one, victim])
    for entry in [merged, begun] if joined == "before" else [begun, merged]:
        assert outcomes(booth if entry is merged else ada, entry) == ["stored"]
    done = automatic(new_id(), victim.subject, Erased(disposition=begun.id), "erased")
    assert outcomes(booth, done) == ["refused"]
    assert outcomes(ada, done) == ["stored" if joined == "before" else "refused"]
    assert persons(ada)[victim.id] is (joined == "after")


def test_whoever_may_erase_on_request_answers_for_whom_an_erasure_reaches(member: Member) -> None:
    """A hub that was restored has things in another order: what Winnow has erased by itself is not taken back by it."""
    ada, lead, author = member("Ada"), member("Lea", "lead"), Author("Ada")
    one, two, stranger = (captured(author) for _ in range(3))
    begun = author.write(Disposed(disposition=Disposition.DISCARD, decided_at=1), subject=one.subject)
    merged = automatic(new_id(), one.subject, Merged(other=two.subject), "merged")
    for entry in (one, two, stranger, begun, merged):
        assert outcomes(ada, entry) == ["stored"]
    done = automatic(new_id(), two.subject, Erased(disposition=begun.id), "erased")
    assert outcomes(ada, done) == ["refused"]
    assert outcomes(lead, done) == ["stored"]
    assert not persons(lead)[two.id] and persons(lead)[stranger.id]
    never = automatic(new_id(), stranger.subject, Erased(disposition=one.id), "erased")
    assert outcomes(lead, never) == ["refused"], "a capture is no reason to erase anybody"


def test_a_discard_is_completed_by_any_device_and_only_when_the_hub_has_it(member: Member) -> None:
    ada, ben, author = member("Ada"), member("Ben"), Author("Ada")
    first = captured(author)
    decision = author.write(Disposed(disposition=Disposition.DISCARD, decided_at=1), subject=first.subject)
    done = automatic(uuid.uuid4().hex, first.subject, Erased(disposition=decision.id), "erased")
    assert outcomes(ben, done) == ["refused"]
    assert outcomes(ada, first, decision, done) == ["stored"] * 3
    copy = msgspec.structs.replace(done, device="other", device_seq=9, at=77)
    assert hash_of(copy) == done.hash and outcomes(ben, copy) == ["known"]
    assert not any(persons(ben).values())


@pytest.mark.parametrize("what", ["a sell", "another subject", "taken back"])
def test_no_erasure_comes_by_itself_without_a_standing_discard(what: str, member: Member) -> None:
    ada, author = member("Ada"), Author("Ada")
    first = captured(author)
    disposition = Disposition.SELL if what == "a sell" else Disposition.DISCARD
    decision = author.write(Disposed(disposition=disposition, decided_at=1), subject=first.subject)
    ada.push([first, decision])
    if what == "taken back":
        ada.push([author.write(Undone(entry=decision.id), subject=first.subject)])
    subject = new_id() if what == "another subject" else first.subject
    assert outcomes(ada, automatic(new_id(), subject, Erased(disposition=decision.id), "erased")) == ["refused"]
    assert persons(ada)[first.id]


def test_what_waits_in_quarantine_is_erased_too(member: Member, team: Team) -> None:
    lead, author = member("Lea", "lead"), Author("Lea")
    first = captured(author)
    lead.push([first, captured(author, id=first.id, subject=first.subject)])
    sql = "SELECT count(*) FROM winnow.quarantine WHERE person IS NOT NULL"
    assert team.root.execute(sql).fetchone() == (1,)
    lead.push([author.write(Erased(), subject=first.subject)])
    assert team.root.execute(sql).fetchone() == (0,)


# who reads whom


def test_persons_are_read_by_scope(member: Member) -> None:
    booth, author = member("Booth", "intake"), Author("Booth")
    fair, web = captured(author, "Fair"), captured(author, "Web")
    booth.push([fair, web])
    note = Author("Ada").write(Corrected(), SOMEBODY, subject=fair.subject)
    member("Ada").push([note])
    all_of_them = {fair.id: True, web.id: True, note.id: True}
    for name, role in (("Lea", "lead"), ("Adm", "admin"), ("Mia", "marketing"), ("Sam", "sales"), ("Ada", "caller")):
        assert persons(member(name, role)) == all_of_them, role
    for name, role in (("Mio", "marketing"), ("Sue", "sales"), ("Cal", "caller")):
        narrow = member(name, role, sources=["Fair"])
        assert persons(narrow) == {fair.id: True, web.id: False, note.id: True}, role
        assert [entry.id for entry in narrow.persons(0, 10).entries] == [fair.id, note.id]
        assert [entry.person is None for entry in narrow.subjects([web.subject])] == [True]
    assert persons(member("Vic", "viewer")) == dict.fromkeys(all_of_them, False)
    assert persons(booth) == {fair.id: True, web.id: True, note.id: False}


def test_a_grown_scope_is_told_and_its_persons_can_be_read(member: Member, team: Team) -> None:
    cal, author = member("Cal", "caller", sources=[]), Author("Ada")
    web = captured(author, "Web")
    member("Ada").push([web])
    before = cal.hello("cal-1")
    assert cal.persons(0, 10).entries == []
    team.admin.execute("SELECT winnow.set_scope('Cal', %s)", (["Web"],))
    after = cal.hello("cal-1")
    assert (after.scope, after.sources) == (before.scope + 1, ("Web",))
    assert [entry.id for entry in cal.persons(0, 10).entries] == [web.id]


# the rest


def test_an_objection_is_lifted_by_its_author_within_an_hour_and_later_by_a_lead(member: Member) -> None:
    ada, ben, lead = member("Ada"), member("Ben"), member("Lea", "lead")
    author, hour = Author("Ada"), 3_600_000 << 16
    objection = author.write(Objected(objected_at=1))
    ada.push([objection])

    def lifted(by: Author, at: int) -> Entry:
        return by.write(Lifted(objection=objection.id), Person(reason="r"), subject=objection.subject, at=at)

    assert outcomes(ben, lifted(Author("Ben"), objection.at + 1)) == ["refused"]
    assert outcomes(ada, lifted(author, objection.at + hour + 1)) == ["refused"]
    assert outcomes(ada, lifted(author, objection.at - 1)) == ["refused"]
    assert outcomes(ada, lifted(author, objection.at + hour)) == ["stored"]
    assert outcomes(lead, lifted(Author("Lea"), objection.at + 50 * hour)) == ["stored"]


def test_only_a_lead_takes_back_what_others_wrote(member: Member) -> None:
    ada, ben, lead, author = member("Ada"), member("Ben"), member("Lea", "lead"), Author("Ada")
    first = captured(author)
    ada.push([first])
    back = Undone(entry=first.id)
    assert outcomes(ben, Author("Ben").write(back, subject=first.subject)) == ["refused"]
    assert outcomes(lead, Author("Lea").write(back, subject=first.subject)) == ["stored"]
    assert outcomes(ada, author.write(back, subject=first.subject)) == ["stored"]


def test_the_ring_of_keys_is_shared_and_known_ids_keep_their_key(member: Member) -> None:
    ada, ben = member("Ada"), member("Ben")
    ada.add_hash_keys({"1-a": bytes(32)})
    ben.add_hash_keys({"1-a": b"x" * 32, "2-b": b"y" * 32})
    assert ada.hash_keys() == {"1-a": bytes(32), "2-b": b"y" * 32}


def test_a_poke_comes_when_a_colleague_hands_something_in(member: Member) -> None:
    ada, ben = member("Ada"), member("Ben")
    assert ben.wait(0) is False and ben.pokes
    ada.push([captured(Author("Ada"))])
    assert ben.wait(30)


def test_a_copied_home_is_noticed(member: Member, team: Team) -> None:
    one = member("Ada", device="laptop")
    original, copy = Author("Ada", "laptop"), Author("Ada", "laptop")
    one.push([captured(original) for _ in range(3)])
    status = team.link("Root").status()
    assert [device["copied"] for device in status["devices"] if device["device"] == "laptop"] == [False]
    one.push([captured(copy)])
    status = team.link("Root").status()
    assert [device["copied"] for device in status["devices"] if device["device"] == "laptop"] == [True]


def test_a_thousand_entries_are_one_call(member: Member) -> None:
    ada, author = member("Ada"), Author("Ada")
    entries = [captured(author) for _ in range(2500)]
    assert {receipt.outcome for receipt in ada.push(entries)} == {"stored"}
    assert [entry.id for entry in ada.pull(0, 5000).entries] == [entry.id for entry in entries]


def test_an_unknown_kind_is_kept_untouched_and_not_by_booth_staff(member: Member) -> None:
    ada, booth, body = member("Ada"), member("Booth", "intake"), os.urandom(100)
    strange = Author("Ada").write(Captured(source="s", captured_at=1), SOMEBODY, kind="dreamt", body=body, version=7)
    assert outcomes(ada, strange) == ["stored"]
    assert ada.pull(0, 10).entries[0].body == body
    assert outcomes(booth, Author("Booth").write(Corrected(), kind="dreamt")) == ["refused"]


def test_a_pooler_that_loses_what_was_kept_ready_is_got_on_with(member: Member) -> None:
    ada = member("Ada")
    ada.wait(0)
    for _ in range(5):
        assert ada.pull(0, 10).head == 0
    ada._connected().pgconn.exec_(b"DEALLOCATE ALL")  # as though another server answered
    with pytest.raises(HubUnreachable, match="pooler"):
        ada.pull(0, 10)
    ada.wait(0)
    for _ in range(5):
        assert ada.pull(0, 10).head == 0
    row = ada.ask("SELECT count(*) FROM pg_prepared_statements")[0]
    assert row == (0,)
