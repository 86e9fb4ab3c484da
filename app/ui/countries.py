"""The countries that numbers belong to, as they are chosen on screens: "United Kingdom +44"."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QLocale


@cache
def choices() -> list[tuple[str, str]]:
    """ISO 3166 code and words of every country with numbers of its own, by name."""
    import phonenumbers  # 40 ms: only where somebody chooses

    found = [
        (region, f"{name(region)} +{code}")
        for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()
        for region in regions
        if region.isalpha()
    ]
    return sorted(found, key=lambda choice: choice[1])


@cache
def name(region: str) -> str:
    """The country's name; its code where Qt does not know it."""
    territory = QLocale.codeToTerritory(region)
    if territory == QLocale.Country.AnyTerritory:
        return region
    return QLocale.territoryToString(territory)


def of_words(words: str) -> str:
    """The code of a country as people write it: "UK", "Deutschland", "+49"; empty when it is none."""
    from app.models.places import country_of

    return country_of(words)


def here() -> str:
    """The country that this computer is set to; empty where it says none, as in the C locale."""
    locale = QLocale.system()
    if locale.language() == QLocale.Language.C:
        return ""
    code = QLocale.territoryToCode(locale.territory())
    return code if len(code) == 2 and code.isalpha() else ""
