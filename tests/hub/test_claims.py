"""Claims on a real hub: one holder for each inquiry and for each number, whatever happens at the same time."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

import psycopg
import pytest

from app.services.seat import new_id
from app.services.team import connecting, hub_schema
from app.services.team.link import Candidate, Claimed, HubRefused
from app.services.team.postgres_link import PostgresLink
from tests.hub.team import Team

LEASE = 60_000
DAY = 24 * 60 * 60_000
PATIENCE = 60.0  # seconds
Member = Callable[..., PostgresLink]


def somebody(*keys: str) -> Candidate:
    return Candidate(new_id(), keys or (f"1:{new_id()}",))


def ids(claims: list[Claimed]) -> list[str]:
    return [claim.inquiry for claim in claims]


def now_of(team: Team) -> int:
    row = team.root.execute("SELECT winnow.now_ms()").fetchone()
    assert row
    return int(row[0])


def run_out(team: Team, link: PostgresLink) -> None:
    """The hub's clock goes on past every lease of a device."""
    sql = "UPDATE winnow.{0} SET expires_at = 1 WHERE claim_no IN (SELECT claim_no FROM winnow.claim WHERE device = %s)"
    team.root.execute(sql.format("claim_number"), (link.device,))
    team.root.execute(sql.format("claim"), (link.device,))


def test_each_gets_the_first_free_one_in_the_order_of_their_own_queue(member: Member) -> None:
    ada, ben = member("Ada"), member("Ben")
    one, two, three = somebody(), somebody(), somebody()
    first = ada.claim_first([one, two, three], 1, LEASE)
    assert ids(first) == [one.inquiry]
    assert ids(ben.claim_first([one, two, three], 2, LEASE)) == [two.inquiry, three.inquiry]
    assert ada.claim_first([two, three], 1, LEASE) == []
    ada.release([first[0].claim_no])
    again = ben.claim_first([one], 1, LEASE)
    assert ids(again) == [one.inquiry] and again[0].claim_no > first[0].claim_no


def test_no_number_is_held_by_two_whoever_it_belongs_to(member: Member) -> None:
    ada, ben = member("Ada"), member("Ben")
    one, colleague = somebody("1:a", "1:b"), somebody("1:b", "1:c")
    claims = ada.claim_first([one, colleague], 2, LEASE)
    assert ids(claims) == [one.inquiry]
    other = somebody("1:c")
    assert ids(ben.claim_first([colleague, other], 2, LEASE)) == [other.inquiry]
    ada.release([claims[0].claim_no])
    assert ben.claim_first([colleague], 1, LEASE) == []  # the other number is Ben's own, for somebody else


def test_a_lease_ends_by_the_hubs_clock_and_a_late_number_changes_nothing(member: Member, team: Team) -> None:
    ada, ben = member("Ada"), member("Ben")
    one = somebody()
    late = ada.claim_first([one], 1, LEASE)[0]
    assert abs(late.expires_at - now_of(team) - LEASE) < 5000
    run_out(team, ada)
    mine = ben.claim_first([one], 1, LEASE)[0]
    assert ada.renew([late.claim_no], LEASE) == []
    ada.release([late.claim_no])
    assert ben.renew([late.claim_no], LEASE) == []
    ben.release([late.claim_no])
    assert ben.renew([mine.claim_no], LEASE) == [mine.claim_no]
    assert ada.claim_first([one], 1, LEASE) == []


def test_a_sign_of_life_goes_on_for_so_long_but_brings_nothing_back(member: Member, team: Team) -> None:
    ada = member("Ada")
    claim = ada.claim_first([somebody()], 1, 5000)[0]
    assert ada.renew([claim.claim_no, 7], LEASE) == [claim.claim_no]
    row = team.root.execute("SELECT expires_at FROM winnow.claim").fetchone()
    keys = team.root.execute("SELECT expires_at FROM winnow.claim_number").fetchone()
    assert row == keys and row and row[0] > claim.expires_at
    run_out(team, ada)
    assert ada.renew([claim.claim_no], LEASE) == []


def test_whoever_lost_a_number_in_the_moment_between_loses_the_claim(member: Member, team: Team) -> None:
    ada, ben = member("Ada"), member("Ben")
    claim = ada.claim_first([somebody("1:a", "1:b")], 1, LEASE)[0]
    team.root.execute("UPDATE winnow.claim_number SET expires_at = 1 WHERE key = '1:a'")
    assert len(ben.claim_first([somebody("1:a")], 1, LEASE)) == 1
    assert ada.renew([claim.claim_no], LEASE) == []
    assert len(ben.claim_first([somebody("1:b")], 1, LEASE)) == 1


def test_a_device_that_did_not_hear_the_answer_gets_the_same_again_under_a_new_number(member: Member) -> None:
    ada, second = member("Ada"), member("Ada", device="ada-2")
    one, two = somebody(), somebody()
    lost = ada.claim_first([one, two], 1, LEASE)[0]
    assert ids(second.claim_first([one, two], 1, LEASE)) == [two.inquiry]
    heard = ada.claim_first([one, two], 1, LEASE)[0]
    assert heard.inquiry == one.inquiry and heard.claim_no > lost.claim_no
    ada.release([lost.claim_no])
    assert ada.renew([heard.claim_no], LEASE) == [heard.claim_no]


def test_one_member_holds_only_so_many_at_once_on_all_devices_together(member: Member, team: Team) -> None:
    ada, second, ben = member("Ada"), member("Ada", device="ada-2"), member("Ben")
    team.root.execute("UPDATE winnow.claim_rule SET held = 3, packed = 2")
    people = [somebody() for _ in range(8)]
    assert ids(ada.claim_first(people, 2, LEASE)) == ids_of(people[:2])
    assert ids(second.claim_first(people[2:], 5, LEASE)) == ids_of(people[2:3])
    until = now_of(team) + DAY
    assert ids(ada.take_pack(people[3:], 5, until)) == ids_of(people[3:5])
    assert ids(ben.claim_first(people, 5, LEASE)) == ids_of(people[5:8])


def ids_of(people: list[Candidate]) -> list[str]:
    return [candidate.inquiry for candidate in people]


def test_offering_ones_own_last_brings_no_more_than_the_rule(member: Member, team: Team) -> None:
    ada = member("Ada")
    team.root.execute("UPDATE winnow.claim_rule SET held = 3")
    people = [somebody() for _ in range(8)]
    assert ids(ada.claim_first(people[:3], 3, LEASE)) == ids_of(people[:3])
    assert ids(ada.claim_first([*people[3:], *people[:3]], 8, LEASE)) == ids_of(people[:3])


def test_giving_back_with_a_claim_brings_no_more_than_the_rule(member: Member, team: Team) -> None:
    ada, second = member("Ada"), member("Ada", device="ada-2")
    team.root.execute("UPDATE winnow.claim_rule SET held = 3")
    people = [somebody() for _ in range(9)]
    held = [claim.claim_no for claim in ada.claim_first(people[:3], 3, LEASE)]
    assert second.claim_first(people[3:], 3, LEASE, held) == []  # they are not hers to give back there
    nobody = ada.ask("SELECT winnow.claim('ada-1', %s::uuid[], '', 1, 1000, null, '{null}')",
                     ([people[8].inquiry],))  # fmt: skip
    assert nobody[0][0][1:] == []
    assert ids(ada.claim_first([*people[3:], *people[:3]], 9, LEASE, held)) == ids_of(people[3:6])
    assert team.root.execute("SELECT count(*) FROM winnow.claim WHERE member = 'Ada'").fetchone() == (3,)


def test_whoever_has_no_number_is_claimed_too(member: Member) -> None:
    ada, ben = member("Ada"), member("Ben")
    people = [Candidate(new_id()), somebody(), Candidate(new_id())]
    assert ids(ada.claim_first(people, 2, LEASE)) == ids_of(people[:2])
    assert ids(ben.claim_first(people, 2, LEASE)) == ids_of(people[2:])


def test_the_rule_and_the_order_hold_however_many_are_offered(member: Member, team: Team) -> None:
    """Of many candidates those whom colleagues hold are read at once, of few one by one."""
    ada, second, ben = member("Ada"), member("Ada", device="ada-2"), member("Ben")
    team.root.execute("UPDATE winnow.claim_rule SET held = 5")
    people = [somebody(f"1:{n}") for n in range(40)]
    assert ids(ben.claim_first(people[1:40:2], 5, LEASE)) == ids_of(people[1:11:2])
    ben.take_pack(people[12:14], 2, now_of(team) + DAY)
    held = ada.claim_first(people, 4, LEASE)
    assert ids(held) == ids_of(people[0:8:2])
    assert ids(second.claim_first(people, 9, LEASE)) == ids_of(people[8:9])
    assert ids(second.claim_first(people, 9, LEASE, [claim.claim_no for claim in held])) == ids_of(people[8:9])
    run_out(team, ben)
    given = [claim.claim_no for claim in held[:2]]
    assert ids(ada.claim_first(people[1:], 1, LEASE, given)) == ids_of(people[1:2])
    assert ids(ada.claim_first(people, 3, LEASE)) == ids_of([people[0], people[1], people[4]])


def test_what_is_given_back_with_a_claim_is_free_before_it(member: Member, team: Team) -> None:
    ada, ben = member("Ada"), member("Ben")
    team.root.execute("UPDATE winnow.claim_rule SET held = 1")
    one, two, its_colleague = somebody("1:a"), somebody("1:b"), somebody("1:a")
    first, others = ada.claim_first([one], 1, LEASE)[0], ben.claim_first([two], 1, LEASE)[0]
    assert ids(ada.claim_first([its_colleague], 1, LEASE)) == []
    second = ada.claim_first([two, its_colleague], 1, LEASE, [first.claim_no, others.claim_no])
    assert ids(second) == [its_colleague.inquiry]
    assert ben.renew([others.claim_no], LEASE) == [others.claim_no]
    assert ada.claim_first([], 1, LEASE, [second[0].claim_no]) == []
    assert ben.claim_first([one], 1, LEASE, [others.claim_no])


def test_a_long_list_of_whom_others_hold_is_looked_through_to_its_end(member: Member, team: Team) -> None:
    ada, ben = member("Ada"), member("Ben")
    team.root.execute("UPDATE winnow.claim_rule SET packed = 1000")
    people = [somebody() for _ in range(400)]
    assert len(ada.take_pack(people[:399], 399, now_of(team) + DAY)) == 399
    assert ids(ben.claim_first(people, 2, LEASE)) == ids_of(people[399:])
    ada.release([claim.claim_no for claim in ada.take_pack(people[20:21], 1, now_of(team) + DAY)])
    assert ids(ben.claim_first(people, 2, LEASE)) == ids_of([people[20], people[399]])


def test_a_pack_is_held_for_days_and_given_back(member: Member, team: Team) -> None:
    ada, ben = member("Ada"), member("Ben")
    people = [somebody() for _ in range(5)]
    until = now_of(team) + 3 * DAY
    pack = ada.take_pack(people, 3, until)
    assert ids(pack) == ids_of(people[:3])
    assert all(claim.pack and claim.expires_at == until for claim in pack)
    assert ada.renew([claim.claim_no for claim in pack], 1000) == [claim.claim_no for claim in pack]
    assert ada.claim_first(people[:3], 1, LEASE) == []  # a short lease never takes the place of a long one
    assert ben.claim_first(people[:3], 3, LEASE) == []
    ada.release([claim.claim_no for claim in pack[:2]])
    assert ids(ben.claim_first(people[:3], 3, LEASE)) == ids_of(people[:2])
    run_out(team, ada)
    assert ids(ben.claim_first(people[:3], 3, LEASE)) == ids_of(people[:3])
    with pytest.raises(HubRefused, match="at most 14 days"):
        ada.take_pack(people, 1, now_of(team) + 15 * DAY)


def test_who_does_not_call_claims_nothing_and_neither_does_an_old_version(member: Member, team: Team) -> None:
    for role in ("sales", "intake", "viewer"):
        with pytest.raises(HubRefused, match="caller"):
            member(role.title(), role).claim_first([somebody()], 1, LEASE)
    ada = member("Ada")
    claim = ada.claim_first([somebody()], 1, LEASE)[0]
    team.root.execute("UPDATE winnow.state SET oldest_protocol = 2")
    with pytest.raises(HubRefused, match="too old"):
        ada.claim_first([somebody()], 1, LEASE)
    ada.release([claim.claim_no])
    ada.hello("ada-1", 2)
    assert len(ada.claim_first([somebody()], 1, LEASE)) == 1
    stranger = PostgresLink(team.options("Ada"))
    with pytest.raises(HubRefused, match="greeted"):
        stranger.claim_first([somebody()], 1, LEASE)
    stranger.close()


def test_nobody_releases_or_renews_what_another_device_holds(member: Member) -> None:
    ada, second, eve = member("Ada"), member("Ada", device="ada-2"), member("Eve")
    claim = ada.claim_first([somebody()], 1, LEASE)[0]
    for other in (second, eve):
        other.release([claim.claim_no])
        assert other.renew([claim.claim_no], LEASE) == []
    assert ada.renew([claim.claim_no], LEASE) == [claim.claim_no]
    with pytest.raises(HubRefused):
        eve.take_back("Ada")
    assert member("Lena", "lead").take_back("Ada") == 1
    assert ada.renew([claim.claim_no], LEASE) == []


def test_the_claims_of_somebody_who_was_revoked_are_free(member: Member, team: Team) -> None:
    ada, ben = member("Ada"), member("Ben")
    one, two = somebody(), somebody()
    ada.claim_first([one], 1, LEASE)
    ada.take_pack([two], 1, now_of(team) + DAY)
    team.session("Root").execute("SELECT winnow.revoke_member('Ada')")
    assert ids(ben.claim_first([one, two], 2, LEASE)) == ids_of([one, two])


def test_whoever_calls_no_more_holds_nobody(member: Member, team: Team) -> None:
    ada, ben = member("Ada"), member("Ben")
    one = somebody()
    ada.take_pack([one], 1, now_of(team) + DAY)
    team.session("Root").execute("SELECT winnow.set_role('Ada', 'sales')")
    assert ids(ben.claim_first([one], 1, LEASE)) == [one.inquiry]


def test_a_member_reaches_the_tables_only_through_the_functions(member: Member, team: Team) -> None:
    member("Ada")
    session = team.session("Ada")
    for sql in (
        "SELECT * FROM winnow.claim", "UPDATE winnow.claim SET member = 'Ada'", "DELETE FROM winnow.claim_number",
        "SELECT nextval('winnow.claim_count')", "SELECT * FROM winnow.presence", "SELECT * FROM winnow.absence",
        "UPDATE winnow.claim_rule SET held = 1000", "SELECT winnow.let_go('Root', null, null)",
        "SELECT winnow.claimant('ada-1')", "SELECT winnow.now_ms()",
        "SELECT winnow.make_rows('{}', '{1:made-up}')",
    ):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(sql)


def test_a_temporary_table_of_the_same_name_deceives_no_function(member: Member, team: Team) -> None:
    ada, ben = member("Ada"), member("Ben")
    one = somebody()
    ben.claim_first([one], 1, LEASE)
    with pytest.raises((HubRefused, psycopg.Error)):
        ada.ask("CREATE TEMP TABLE claim(inquiry uuid, expires_at bigint)")
    assert ada.claim_first([one], 1, LEASE) == []


def test_thirty_two_at_once_never_hold_the_same_person_or_number(member: Member, team: Team) -> None:
    """Every claim is noted between its answer and its release: two that overlap would be seen."""
    team.root.execute(f'ALTER ROLE "{team.logins["Root"][0]}" CONNECTION LIMIT 100')
    callers = [member(f"Caller {n}") for n in range(8)]
    links = callers + [team.link(f"Caller {n}", device=f"second-{k}-{n}") for n in range(8) for k in range(3)]
    numbers = [f"1:{n}" for n in range(150)]
    people = [somebody(numbers[n % 150], *([numbers[(n * 7) % 150]] if n % 3 else [])) for n in range(200)]
    keys_of = {candidate.inquiry: candidate.keys for candidate in people}
    held: Counter[str] = Counter()
    doubles: list[str] = []
    seen: list[int] = []
    lock = threading.Lock()

    def work(number: int, link: PostgresLink) -> None:
        chance = random.Random(number)
        for _ in range(25):
            start = chance.randrange(5)
            offered = people[start : start + 60] if chance.random() < 0.8 else chance.sample(people, 20)
            claims = link.claim_first(offered, chance.choice([1, 2]), LEASE)
            with lock:
                for claim in claims:
                    for what in {claim.inquiry, *keys_of[claim.inquiry]}:
                        held[what] += 1
                        if held[what] > 1:
                            doubles.append(what)
                    seen.append(claim.claim_no)
            if chance.random() < 0.3:
                still = link.renew([claim.claim_no for claim in claims], LEASE)
                assert sorted(still) == sorted(claim.claim_no for claim in claims)
            with lock:
                for claim in claims:
                    for what in {claim.inquiry, *keys_of[claim.inquiry]}:
                        held[what] -= 1
            link.release([claim.claim_no for claim in claims])

    threads = [threading.Thread(target=work, args=each) for each in enumerate(links)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert doubles == []
    assert len(seen) == len(set(seen)) > 600
    free = team.root.execute("SELECT count(*) FROM winnow.claim WHERE member IS NOT NULL").fetchone()
    assert free == (0,)


def test_a_statement_that_a_deadlock_gave_up_is_asked_again(member: Member, team: Team) -> None:
    """One holds the last row and waits for the first; the link has the first, and comes to the last."""
    ada = member("Ada")
    team.root.execute("ALTER FUNCTION winnow.release(text, bigint[]) SET lock_timeout = '60s'")
    claims = sorted(ada.claim_first([somebody() for _ in range(3)], 3, LEASE), key=lambda claim: claim.inquiry)
    row = "SELECT FROM winnow.claim WHERE inquiry = %s FOR UPDATE"
    between, rival = (team.server.admin(team.database) for _ in range(2))
    with between, rival:
        rival.execute("SET deadlock_timeout = '1h'")  # so it is the link that gives up
        between.autocommit = rival.autocommit = False
        between.execute(row, (claims[1].inquiry,))
        rival.execute(row, (claims[2].inquiry,))
        releasing = threading.Thread(target=ada.release, args=([c.claim_no for c in claims],), daemon=True)
        releasing.start()
        until_waiting(team, 1)
        asking = threading.Thread(target=rival.execute, args=(row, (claims[0].inquiry,)), daemon=True)
        asking.start()
        until_waiting(team, 2)
        between.rollback()
        asking.join(PATIENCE)
        assert not asking.is_alive()  # it has what the link had
        assert team.root.execute("SELECT count(*) FROM winnow.claim WHERE member = 'Ada'").fetchone() == (3,)
        rival.rollback()
        releasing.join(PATIENCE)
    assert not releasing.is_alive()
    assert team.root.execute("SELECT count(*) FROM winnow.claim WHERE member = 'Ada'").fetchone() == (0,)


def until_waiting(team: Team, many: int) -> None:
    """So many wait for a row that somebody else has."""
    until = time.monotonic() + PATIENCE
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    while team.root.execute(sql, (team.database,)).fetchone() != (many,):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_leases_that_run_out_while_many_work_let_no_late_one_write(member: Member, team: Team) -> None:
    """40 ms leases: what each does under its claim takes effect only if the claim still holds, and so exactly once."""
    team.root.execute("UPDATE winnow.claim_rule SET shortest_ms = 1")
    team.root.execute("CREATE TABLE public.effect(inquiry uuid, claim_no bigint)")
    links = [member(f"Caller {n}") for n in range(6)]
    people = [somebody() for _ in range(40)]
    effects: Counter[str] = Counter()
    lock = threading.Lock()

    def work(number: int, link: PostgresLink) -> None:
        chance, left = random.Random(number), list(people)
        while left:
            claims = link.claim_first(left[:10], 1, 40)
            for claim in claims:
                time.sleep(chance.choice([0, 0.001, 0.06]))
                if link.renew([claim.claim_no], 10_000) == [claim.claim_no]:  # nobody else can have it now
                    with lock:
                        effects[claim.inquiry] += 1
                        done.add(claim.inquiry)
            with lock:
                left = [candidate for candidate in left if candidate.inquiry not in done]

    done: set[str] = set()
    team.root.execute("UPDATE winnow.claim_rule SET held = 1000")
    threads = [threading.Thread(target=work, args=each) for each in enumerate(links)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert effects == dict.fromkeys(ids_of(people), 1)


def test_the_team_sees_who_is_there_and_with_whom_but_no_person(member: Member, team: Team) -> None:
    ada, lena = member("Ada"), member("Lena", "lead")
    one = somebody()
    ada.claim_first([one], 1, LEASE)
    since = now_of(team) - 1000
    ada.tell("call", one.inquiry, since)
    shown = {each.member: each for each in lena.present()}
    assert (shown["Ada"].online, shown["Ada"].doing, shown["Ada"].inquiry) == (True, "call", one.inquiry)
    assert (shown["Ada"].since, shown["Ada"].held, shown["Ada"].role) == (since, 1, "caller")
    ada.tell("between")
    assert {each.member: each.inquiry for each in lena.present()}["Ada"] == ""
    team.root.execute("UPDATE winnow.device SET last_seen = now() - interval '3 minutes' WHERE id = 'ada-1'")
    team.root.execute("UPDATE winnow.presence SET said_at = said_at - 180000")
    gone = {each.member: each for each in lena.present()}["Ada"]
    assert (gone.online, gone.doing) == (False, "") and gone.seen_at < now_of(team) - 120_000
    with pytest.raises(HubRefused):
        ada.tell("asleep")
    assert {each.member for each in member("Vera", "viewer").present()} >= {"Ada", "Lena"}


def test_absences_are_planned_by_oneself_or_a_lead_and_join_where_they_touch(member: Member, team: Team) -> None:
    ada, ben, lena = member("Ada"), member("Ben"), member("Lena", "lead")
    start = now_of(team)
    ada.be_away("Ada", start, start + 2 * DAY)
    ada.be_away("Ada", start + DAY, start + 4 * DAY)
    lena.be_away("Ben", start + DAY, start + 2 * DAY)
    with pytest.raises(HubRefused, match="Only a team lead"):
        ben.be_away("Ada", start, start + DAY)
    with pytest.raises(HubRefused, match="no member"):
        lena.be_away("Nobody", start, start + DAY)
    with pytest.raises(HubRefused, match="after it begins"):
        ada.be_away("Ada", start + DAY, start)
    spans = {(each.member, each.start, each.end) for each in ben.absences()}
    assert spans == {("Ada", start, start + 4 * DAY), ("Ben", start + DAY, start + 2 * DAY)}
    lena.be_there("Ada", start + DAY, start + 3 * DAY)
    assert {(each.start, each.end) for each in ben.absences() if each.member == "Ada"} == {
        (start, start + DAY), (start + 3 * DAY, start + 4 * DAY),
    }  # fmt: skip


def test_the_migration_goes_down_and_up_again(hub_url: str, team: Team) -> None:
    options = connecting.options_of(hub_url)
    team.link("Ada").claim_first([somebody()], 1, LEASE)
    while team.root.execute("SELECT version_num FROM public.winnow_version").fetchone() != ("0001",):
        hub_schema.migrate(options, "-1")
    have = {row[0] for row in team.root.execute("SELECT relname FROM pg_class WHERE relname LIKE 'claim%'")}
    assert have == set()
    hub_schema.migrate(options, "head")
    assert len(team.link("Ada").claim_first([somebody()], 1, LEASE)) == 1


def test_who_may_call_out_of_order_is_a_right_of_a_role(member: Member, team: Team) -> None:
    ada, tom, lea = member("Ada"), member("Tom", "sales"), member("Lea", "lead")
    assert all(link.hello(link.device).may_pick for link in (ada, tom, lea))
    with pytest.raises(HubRefused):
        ada.ask("SELECT winnow.set_picking('caller', true)")
    lea.ask("SELECT winnow.set_picking('caller', false)")
    assert [link.hello(link.device).may_pick for link in (ada, tom, lea)] == [False, True, True]
    with pytest.raises(HubRefused, match="right of callers"):
        lea.ask("SELECT winnow.set_picking('lead', false)")
    lea.ask("SELECT winnow.set_picking('caller', true)")
    assert ada.hello(ada.device).may_pick
