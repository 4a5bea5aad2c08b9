"""Which rule a shortened word is judged by."""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_lowercase

from copydesk.parser.rejoin import abbreviations as rules
from copydesk.parser.rejoin import letters, places
from copydesk.parser.rejoin.gap import Gap
from copydesk.parser.rejoin.verdict import Verdict
from copydesk.parser.rejoin.words.calendar import MONTHS, WEEKDAYS
from copydesk.parser.rejoin.words.companies import COMPANIES, MARKED_NAMES
from copydesk.parser.rejoin.words.letters import (
    CORPORATE,
    COUNTRIES,
    DEGREES,
    ERAS,
    NOUNS,
    REGIONS,
    SHORT_NOUNS,
    TIMES,
)
from copydesk.parser.rejoin.words.places import BEFORE_NAMES, STATES, STREETS
from copydesk.parser.rejoin.words.shortened import (
    ADJECTIVES,
    BEFORE_NUMBERS,
    BRIDGES,
    ENDABLE,
    UNITS,
)
from copydesk.parser.rejoin.words.titles import HONORIFICS, TITLES

Judge = Callable[[Gap], Verdict]

# Later entries win where a word has two meanings, and leave the other to that judge.
_CLASSES: list[tuple[frozenset[str], Judge]] = [
    (ENDABLE, rules.endable),
    (BEFORE_NUMBERS, rules.reference),
    (UNITS, rules.unit),
    (ADJECTIVES, rules.adjective),
    (STATES, places.state),
    (STREETS, places.street),
    (COMPANIES, rules.company),
    (TITLES, rules.title),
    (HONORIFICS, rules.honorific),
    (BEFORE_NAMES, places.place),
    (frozenset(["St"]), places.saint),
    (frozenset(["Jr", "Sr"]), rules.suffix),
    (MONTHS, rules.month),
    (WEEKDAYS, rules.weekday),
    (BRIDGES, rules.bridge),
]

# Whatever name follows these is joined.
_NAMERS = (rules.title, rules.adjective, places.place)


def _in_capitals(judge: Judge) -> Judge:
    """Judge a title in capitals before capitals only: elsewhere BP and FT are bodies."""

    def judged(gap: Gap) -> Verdict:
        return judge(gap) if gap.head.isupper() else rules.endable(gap)

    return judged


def _lexicon() -> dict[str, Judge]:
    judges: dict[str, Judge] = {}
    for words, judge in _CLASSES:
        for word in words:
            judges[f"{word}."] = judge
            # Headlines and datelines are set in capitals; two capitals would be initials.
            if word[:1].isupper() and len(word) > 1:
                ambiguous = judge in _NAMERS and word != "Dr"
                in_capitals = _in_capitals(judge) if ambiguous else judge
                judges.setdefault(f"{word.upper()}.", in_capitals)
    judges.update(dict.fromkeys(MARKED_NAMES, rules.marked_name))
    judges.update(
        dict.fromkeys([*COUNTRIES, *NOUNS, *REGIONS, *DEGREES, *SHORT_NOUNS], letters.letters)
    )
    judges.update(dict.fromkeys(ERAS, letters.era))
    judges.update(dict.fromkeys(CORPORATE, letters.corporate))
    judges.update(dict.fromkeys(TIMES, letters.time))
    return judges


JUDGES = _lexicon()

# Words long enough to look ordinary at a glance, which yet join what begins with a capital.
_GLANCE = 4
_KEEPERS = (rules.endable, rules.reference, rules.unit)
LONG_WORDS = sorted(
    word
    for word, judge in JUDGES.items()
    if word[-_GLANCE - 1 : -1].islower()
    and len(word) > _GLANCE
    and judge not in _KEEPERS
    and not word[-_GLANCE - 3 : -_GLANCE - 1].strip(ascii_lowercase)
)
