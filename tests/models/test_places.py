from __future__ import annotations

import pytest

from app.models.calling_class import zone_named
from app.models.places import (
    _document,
    country_of,
    is_nowhere,
    law_country,
    region_of_number,
    state_name,
    state_of,
    zones_of_country,
    zones_of_number,
    zones_of_state,
)
from app.services.rulebook import load_rules


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("+13055550123", "FL"),
        ("+12025550123", "DC"),
        ("+12125550123", "NY"),
        ("+13105550123", "CA"),
        ("+14165550123", "ON"),
        ("+15145550123", "QC"),
        ("+16715550123", "GU"),
        ("+17875550123", "PR"),
        ("+19395550123", "PR"),
        ("+13405550123", "VI"),
        ("+18675550123", ""),  # three territories
        ("+18005550123", ""),
        ("+12425550123", ""),  # the Bahamas
        ("+493023125123", ""),
        ("+1305555", ""),
        ("", ""),
    ],
)
def test_an_area_code_tells_the_state(number, state):
    assert region_of_number(number) == state


def test_every_area_code_agrees_with_what_phonenumbers_says_of_it():
    import phonenumbers

    for country in ("US", "CA"):
        for state, codes in _document("nanp")[country].items():
            for code in codes.split():
                number = phonenumbers.parse(f"+1{code}5552345")
                region = phonenumbers.region_code_for_number(number)
                assert region in (None, country, state), (code, state, region)


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("+34915550123", "MD"), ("+34811550123", "MD"), ("+34932550123", "CT"), ("+34972550123", "CT"),
        ("+34928550123", "CN"), ("+34946550123", "PV"), ("+34964550123", "VC"), ("+34968550123", "MC"),
        ("+34952550123", ""),  # Málaga or Melilla
        ("+34956550123", ""),  # Cádiz or Ceuta
        ("+34612550123", ""), ("+34900550123", ""), ("+34", ""), ("+493012345", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_landline_of_spain_tells_its_community(number, part):
    assert region_of_number(number) == part


def test_every_beginning_names_one_part_and_a_part_that_is_known():
    parts = _document("prefixes")["+34"]
    every = [prefix for prefixes in parts.values() for prefix in prefixes.split()]
    assert len(every) == len(set(every))
    assert set(parts) == set(_document("states")["ES"]) - {"CE", "ML"}


def test_an_address_can_name_every_part_whose_holidays_close():
    for country in load_rules().countries():
        for part in load_rules().with_holidays_of_their_own(country):
            assert state_of(country, state_name(country, part)) == part, (country, part)


def test_every_state_has_a_name_and_zones_that_exist():
    for country, states in _document("states").items():
        for state in states:
            assert state_name(country, state) != state
            assert zones_of_state(country, state)
            assert all(zone_named(zone) for zone in zones_of_state(country, state))
    assert len(_document("states")["US"]) == 56
    assert set(_document("nanp")["US"]) == set(_document("states")["US"])


def test_every_country_that_people_name_has_zones_that_exist():
    for country in {*_document("countries")["also"], *_document("countries")["zones"], "KE", "LI", "SM"}:
        assert zones_of_country(country), country
        assert all(zone_named(zone) for zone in zones_of_country(country)), country


def test_a_free_call_number_rings_anywhere_in_the_plan():
    assert is_nowhere("+18885550123")
    assert not is_nowhere("+12025550123")
    assert {"Pacific/Guam", "America/St_Johns", "Pacific/Pago_Pago"} <= set(zones_of_number("+18885550123"))


def test_an_area_code_in_two_zones_has_both():
    assert set(zones_of_number("+18505550123")) == {"America/New_York", "America/Chicago"}
    assert zones_of_number("+12125550123") == ("America/New_York",)
    assert zones_of_number("not a number") == ()


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Germany", "DE"), ("Deutschland", "DE"), ("ALLEMAGNE", "DE"), ("Alemania", "DE"), ("Germania", "DE"),
        ("Alemanha", "DE"), ("Duitsland", "DE"), ("Niemcy", "DE"), ("ドイツ", "DE"), ("德国", "DE"), ("de", "DE"),
        ("DEU", "DE"), ("+49", "DE"), ("0049", "DE"), ("(+1)", "US"), ("+44", "GB"), ("UK", "GB"), ("U.K.", "GB"),
        ("England", "GB"), ("Vereinigtes Königreich", "GB"), ("USA", "US"), ("u.s.a.", "US"), ("United  States", "US"),
        ("États-Unis", "US"), ("Etats Unis", "US"), ("美国", "US"), ("アメリカ合衆国", "US"), ("UAE", "AE"),
        ("Holland", "NL"), ("The Netherlands", "NL"), ("Österreich", "AT"), ("Italië", "IT"), ("Polska", "PL"),
        ("Brasil", "BR"), ("España", "ES"), ("Espana", "ES"), ("Czech Republic", "CZ"), ("Türkei", "TR"),
        ("South Korea", "KR"), ("Puerto Rico", "PR"), (" france ", "FR"),
        ("", ""), ("nowhere", ""), ("EU", ""), ("ZZ", ""), ("+999", ""), ("123", ""), ("-", ""),
    ],
)  # fmt: skip
def test_a_country_is_recognised_as_people_write_it(text, country):
    assert country_of(text) == country


@pytest.mark.parametrize(
    ("country", "text", "state"),
    [
        ("US", "Florida", "FL"), ("US", "fl", "FL"), ("us", "US-FL", "FL"), ("US", "Washington, D.C.", "DC"),
        ("US", "new  york", "NY"), ("CA", "Québec", "QC"), ("CA", "quebec", "QC"), ("CA", "B.C.", "BC"),
        ("AU", "Nsw", "NSW"), ("AU", "Victoria", "VIC"), ("DE", "Bayern", "BY"), ("ES", "Barcelona", "CT"),
        ("CH", "Genève", "GE"), ("FR", "Bretagne", ""), ("US", "Ontario", ""), ("US", "", ""),
    ],
)  # fmt: skip
def test_a_state_is_recognised_by_name_and_code(country, text, state):
    assert state_of(country, text) == state


def test_a_territory_is_under_its_countrys_law():
    assert law_country("PR") == ("US", "PR")
    assert law_country("us", "fl") == ("US", "FL")
    assert law_country("IT") == ("IT", "")
