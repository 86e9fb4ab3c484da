"""Which column holds what: by its name in ten languages, mistyped names included, and by what is in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec
from msgspec.structs import replace
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from app.models import column_names
from app.models.column_names import joined
from app.models.contents import Contents, contents
from app.models.folding import fold_text

FIELDS = (
    "first_name", "last_name", "full_name", "company", "title", "phone", "email", "country", "dial_code", "state",
    "city", "street", "postal_code", "website", "note", "request", "captured_at", "source", "size", "language",
    "salutation", "do_not_call",
)  # fmt: skip
REPEATED = ("phone", "email", "street", "note", "request")  # may be several columns: phone, phone_2, phone_3…
_TYPED = ("phone", "email", "website")  # their values show whether the name is right
# Names that say little, so that the values decide.
_VAGUE = frozenset(
    ("id", "number", "nummer", "nr", "numer", "value", "val", "key", "username", "extra", "index", "番号", "编号")
)


class MappingError(ValueError):
    """A mapping by hand names a field or a column that there is not; its text is for people."""


class Column(msgspec.Struct, frozen=True):
    """One column: where it is, what it is called, and which field it was taken for."""

    index: int
    name: str  # unique in the file: a second "Name" is "Name (2)"
    field: str = ""  # of `FIELDS`, or with a number ("phone_2"); "" goes to the person's extra values
    confidence: float = 0.0  # 0 to 1
    why: str = ""
    sample: str = ""  # the first value


class _Guess(NamedTuple):
    field: str
    confidence: float
    why: str


_NONE = _Guess("", 0.0, "")


def recognise(header: Sequence[str], sample: Sequence[Sequence[str]], region: str) -> list[Column]:
    """Tell for each column which field it is.

    Args:
        header: the names; empty when the file has none, and then only the values tell.
        sample: some rows of cells, which may be shorter or longer than the header.
        region: ISO 3166-1 alpha-2 code that numbers without a country code are tried in.
    """
    width = max([len(header), *(_filled(row) for row in sample)], default=0)
    names = _unique(header, width)
    language = language_of(header)
    values = [[row[at] for row in sample if at < len(row) and row[at].strip()] for at in range(width)]
    held = [contents(column, region) for column in values]
    padded = [*header, *[""] * (width - len(header))]
    guesses = [_guess(padded[at], held[at], language, has_header=bool(header)) for at in range(width)]
    _settle_names(guesses, held, has_header=bool(header))
    _settle_repeats(guesses)
    return [
        Column(at, names[at], *guesses[at], values[at][0].strip()[:100] if values[at] else "") for at in range(width)
    ]


def language_of(header: Sequence[str]) -> str:
    """The language of the names ("de"), "" where they tell nothing."""
    votes: Counter[str] = Counter()
    for name in header:
        languages = {lang for langs in column_names.index().get(joined(name), {}).values() for lang in langs}
        for language in languages:
            votes[language] += 1 / len(languages)  # type: ignore[assignment]
    if not votes:
        return ""
    best = max(votes.values())
    return next(lang for lang in column_names.NAMES if votes[lang] > best - 1e-9)


@lru_cache(maxsize=4096)
def by_name(name: str, language: str = "") -> tuple[str, float, str]:
    """Field ("name", "other" and "country_code" among them), confidence and reason by the name alone."""
    known = column_names.index()
    spaced = re.sub(r"(?<=[a-zß-ÿ0-9])(?=[A-ZÀ-Þ])", " ", name)
    without_brackets = re.sub(r"[(\[（].*?[)\]）]", " ", name)
    words = re.findall(r"[^\W\d_]+|\d+", fold_text(spaced))
    forms = [(joined(name), 0.98), (joined(without_brackets), 0.95), (re.sub(r"\d+$", "", joined(name)), 0.94)]
    plain = [word for word in words if word not in column_names.NOISE and not word.isdigit()]
    forms += [("".join(plain), 0.9), (re.sub("(required|optional|pflichtfeld|必須|任意|必填)$", "", joined(name)), 0.9)]
    for form, confidence in forms:
        if form in known:
            field = _of_languages(known[form], language)
            too_little = confidence == 0.9 and field in ("name", "other")  # what is left of "Home name"
            return field, 0.7 if too_little else confidence, "by its name"
    return _mistyped(forms[1][0])


def _of_languages(fields: Mapping[str, set[str]], language: str) -> str:
    return next((field for field, languages in fields.items() if language in languages), next(iter(fields)))


def _mistyped(form: str) -> tuple[str, float, str]:
    """The known name from which one slip leads here, or two in a long one; where several fit, the most alike."""
    if len(form) < 4 or not form.isascii():
        return "", 0.0, ""
    slips = 1 if len(form) < 8 else 2
    near = [
        (distance, -JaroWinkler.similarity(form, known), known)
        for known, distance, _ in process.extract(
            form, _long_names(), scorer=OSA.distance, processor=None, score_cutoff=slips, limit=20
        )
    ]
    if not near:
        return "", 0.0, ""
    known = min(near)[2]
    return next(iter(column_names.index()[known])), 0.75, f"by its name, mistyped for “{known}”"


@lru_cache(maxsize=1)
def _long_names() -> list[str]:
    return [name for name in column_names.index() if len(name) >= 4 and name.isascii()]


def _guess(name: str, held: Contents, language: str, *, has_header: bool) -> _Guess:
    by = _Guess(*by_name(name.strip()[:80], language)) if name.strip() else _NONE
    if by.field and by.field != "other":
        return _checked(by, held)
    if by.field == "other" and joined(name) not in _VAGUE:
        return _Guess("", by.confidence, "known, and nothing about the person")
    ending = _by_ending(name, held)
    if ending.field:
        return ending
    found = _by_contents(held, has_header=has_header)
    if found.field or by.field != "other":
        return found
    return _Guess("", by.confidence, "known, and nothing about the person")


def _checked(by: _Guess, held: Contents) -> _Guess:
    """What the name says, corrected where the values plainly are something else."""
    field = by.field
    if held.email >= 0.6 and field not in ("email", "note", "request", "website"):
        return _Guess("email", 0.8, "its values are e-mail addresses")
    if field == "email" and held.filled and held.email == 0 and held.typed_phone >= 0.5:
        return _Guess("phone", 0.8, "its values are numbers")
    if field in ("name", "first_name", "last_name", "full_name", "company", "title") and held.typed_phone >= 0.8:
        return _Guess("phone", 0.7, "its values are numbers")
    if field in ("name", "first_name", "last_name", "full_name", "company") and held.figures >= 0.8:
        return _Guess("", 0.0, "its values are figures")
    if field in ("country", "country_code") and held.dial_code >= 0.5:
        return _Guess("dial_code", by.confidence, "its values are calling codes")
    if field == "country_code":
        return by._replace(field="country")
    if field == "title" and held.salutation >= 0.6:
        return _Guess("salutation", by.confidence, "its values are forms of address")
    if field == "captured_at" and held.filled and held.any_date < 0.3:
        return _Guess("", 0.0, "its values are no dates")
    if field in _TYPED and held.filled:
        share = {"email": held.email, "phone": max(held.phone, held.typed_phone), "website": held.url}[field]
        return by._replace(confidence=round(by.confidence - 0.1 * (1 - share), 3))
    return by


def _by_ending(name: str, held: Contents) -> _Guess:
    """A longer name that ends as a known one does ("Firmentelefon", "Corporate e-mail") and holds what it says."""
    form = joined(name)
    for field, share in (("email", held.email), ("phone", max(held.phone, held.typed_phone))):
        endings = (known for known, fields in column_names.index().items() if field in fields and len(known) >= 2)
        if share >= 0.5 and any(form.endswith(known) and (len(known) >= 4 or not known.isascii()) for known in endings):
            return _Guess(field, 0.8, "by the end of its name and its values")
    return _NONE


def _by_contents(held: Contents, *, has_header: bool) -> _Guess:
    if held.email >= 0.6:
        return _Guess("email", round(0.8 * held.email, 3), "its values are e-mail addresses")
    if held.phone >= 0.6:
        return _Guess("phone", round(0.7 * held.phone, 3), "its values are numbers")
    if held.date >= 0.7:
        return _Guess("captured_at", round(0.5 * held.date, 3), "its values are dates")
    if held.url >= 0.6:
        return _Guess("website", round(0.6 * held.url, 3), "its values are addresses of sites")
    if held.country >= 0.8:
        return _Guess("country", round(0.5 * held.country, 3), "its values are countries")
    if held.company >= 0.4:
        return _Guess("company", 0.5, "its values look like companies")
    if held.person >= 0.7 and held.country < 0.3:
        return _Guess(
            "full_name?" if has_header else "full_name", round(0.4 * held.person, 3), "its values look like names"
        )
    return _NONE


def _settle_names(guesses: list[_Guess], held: Sequence[Contents], *, has_header: bool) -> None:
    """Tell what "Name" means beside the others: the surname beside "Vorname", the full name when it stands alone."""
    fields = {guess.field for guess in guesses}
    beside = ("first_name" in fields, "last_name" in fields)
    meaning = {(True, False): "last_name", (False, True): "first_name", (False, False): "full_name"}.get(beside, "")
    if "full_name" in fields and not any(beside):
        meaning = ""
    if "first_name" not in fields and "last_name" in fields and "full_name" in fields:
        meaning = ""
    nameless = not fields & {"first_name", "last_name", "full_name", "name"}
    for at, guess in enumerate(guesses):
        if guess.field == "name":
            why = f"{guess.why}, beside the others" if any(beside) else guess.why
            guesses[at] = guess._replace(field=meaning, why=why)
        elif guess.field == "full_name?":
            # A column of unknown name is nobody's name while another one is.
            likely = nameless and held[at].filled > 0
            guesses[at] = guess._replace(field="full_name") if likely else _NONE
            nameless = nameless and not likely
    if not has_header:
        _one_of_each(guesses)


def _one_of_each(guesses: list[_Guess]) -> None:
    """Without a header a second column of names may be anything."""
    seen = False
    for at, guess in enumerate(guesses):
        if guess.field == "full_name":
            guesses[at] = _NONE if seen else guess
            seen = True


def _settle_repeats(guesses: list[_Guess]) -> None:
    """Number the columns of fields that may repeat; of the others the surest stays, the first among equals."""
    best: dict[str, int] = {}
    for at, guess in enumerate(guesses):
        if guess.field and guess.field not in REPEATED:
            held = best.get(guess.field)
            if held is None or guess.confidence > guesses[held].confidence:
                best[guess.field] = at
    counts: Counter[str] = Counter()
    for at, guess in enumerate(guesses):
        if not guess.field:
            continue
        if guess.field in REPEATED:
            counts[guess.field] += 1
            if counts[guess.field] > 1:
                guesses[at] = guess._replace(field=f"{guess.field}_{counts[guess.field]}")
        elif best[guess.field] != at:
            guesses[at] = _Guess("", 0.0, f"another column is surer to be {guess.field.replace('_', ' ')}")


def _unique(header: Sequence[str], width: int) -> list[str]:
    """Every column has a name of its own: numbered where it is repeated, "column 5" where it is empty."""
    made: dict[str, None] = {}
    for at in range(width):
        name = " ".join(header[at].split())[:100] if at < len(header) else ""
        name = name or f"column {at + 1}"
        unique, count = name, 1
        while unique in made:
            count += 1
            unique = f"{name} ({count})"
        made[unique] = None
    return list(made)


def _filled(row: Sequence[str]) -> int:
    """How far a row reaches without its empty end."""
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width


def base_field(field: str) -> str:
    """The field without its number: "phone_2" gives "phone"."""
    stem, _, number = field.rpartition("_")
    return stem if number.isdigit() else field


def mapping_of(columns: Sequence[Column]) -> dict[str, str]:
    """Field -> name of its column, as shown to people and as `apply_mapping` takes it."""
    return {column.field: column.name for column in columns if column.field}


def apply_mapping(columns: Sequence[Column], mapping: Mapping[str, str]) -> list[Column]:
    """The columns with what a hand decided: field -> column name; an empty name takes the field off its column.

    Raises:
        MappingError: there is no such field, no such column, or one column was given twice.
    """
    chosen: dict[int, str] = {}
    for field, name in mapping.items():
        base = base_field(field)
        if base not in FIELDS or (base != field and base not in REPEATED):
            raise MappingError(f"There is no field “{field}”. Fields are: {', '.join(FIELDS)}.")
        if not name.strip():
            continue
        at = _find(columns, name)
        if at in chosen:
            raise MappingError(f"The column “{columns[at].name}” was given to both {chosen[at]} and {field}.")
        chosen[at] = field
    free = [
        replace(column, field="", confidence=0.0, why="") if column.field in mapping else column for column in columns
    ]
    return [
        replace(column, field=chosen[at], confidence=1.0, why="chosen by hand") if at in chosen else column
        for at, column in enumerate(free)
    ]


def _find(columns: Sequence[Column], name: str) -> int:
    wanted = name.strip()
    for same in (str, fold_text, joined):
        for at, column in enumerate(columns):
            if same(column.name) == same(wanted) != "":
                return at
    if wanted.startswith("#") and wanted[1:].isdecimal() and 1 <= int(wanted[1:]) <= len(columns):
        return int(wanted[1:]) - 1
    names = ", ".join(column.name for column in columns[:40])
    raise MappingError(f"There is no column “{wanted}”. Columns are: {names}.")
