"""Numbering plans, asked the short way: the answers of `phonenumbers` for the numbers of which lists are full.

Nearly all numbers are figures with the usual signs between them. The library looks at each of their signs several
times, for extensions, letters and figures of other scripts that are not there, and then at up to twenty patterns for
each region of a calling code. Here such a number is looked at once; what is not so plain is left to the library.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    SUPPORTED_REGIONS,
    PhoneMetadata,
    PhoneNumberDesc,
    PhoneNumberType,
    is_number_type_geographical,
    region_code_for_country_code,
)

_PLAIN = re.compile(r"[+(]?\(?[0-9][0-9 ()./-]{4,40}")
_NO_SIGNS = {ord(sign): None for sign in "+() ./-"}


class _Plan(NamedTuple):
    """How numbers are dialled in a region."""

    code: int
    abroad: re.Pattern[str]  # what is dialled before a calling code
    prefix: re.Pattern[str]  # the trunk prefix, which is left away
    rewrites: (
        bool  # where the last group of it is there, the number is written otherwise: a carrier's code and the like
    )
    general: re.Pattern[str]
    lengths: frozenset[int]
    local: frozenset[int]  # of numbers that only work within their area


@cache
def _plan(code: int, region: str) -> _Plan | None:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    general = metadata.general_desc if metadata else None
    if metadata is None or general is None:
        return None
    prefix = re.compile(metadata.national_prefix_for_parsing or "(?!)")
    return _Plan(
        metadata.country_code or 0,
        re.compile(metadata.international_prefix or "(?!)"),
        prefix,
        bool(metadata.national_prefix_transform_rule and prefix.groups),
        re.compile(general.national_number_pattern or "(?!)"),
        frozenset(general.possible_length),
        frozenset(general.possible_length_local_only),
    )  # fmt: skip


def parsed_plainly(text: str, region: str) -> tuple[int, str] | None:
    """The calling code and the number behind it, as `phonenumbers.parse` finds them; None: the library has to be asked.

    Args:
        text: as typed. region: ISO 3166-1 alpha-2 of a number without calling code, in capitals; "" for none.
    """
    if not _PLAIN.fullmatch(text):
        return None
    digits = text.translate(_NO_SIGNS)
    if text[0] == "+":
        return _from_abroad(digits)
    home = _plan(0, region) if region in SUPPORTED_REGIONS else None
    if home is None or len(digits) < 5:
        return None
    abroad = home.abroad.match(digits)
    if abroad and digits[abroad.end() : abroad.end() + 1] != "0":
        return _from_abroad(digits[abroad.end() :])
    if digits.startswith(str(home.code)):  # perhaps a calling code without its plus
        return None
    return _without_prefix(home, digits)


def _from_abroad(digits: str) -> tuple[int, str] | None:
    for length in (1, 2, 3):
        code = digits[:length]
        if code[:1] != "0" and len(digits) > length and int(code) in COUNTRY_CODE_TO_REGION_CODE:
            plan = _plan(int(code), region_code_for_country_code(int(code)))
            return _without_prefix(plan, digits[length:], int(code)) if plan else None
    return None


def _without_prefix(plan: _Plan, digits: str, code: int = 0) -> tuple[int, str] | None:
    """The trunk prefix goes where a number of a length that may be stays, and one that was right is not spoiled."""
    prefix = plan.prefix.match(digits)
    if prefix:
        if plan.rewrites and prefix[plan.prefix.groups] is not None:
            return None
        rest = digits[prefix.end() :]
        may_be = len(rest) not in plan.local and (len(rest) in plan.lengths or len(rest) > max(plan.lengths))
        if may_be and (plan.general.fullmatch(rest) or not plan.general.fullmatch(digits)):
            digits = rest
    return (code or plan.code, digits) if 2 < len(digits) <= 17 else None


class _Kinds(NamedTuple):
    """What the numbers of one region and length have in common, and what those of each kind have."""

    general: re.Pattern[str]
    apart: re.Pattern[str]  # toll-free, shared cost and the like: they ring anywhere
    fixed: re.Pattern[str]
    mobile: re.Pattern[str]


def region_of(code: int, national: str) -> tuple[str, bool] | None:
    """The region under which a number is valid, and whether it belongs to a place; None where it is not valid.

    The same answers as `region_code_for_number`, `is_valid_number_for_region` and `is_number_type_geographical` give,
    which try up to twenty patterns for each region of a calling code; here the kinds of one length are four.
    """
    regions = COUNTRY_CODE_TO_REGION_CODE.get(code, ())
    for region in regions:
        leading = _leading(region) if len(regions) > 1 else None
        if leading is not None and not leading.match(national):
            continue
        kinds = _kinds(code, region, len(national))
        if kinds is not None and kinds.general.fullmatch(national):
            if kinds.apart.fullmatch(national):
                return region, False
            if kinds.fixed.fullmatch(national):
                return region, True
            if kinds.mobile.fullmatch(national):
                return region, is_number_type_geographical(PhoneNumberType.MOBILE, code)
        if leading is not None:
            return None  # the region is known by how its numbers begin: this is one of them, and not valid
    return None


@cache
def _leading(region: str) -> re.Pattern[str] | None:
    metadata = PhoneMetadata.metadata_for_region(region)
    leading = metadata.leading_digits if metadata else None
    return re.compile(leading) if leading is not None else None


@cache
def _kinds(code: int, region: str, length: int) -> _Kinds | None:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None:
        return None

    def some(*descs: PhoneNumberDesc | None) -> re.Pattern[str]:
        patterns = [
            f"(?:{desc.national_number_pattern})"
            for desc in descs
            if desc is not None
            and desc.national_number_pattern
            and (not desc.possible_length or length in desc.possible_length)
        ]
        return re.compile("|".join(patterns) or "(?!)")

    return _Kinds(
        some(metadata.general_desc),
        some(
            metadata.premium_rate, metadata.toll_free, metadata.shared_cost, metadata.voip, metadata.personal_number,
            metadata.pager, metadata.uan, metadata.voicemail,
        ),
        some(metadata.fixed_line),
        some(metadata.mobile),
    )  # fmt: skip
