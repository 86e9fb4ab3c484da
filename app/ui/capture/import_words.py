"""What fields, fates, encodings and delimiters of a list are called on the screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.models.columns import REPEATED, base_field
from app.services.import_terms import Fate


def _noop(text: str) -> str:
    """Marks a text for translation in the context "import"."""
    return text


def _tr(text: str) -> str:
    return QCoreApplication.translate("import", text)


# Groups of the menu of fields, in the order in which people look for them.
GROUPS: tuple[dict[str, str], ...] = (
    {
        "first_name": _noop("First name"), "last_name": _noop("Last name"), "full_name": _noop("Full name"),
        "salutation": _noop("Form of address"), "company": _noop("Company"), "title": _noop("Title"),
        "size": _noop("Company size"),
    },
    {"phone": _noop("Phone"), "dial_code": _noop("Calling code"), "email": _noop("E-mail"),
     "website": _noop("Website")},
    {"request": _noop("What they asked for"), "note": _noop("Note"), "captured_at": _noop("Captured at"),
     "source": _noop("Source"), "do_not_call": _noop("Do not call")},
    {"country": _noop("Country"), "state": _noop("State"), "city": _noop("City"), "street": _noop("Street"),
     "postal_code": _noop("Postal code"), "language": _noop("Language")},
)  # fmt: skip
_FIELDS = {field: text for group in GROUPS for field, text in group.items()}
_SECOND = {
    "phone_2": _noop("Second phone"), "phone_3": _noop("Third phone"), "email_2": _noop("Second e-mail"),
    "email_3": _noop("Third e-mail"), "note_2": _noop("Second note"), "street_2": _noop("Street, second line"),
    "request_2": _noop("Second request"),
}  # fmt: skip
_FATES = {
    Fate.NEW: _noop("New"), Fate.UPDATED: _noop("Updated"), Fate.MERGED: _noop("Merged"),
    Fate.SKIPPED: _noop("Skipped"), Fate.REFUSED: _noop("Refused"),
}  # fmt: skip
TONES = {
    Fate.NEW: "fine", Fate.UPDATED: "due", Fate.MERGED: "due", Fate.SKIPPED: "plain", Fate.REFUSED: "over",
}  # fmt: skip
_DELIMITERS = {
    ",": _noop("commas"), ";": _noop("semicolons"), "\t": _noop("tabs"), "|": _noop("vertical bars"),
}  # fmt: skip
# As people know them from the dialogs of spreadsheets.
_ENCODINGS = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
    "utf-32": "UTF-32", "cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251",
    "cp932": "Shift JIS", "iso8859_2": "ISO 8859-2", "koi8_r": "KOI8-R", "mac_roman": "Mac Roman",
    "gb18030": "GB 18030", "big5": "Big5", "euc_jp": "EUC-JP", "euc_kr": "EUC-KR",
}  # fmt: skip


def field(name: str) -> str:
    """A field as people read it: "Phone", "Second phone", "Phone 4"; empty for a column that is no field."""
    if not name:
        return ""
    if name in _SECOND:
        return _tr(_SECOND[name])
    base = base_field(name)
    words = _tr(_FIELDS.get(base, base))
    return words if base == name else f"{words} {name.removeprefix(base).strip('_')}"


def choices(taken: set[str]) -> list[list[str]]:
    """The fields in groups; of those that may repeat one more than is taken."""
    groups = []
    for group in GROUPS:
        fields: list[str] = []
        for name in group:
            fields.append(name)
            if name in REPEATED:
                number = 2
                while name in taken and (f"{name}_{number - 1}" in taken or number == 2):
                    fields.append(f"{name}_{number}")
                    number += 1
        groups.append(fields)
    return groups


def fate(of: Fate) -> str:
    """What becomes of a row, in a word."""
    return _tr(_FATES[of])


def number(count: int) -> str:
    """A count with its thousands set apart."""
    return QLocale(QLocale.Language.English).toString(count)


def counted(count: int, one: str, many: str) -> str:
    """`one`, or `many` with the count in it."""
    return one if count == 1 else many.format(number(count))


def facts(kind: str, delimiter: str, encoding: str, header_row: int, language: str) -> list[str]:
    """What was found out about a list, each in a word or two."""
    told = []
    if kind == "table":
        told.append(
            _tr(_DELIMITERS[delimiter]) if delimiter in _DELIMITERS else _tr("divided by “{0}”").format(delimiter)
        )
    told.append({"workbook": _tr("workbook"), "cards": _tr("vCards")}.get(kind, ""))
    if encoding:
        told.append(_ENCODINGS.get(encoding.lower(), encoding.upper()))
    if kind != "cards":
        told.append(_tr("header in row {0}").format(header_row) if header_row else _tr("no header"))
    if language:
        told.append(QLocale.languageToString(QLocale.codeToLanguage(language)))
    return [words for words in told if words]


def time_left(seconds: float) -> str:
    """How long it will still take: `a moment`, `12 s left`, `3 min left`."""
    if seconds < 1:
        return _tr("a moment")
    return _tr("{0} s left").format(round(seconds)) if seconds < 90 else _tr("{0} min left").format(round(seconds / 60))
