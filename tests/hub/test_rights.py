"""Each kind by each role: who may append what, as a plain session calls the hub's function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.models.entries import APPENDED_BY_ANY, AUTOMATIC, KINDS, Captured, Erased, Lifted, Objected, Undone
from app.models.entry import encode
from app.models.rights import MAY, OWN, Role, may_append
from app.services.seat import new_id
from app.services.team.postgres_link import PostgresLink
from tests.hub.team import Author, Team

DOCS = Path(__file__).parents[2] / "docs" / "team.md"
CASES = [(kind, role) for kind in (*KINDS, "unheard_of") for role in Role]


@pytest.fixture(scope="module")
def everybody(server) -> Team:  # type: ignore[no-untyped-def]
    """One hub for all cases, with one member of each role named after it."""
    with server.hub() as name:
        team = Team(server, name)
        for role in Role:
            team.join(role.value, role.value)
        yield team
        team.close()


@pytest.fixture(scope="module")
def link_of(everybody: Team) -> Callable[[Role], PostgresLink]:
    links: dict[Role, PostgresLink] = {}
    return lambda role: links.setdefault(role, everybody.link(role.value)) if role not in links else links[role]


@pytest.mark.parametrize(("kind", "role"), CASES, ids=[f"{kind}-{role}" for kind, role in CASES])
def test_a_role_appends_what_it_may_and_nothing_else(kind: str, role: Role, link_of) -> None:  # type: ignore[no-untyped-def]
    author, link = Author(role.value), link_of(role)
    own = author.write(Objected(objected_at=1) if kind == "lifted" else Captured(source="s", captured_at=1))
    if kind in {"lifted", "undone"} and may_append(role, "captured"):
        link.push([own])
    body = {"lifted": Lifted(objection=own.id), "undone": Undone(entry=own.id), "erased": Erased()}.get(kind)
    entry = author.write(body or Captured(source="s", captured_at=1), kind=kind, subject=own.subject)
    receipt = link.push([entry])[0]
    assert receipt.outcome == ("stored" if may_append(role, kind) else "refused"), receipt.why


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", sorted(APPENDED_BY_ANY - {"erased"}))
def test_what_winnow_writes_itself_any_writing_role_may_bring(kind: str, role: Role, link_of) -> None:  # type: ignore[no-untyped-def]
    entry = Author(role.value).write(Captured(source="s", captured_at=1), kind=kind, actor=AUTOMATIC)
    assert link_of(role).push([entry])[0].outcome == ("stored" if may_append(role, kind, AUTOMATIC) else "refused")
    if may_append(role, kind, AUTOMATIC):
        assert link_of(Role.ADMIN).subjects([entry.subject])[0].brought_by == ""


@pytest.mark.parametrize("kind", sorted(set(KINDS) - APPENDED_BY_ANY))
def test_nobody_writes_in_winnows_name_what_winnow_does_not_write(kind: str, link_of) -> None:  # type: ignore[no-untyped-def]
    entry = Author("caller").write(Captured(source="s", captured_at=1), kind=kind, actor=AUTOMATIC)
    receipt = link_of(Role.CALLER).push([entry])[0]
    if receipt.outcome == "stored":  # a kind that callers may append: shown as brought by whoever did it
        assert link_of(Role.ADMIN).subjects([entry.subject])[0].brought_by == "caller"
    else:
        assert receipt.outcome == "refused"


def test_the_hub_and_winnow_have_the_same_table(everybody: Team) -> None:
    rows = everybody.root.execute("SELECT kind, role, how FROM winnow.kind_right").fetchall()
    assert len(rows) == len(KINDS) * len(Role)
    for kind, role, how in rows:
        expected = "may" if kind in MAY[Role(role)] else "own" if kind in OWN.get(Role(role), ()) else "never"
        assert how == expected, (kind, role)


def test_the_table_of_the_documentation_is_the_hubs(everybody: Team) -> None:
    rows = everybody.root.execute("SELECT kind, role, how FROM winnow.kind_right").fetchall()
    signs = {"may": "yes", "own": "own", "never": "–"}
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in DOCS.read_text().splitlines()]
    head = next(line for line in lines if line[0] == "kind")
    written = {line[0].strip("`"): dict(zip(head[1:], line[1:], strict=False)) for line in lines}
    told: dict[str, dict[str, str]] = {}
    for kind, role, how in rows:
        told.setdefault(kind, {})[role] = signs[how]
    assert {kind: written.get(kind) for kind in KINDS} == told


def test_an_erased_body_that_names_a_discard_is_no_way_around_the_right(link_of) -> None:  # type: ignore[no-untyped-def]
    entry = Author("caller").write(Erased(disposition=new_id()))
    assert encode(Erased()) != entry.body
    assert link_of(Role.CALLER).push([entry])[0].outcome == "refused"
