"""`winnow hub` against a real server: create, invite, join, status, members, set, revoke, leave."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Answer, Terminal
from tests.hub.server import Server, running

Run = Callable[..., Answer]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as made:
        yield made


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """An address at which there is no database yet."""
    name = f"team_{uuid.uuid4().hex[:8]}"
    yield server.url(name)
    with server.admin("postgres") as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def at(empty_home: Path, tmp_path: Path, home: Path, terminal: Terminal) -> Callable[[str], Run]:
    """Runs a command in the home of somebody: at("Marta")("hub", "status")."""

    def of(name: str) -> Run:
        path = tmp_path / name
        if not path.exists():
            shutil.copytree(empty_home, path)
            assert terminal("--home", str(path), "set", "name", name).code == 0
        return lambda *argv: terminal("--home", str(path), *argv)

    return of


@pytest.fixture
def root(at: Callable[[str], Run], url: str) -> Run:
    """The home of the admin of a new hub."""
    run = at("Root")
    made = run("hub", "create", url, "--json")
    assert made.code == 0, made.out + made.err
    assert made.json == {"hub": url.partition("@")[2], "member": "Root", "role": "admin"}
    return run


def invitation(root: Run, name: str, *more: str) -> str:
    answer = root("hub", "invite", name, "--json", *(more or ("--role", "caller")))
    assert answer.code == 0, answer.out
    return str(answer.json["invitation"])


def test_a_team_begins_with_its_admin_and_grows_by_pasting(root: Run, at: Callable[[str], Run]) -> None:
    text, marta = invitation(root, "Marta"), at("M. at home")
    preview = marta("hub", "join", text, "--preview", "--json")
    assert preview.code == 0 and preview.json["member"] == "Marta" and preview.json["role"] == "caller"
    joined = marta("hub", "join", text, "--json")
    assert joined.code == 0 and joined.json["member"] == "Marta"
    assert marta("set", "--json").json["name"] == "Marta"
    assert marta("hub", "members", "--json").json == [
        {"name": "Marta", "role": "caller", "sources": None, "revoked": False},
        {"name": "Root", "role": "admin", "sources": None, "revoked": False},
    ]


def test_status_has_the_keys_that_scripts_rely_on(root: Run) -> None:
    found = root("hub", "status", "--json")
    assert found.code == 0
    keys = {"reachable", "lag_entries", "unshared", "role", "epoch", "pos", "oldest_transaction_seconds"}
    assert keys <= found.json.keys()
    assert (found.json["reachable"], found.json["role"], found.json["pos"]) == (True, "admin", 0)
    assert found.json["unshared"] > 0 and found.json["quarantined"] == 0


def test_an_invitation_is_used_once(root: Run, at: Callable[[str], Run]) -> None:
    text = invitation(root, "Marta")
    assert at("Marta")("hub", "join", text).code == 0
    assert at("Marta")("hub", "join", text).code == 0  # the same home: it has joined
    again = at("Somebody")("hub", "join", text, "--json")
    assert (again.code, again.json["error"]["code"]) == (3, "hub_refused")
    assert root("hub", "invite", "Marta", "--role", "caller").code == 3


def test_an_invitation_survives_the_line_ends_of_a_mail(root: Run, at: Callable[[str], Run]) -> None:
    text = invitation(root, "Marta")
    words = [f"> {text[start : start + 60]}\r\n" for start in range(0, len(text), 60)]
    assert at("Marta")("hub", "join", *words).code == 0


def test_half_an_invitation_says_so(root: Run, at: Callable[[str], Run]) -> None:
    answer = at("Marta")("hub", "join", invitation(root, "Marta")[:-5], "--json")
    assert (answer.code, answer.json["error"]["code"]) == (3, "no_invitation")


def test_whoever_is_revoked_is_refused_and_told(root: Run, at: Callable[[str], Run]) -> None:
    marta = at("Marta")
    marta("hub", "join", invitation(root, "Marta"))
    assert root("hub", "revoke", "Marta").code == 0
    answer = marta("hub", "members", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (3, "hub_refused")
    status = marta("hub", "status", "--json")
    assert (status.code, status.json["reachable"]) == (0, False)
    assert [m["revoked"] for m in root("hub", "members", "--json").json] == [True, False]


def test_a_revoked_member_can_be_invited_again(root: Run, at: Callable[[str], Run]) -> None:
    marta = at("Marta")
    marta("hub", "join", invitation(root, "Marta"))
    root("hub", "revoke", "Marta")
    text = invitation(root, "Marta", "--role", "sales")
    answer = marta("hub", "join", text, "--json")
    assert (answer.code, answer.json["role"]) == (0, "sales")


def test_a_caller_may_not_do_an_admins_work(root: Run, at: Callable[[str], Run]) -> None:
    marta = at("Marta")
    marta("hub", "join", invitation(root, "Marta"))
    for words in (("invite", "X", "--role", "admin"), ("revoke", "Root"), ("set", "Marta", "--role", "admin"),
                  ("begin-epoch",)):  # fmt: skip
        answer = marta("hub", *words, "--json")
        assert (answer.code, answer.json["error"]["code"]) == (3, "hub_refused"), words


def test_scope_and_role_are_set_by_an_admin(root: Run, at: Callable[[str], Run]) -> None:
    at("Marta")("hub", "join", invitation(root, "Marta", "--role", "caller", "--source", "Fair"))
    assert root("hub", "members", "--json").json[0]["sources"] == ["Fair"]
    assert root("hub", "set", "Marta", "--source", "Web", "--source", "Fair", "--role", "sales").code == 0
    marta = root("hub", "members", "--json").json[0]
    assert (marta["sources"], marta["role"]) == (["Fair", "Web"], "sales")
    assert root("hub", "set", "Marta", "--all-sources").code == 0
    assert root("hub", "members", "--json").json[0]["sources"] is None
    assert root("hub", "set", "Marta").code == 2
    assert root("hub", "set", "Nobody", "--all-sources").code == 3


def test_what_is_kept_aside_is_listed_and_nothing_unknown_is_decided(root: Run) -> None:
    assert root("hub", "aside", "--json").json == []
    for words in (("--take", "0" * 32), ("--drop", "0" * 32), ("--drop", "no id"), ("--take-all", "Ben")):
        assert root("hub", "aside", *words, "--json").code == 3, words
    assert root("hub", "aside", "--take", "0" * 32, "--drop-all", "Ben").code == 2


def test_the_work_of_somebody_revoked_is_carried_in_and_a_lead_lets_it_in_or_leaves_it_out(
    root: Run, at: Callable[[str], Run], tmp_path: Path
) -> None:
    ben, marta, lena, stick = at("Ben"), at("Marta"), at("Lena"), str(tmp_path / "stick.bundle")
    for name, run, role in (("Ben", ben, "caller"), ("Marta", marta, "caller"), ("Lena", lena, "lead")):
        assert run("hub", "join", invitation(root, name, "--role", role)).code == 0
        assert run("sync", "--once").code == 0
    for last, number in (("Ode", "+49 30 1234567"), ("Ude", "+49 30 7654321")):
        assert ben("capture", "--last-name", last, "--phone", number, "--source", "Fair").code == 0
    carried = ben("carry", "out", stick)
    assert carried.code == 0, carried.out + carried.err
    assert root("hub", "revoke", "Ben").code == 0
    assert marta("carry", "in", stick).code == 0
    said = marta("sync", "--once").out
    assert "held back: Ben was revoked; a team lead decides." in said
    assert marta("queue", "--all", "--json").json == []
    assert lena("hub", "aside").out.count("Ode") == 1
    first, second, *more = [kept for kept in lena("hub", "aside", "--json").json if kept["kind"] == "captured"]
    assert (first["name"], first["actor"], first["offered_by"], more) == ("Ode", "Ben", "Marta", [])
    assert lena("hub", "aside", "--drop", second["entry"], "--json").json == [
        {"entry": second["entry"], "became": "left out"}
    ]
    assert marta("hub", "aside").code != 0
    assert lena("hub", "aside", "--take-all", "Ben").out.count("stored") >= 1
    assert lena("hub", "aside", "--json").json == []
    said = marta("sync", "--once").out
    assert "Lena has left it out." in said and "a team lead decides" not in said
    assert len(marta("queue", "--all", "--json").json) == 1


def test_a_terminal_shares_among_those_who_are_there_and_gives_nothing_to_a_stranger(
    root: Run, at: Callable[[str], Run]
) -> None:
    """No window runs beside it that would have heard who belongs to the team."""
    found = root("capture", "--last-name", "Meier", "--phone", "+49 30 1234567", "--source", "Web", "--json").json["id"]
    stranger = root("reassign", found, "--to", "Nobody")
    assert stranger.code == 3 and "Nobody" in stranger.err
    marta = at("Marta")
    assert marta("hub", "join", invitation(root, "Marta")).code == 0
    assert marta("sync", "--once").code == 0
    assert root("reassign", found, "--evenly", "--json").json == {"moved": {"Marta": 1}}


def test_the_last_admin_stays(root: Run) -> None:
    for words in (("leave",), ("revoke", "Root"), ("set", "Root", "--role", "caller")):
        assert root("hub", *words).code == 3, words
    assert root("hub", "status", "--json").json["reachable"]


def test_whoever_leaves_keeps_what_is_here_and_can_join_another_team(root: Run, at: Callable[[str], Run]) -> None:
    marta = at("Marta")
    marta("hub", "join", invitation(root, "Marta"))
    marta("capture", "--last-name", "Moss", "--phone", "+1 202 555 0143", "--source", "Web")
    assert marta("hub", "leave").code == 0
    answer = marta("hub", "status", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (3, "not_joined")
    assert len(marta("queue", "--all", "--json").json) == 1
    assert marta("hub", "join", invitation(root, "Marta")).code == 0


def test_an_unreachable_hub_is_the_networks_failure_and_nothing_is_lost(at: Callable[[str], Run]) -> None:
    answer = at("Root")("hub", "create", "postgresql://postgres:x@127.0.0.1:1/winnow", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (4, "hub_unreachable")
    assert at("Root")("hub", "create", "no address", "--json").code == 3


def test_a_hub_that_is_down_is_shown_by_status_and_refuses_nothing_here(root: Run, server: Server, url: str) -> None:
    server.stop()
    try:
        found = root("hub", "status", "--json")
        assert (found.code, found.json["reachable"], found.json["lag_entries"]) == (0, False, None)
        answer = root("hub", "invite", "Marta", "--role", "caller", "--json")
        assert (answer.code, answer.json["error"]["code"]) == (4, "hub_unreachable")
        assert root("capture", "--last-name", "Moss", "--phone", "+1 202 555 0143", "--source", "Web").code == 0
    finally:
        server.start()
    assert root("hub", "status", "--json").json["reachable"]


def test_create_again_brings_the_schema_to_this_version_and_changes_nobody(
    root: Run, url: str, at: Callable[[str], Run]
) -> None:
    assert root("hub", "create", url).code == 0
    answer = at("Other")("hub", "create", url, "--json")
    assert answer.code == 3 and "members already" in answer.json["error"]["sentence"]
