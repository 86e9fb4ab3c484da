"""Who in sales gets a new lead: by the first rule that fits, else by turn, or on the common list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from app.models.folding import fold_text

COMMON = "common"  # nobody's: whoever is first answers
TURN = "turn"  # whoever of those present got one least recently


class LeadRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One rule: everything that it names has to fit; what it leaves out fits always."""

    give: str  # a member's name, "turn" or "common"
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2
    sources: tuple[str, ...] = ()  # without regard to case and accents
    score_from: int = 0  # points, 0 to 100
    score_to: int = 100

    def __post_init__(self) -> None:
        """Refuses a rule that never fits.

        Raises:
            ValueError: it gives to nobody, or its scores are none.
        """
        if not self.give.strip():
            raise ValueError("a rule names whom it gives leads to")
        if not 0 <= self.score_from <= self.score_to <= 100:
            raise ValueError("the scores of a rule are from 0 to 100, the lower one first")

    def fits(self, country: str, source: str, score: int) -> bool:
        """Whether it holds for a lead."""
        return (
            (not self.countries or country.upper() in {each.upper() for each in self.countries})
            and (not self.sources or fold_text(source) in {fold_text(each) for each in self.sources})
            and self.score_from <= score <= self.score_to
        )


class LeadRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """All rules of a home, in order. Immutable: a change is a new version."""

    rules: tuple[LeadRule, ...] = ()
    otherwise: str = COMMON  # where no rule fits: "common", "turn" or a member's name
    version: int = 0  # given at publishing; 0 is what holds before any was published

    def to_document(self) -> dict[str, Any]:
        """As it is published; the version is the entry's."""
        made: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(self, version=0))
        return made

    def gives(self, country: str, source: str, score: int) -> str:
        """A member's name, `turn` or `common`, for a lead of this country (alpha-2), source and score (points)."""
        return next((rule.give for rule in self.rules if rule.fits(country, source, score)), self.otherwise)


def parse_lead_rules(text: str) -> LeadRules:
    """The rules of a TOML document.

    Raises:
        ValueError: it is none; the sentence says where.
    """
    import tomllib

    try:
        return msgspec.convert(tomllib.loads(text), LeadRules)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"these are no rules for leads: {error}") from error


def to_toml(rules: LeadRules) -> str:
    """The rules as a TOML document that can be changed and read again."""
    lines = [f"otherwise = {_quoted(rules.otherwise)}"]
    for rule in rules.rules:
        lines += ["", "[[rules]]", f"give = {_quoted(rule.give)}"]
        for name in ("countries", "sources"):
            values = getattr(rule, name)
            if values:
                lines.append(f"{name} = [{', '.join(map(_quoted, values))}]")
        lines += [f"score_from = {rule.score_from}"] if rule.score_from else []
        lines += [f"score_to = {rule.score_to}"] if rule.score_to != 100 else []
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


def least_recent(members: Sequence[str], given: Sequence[str]) -> str:
    """Whose turn it is: of the members, who stands least recently in `given` (oldest first); empty without any."""
    last = {name: place for place, name in enumerate(given)}
    return min(sorted(members), key=lambda name: last.get(name, -1), default="")
