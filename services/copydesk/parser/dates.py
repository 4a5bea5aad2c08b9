"""Dates of publication, of which nothing is invented.

A date is taken only if day, month and year stand in the text and can be read in one way.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil import parser

from copydesk.parser.rejected import Rejected, quoted

_FIRST_YEAR, _LAST_YEAR = 1600, 2199
_LONGEST = 100
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_LABEL = re.compile(
    r"\b(?:first |originally |last )?(published|posted|updated?|modified|created|date)\b"
    r"(?: (?:on|at)\b)? ?[:\u2013-]?",
    re.IGNORECASE,
)
_EDGES = " ;,.:-/"
_BETWEEN = str.maketrans(dict.fromkeys("|•·\u2013\u2014()", " "))
# Beside a date web pages set how long the reading takes, and who wrote.
_READING_TIME = re.compile(r"\b\d+[ -]min(?:ute)?s?[ -]read\b", re.IGNORECASE)
_WRITER = re.compile(r"\bby\b.*", re.IGNORECASE)
_ORDINARY = re.compile(r"[A-Za-z0-9 ,.:/+-]+")
# datetime takes a week for its Monday, which nobody said.
_WEEK_ALONE = re.compile(r"\d{4}-?W\d\d(?!-?[1-7](?!\d))")
_YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](0?[1-9]|1[0-2])[-/.](\d{1,2})(?!\d)")
# dateutil takes `14,2025` and `8.30` for fractions.
_YEAR_AFTER_COMMA = re.compile(r"(?<=\d),(?=\d{4}\b)")
_TIME_WITH_POINT = re.compile(r"(?<![\d.:])([01]?\d|2[0-3])\.([0-5]\d)(?![\d.])")
_HALF_OF_DAY = re.compile(r"(?<=[\d ])([ap])\. ?m\b\.?", re.IGNORECASE)
_ZONE_WORD = re.compile(
    r"\b(e)astern\b|\b(c)entral\b|\b(m)ountain\b|\b(p)acific\b| (?:standard|daylight)\b| time\b",
    re.IGNORECASE,
)
# `+0200 (CEST)`, `+0200 CEST`, `+02:00[Europe/Berlin]`
_OFFSET_NAMED = re.compile(
    r"([+-]\d\d:?\d\d|Z) ?[(\[][A-Za-z/_ ]+[)\]]|(?<= [+-]\d{4}) [A-Z]{3,4}\b"
)
# To dateutil GMT+3 is three hours *behind* GMT, as POSIX has it.
_FROM_GREENWICH = re.compile(r"\b(?:GMT|UTC) ?(?=[+-]\d)", re.IGNORECASE)

# What the text leaves open differs between readings with these. 27 days apart, so that a weekday
# does not lead both to the same day.
_BLANK = datetime(2000, 1, 1)  # noqa: DTZ001 -- the zone is the text's
_OTHER_BLANK = datetime(2001, 2, 28, 1, 1)  # noqa: DTZ001 -- the zone is the text's

_HOURS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "WIB": 7, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9,
    "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
"""Hours ahead of UTC. Not here, because they mean several zones: AST, BST, CST, IST."""
_PLACES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
"""Zones whose name leaves open whether it is summer."""
_ZONE_NAME = re.compile(rf"\b(?:{'|'.join([*_HOURS, *_PLACES])})\b", re.IGNORECASE)

_WEEKDAYS = {"tues": "Tue", "weds": "Wed", "thur": "Thu", "thurs": "Thu"}


class _English(parser.parserinfo):
    """What dateutil knows of English, and what newspapers write besides."""

    def jump(self, name: str) -> bool:
        return name.lower() in {"the", "hrs", "hours"} or super().jump(name)

    def weekday(self, name: str) -> int | None:
        return super().weekday(_WEEKDAYS.get(name.lower(), name))


_parse = parser.parser(_English()).parse


class Published(NamedTuple):
    """When an article was published: the day as the file has it, and the moment if it says that."""

    day: date
    at: datetime | None
    """In UTC. None where the text gives no time, or no zone, or one that is not known."""


def published(text: str) -> Published:
    """The date in `text`, which is one line. Of several, one called published, else the first.

    Raises Rejected `bad_date`.
    """
    if _WEEK_ALONE.match(text):
        raise _incomplete(text)
    try:
        return _plausible(date.fromisoformat(text), None, text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _read(_plain(text), text)
    return _plausible(moment.date(), moment, text)


def _plausible(day: date, moment: datetime | None, text: str) -> Published:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise _bad(f"{quoted(text)} is in no year between {_FIRST_YEAR} and {_LAST_YEAR}.")
    if moment is None or moment.tzinfo is None:
        return Published(day, None)
    return Published(day, moment.astimezone(UTC))


def _plain(text: str) -> str:
    """The one date in `text` that is wanted, in words that dateutil reads rightly."""
    parts = _LABEL.split(_READING_TIME.sub("", text[: 2 * _LONGEST]))
    pairs = [("", parts[0]), *zip(map(str.lower, parts[1::2]), parts[2::2], strict=True)]
    dates = [(label, piece) for label, piece in pairs if any(map(str.isdigit, piece))]
    if not dates:
        raise _bad(f"{quoted(text)} holds no date.")
    plain = next((piece for label, piece in dates if label in {"published", "posted"}), dates[0][1])
    plain = _OFFSET_NAMED.sub(r"\1", _WRITER.sub("", plain)).translate(_BETWEEN).strip(_EDGES)
    if len(plain) > _LONGEST or not _ORDINARY.fullmatch(plain):
        raise _unread(text)
    plain = _YEAR_FIRST.sub(lambda m: f"{m[3]} {_MONTHS[int(m[2]) - 1]} {m[1]} ", plain)
    plain = _TIME_WITH_POINT.sub(r"\1:\2", _YEAR_AFTER_COMMA.sub(", ", plain))
    plain = _HALF_OF_DAY.sub(r"\1m", plain)
    plain = _ZONE_WORD.sub(lambda m: f"{m[m.lastindex]}T" if m.lastindex else "", plain)
    plain = _ZONE_NAME.sub(lambda m: m[0].upper(), plain)
    return _FROM_GREENWICH.sub("", plain)


def _read(plain: str, text: str) -> datetime:
    """`plain` by dateutil, read in each way that it may be. Raises Rejected `bad_date`.

    A time stands in the answer, with its zone if known, only if one stands in the text.
    """
    try:
        month_first = _parse(plain, default=_BLANK, tzinfos=_zone)
        day_first = _parse(plain, default=_BLANK, dayfirst=True, tzinfos=_zone)
        other = _parse(plain, default=_OTHER_BLANK, tzinfos=_zone)
    except (ValueError, ArithmeticError):  # dateutil lets those of Decimal through
        raise _unread(text) from None
    if month_first.date() != other.date() or str(month_first.year) not in plain:
        raise _incomplete(text)
    if month_first.date() != day_first.date():
        raise _bad(
            f"{quoted(text)} may be {month_first:%Y-%m-%d} or {day_first:%Y-%m-%d}; "
            "write it like one of these."
        )
    return month_first if month_first.hour == other.hour else month_first.replace(tzinfo=None)


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone called `name`, else the one `offset` seconds ahead of UTC; None if not known."""
    if name is None:
        return None if offset is None else timezone(timedelta(seconds=offset))
    if name in _PLACES:
        return ZoneInfo(_PLACES[name])
    hours = _HOURS.get(name)
    return None if hours is None else timezone(timedelta(hours=hours))


def _incomplete(text: str) -> Rejected:
    return _bad(f"{quoted(text)} lacks the day, the month or the year in four digits.")


def _unread(text: str) -> Rejected:
    return _bad(f"{quoted(text)} is no date that is understood; write it like 2025-01-31.")


def _bad(reason: str) -> Rejected:
    return Rejected("bad_date", reason, field="PUBLISHED_DATE")
