"""Every sum of points that facts of an inquiry can come to, with facts that show it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import msgspec

from app.models.points import FactRule, Facts, fact_reasons


def fact_totals(rules: tuple[FactRule, ...]) -> dict[int, Facts]:
    """Each sum that the rules can give, with facts that give it; the one without facts first."""
    totals: dict[int, dict[str, Any]] = {0: {}}
    for group in _independent(rules):
        ways: dict[int, dict[str, Any]] = {}
        for facts in _candidates(group):
            ways.setdefault(sum(reason.points for reason in fact_reasons(group, Facts(**facts))), facts)
        combined: dict[int, dict[str, Any]] = {}
        for total, facts in totals.items():
            for more, others in ways.items():
                combined.setdefault(total + more, facts | others)
        totals = combined
    return {total: msgspec.structs.replace(Facts(), **facts) for total, facts in sorted(totals.items(), key=_plainest)}


def _plainest(entry: tuple[int, dict[str, Any]]) -> tuple[int, int]:
    return len(entry[1]), entry[0]


def _independent(rules: tuple[FactRule, ...]) -> list[tuple[FactRule, ...]]:
    """The rules in groups that share no fact, so that each group can be looked at by itself."""
    groups: list[tuple[set[str], list[FactRule]]] = []
    for rule in rules:
        names, members = set(rule.looks_at()), [rule]
        apart = []
        for group in groups:
            if group[0] & names:
                names |= group[0]
                members = group[1] + members
            else:
                apart.append(group)
        groups = [*apart, (names, members)]
    # Joined groups are put back into the order of the file: the first rule that holds counts.
    return [tuple(rule for rule in rules if rule in members) for _, members in groups]


def _candidates(rules: tuple[FactRule, ...]) -> Iterator[dict[str, Any]]:
    """Facts enough that every combination of rules that can hold together holds for one of them."""
    words = [rule.title[0].replace("*", "") for rule in rules if rule.title]
    # A title can hold words of two rules at once, which matters where rules look at the title and more.
    several = len({rule.looks_at() for rule in rules if rule.title}) > 1
    titles = ["", *words, *(" ".join(pair) for pair in combinations(words, 2) if several)]
    edges = sorted({
        edge for rule in rules for edge in (rule.size_at_least, rule.size_at_most) if edge is not None
    })  # fmt: skip
    sizes = [None, *edges, *(edge + 0.5 for edge in edges), *(edge - 0.5 for edge in edges)]
    names = sorted({name for rule in rules for name in rule.looks_at()})
    values: dict[str, list[Any]] = {
        "country": ["", *_told_apart("country", rules)],
        "source": ["", *_told_apart("source", rules)],
        "title": list(dict.fromkeys(titles)),
        "size": sizes,
    }
    for chosen in product(*(values[name] for name in names)):
        yield dict(zip(names, chosen, strict=True))


def _told_apart(name: str, rules: tuple[FactRule, ...]) -> list[str]:
    """One value for each set of rules that name it: others do the same."""
    by_rules: dict[tuple[int, ...], str] = {}
    for value in dict.fromkeys(value for rule in rules for value in getattr(rule, name)):
        naming = tuple(number for number, rule in enumerate(rules) if value in getattr(rule, name))
        by_rules.setdefault(naming, value)
    return list(by_rules.values())
