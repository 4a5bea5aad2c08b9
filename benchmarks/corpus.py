"""Articles to measure with: invented, distinct, repeatable, damaged as real ones are.

In 850 KB of news that people have labelled, the cut makes 490 false splits a megabyte, 7 % of all
boundaries. Here it makes about as many: how often a shortened word stands is what the rejoining of
sentences costs.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

TYPICAL_BYTES = 6_700
"""Size of a typical article file; sentences are drawn until CONTENT makes it as large."""

PEOPLE = (
    "Aldous Fenn",
    "Mayor Ida Brandt",
    "Dr. Lucian Moss",
    "Governor Petra Oyelaran",
    "Senator Ruth Tolliver",
    "Captain Inge Solheim",
    "Professor Amara Diallo",
    "Pastor Coralie Webb",
    "Lieutenant Bruno Castell",
    "Judge Nell Ashdown",
)
PLACES = (
    "Port Kessel",
    "Saint Orrin",
    "Tarn Vale",
    "Lower Wick",
    "the northern half of Maine",
    "Brandle Abbey",
    "the northern coast",
    "Quarrel",
    "Gull Island",
    "the county of East Marrow",
)
SUBJECTS = (
    "the harbour board",
    "the school council",
    "a group of engineers",
    "the new library",
    "the water company",
    "the regional orchestra",
    "the rail operator",
    "an association of growers",
    "the hospital trust",
    "the museum of clocks",
)
ACTIONS = (
    "agreed to spend $3.5 million on repairs",
    "will open its doors again in January",
    "asked for more time",
    "published a report of 140 pages",
    "lost a vote by 11 to 9",
    "found the cause of the fire",
    "signed a contract with Halden & Sons for three years",
    "put off the decision until the autumn",
    "counted 2,311 visitors in a week",
    "closed two of its five offices",
)
REASONS = (
    "because the winter had been long",
    "after a debate of four hours",
    "although nobody had expected it",
    "as prices rose by 4.2 percent",
    "to the surprise of its neighbours",
    "for the first time since 1987",
    "despite a warning from the auditors",
    "once the storm had passed",
    "as the law demands",
    "in front of a crowded hall",
    "with the help of volunteers",
    "when nobody else would",
    "before the committee had met",
    "on the advice of two judges",
    "against the will of the owners",
    "in spite of the rain",
    "until the money ran out",
    "as it had promised in spring",
    "where the U.S. railroad once ended",
    "beginning on Jan. 20 at the latest",
)
QUOTES = (
    "“We have waited long enough, and now we want to see the plans,” {who} said.",
    "“Is that so?” asked {who}, who had read every page of it twice, and doubted it.",
    "“It was 6 a.m. and the lights went out,” {who} told reporters.",
    "“Nobody was hurt, and that is what counts for the families tonight,” said {who}.",
    "“I would not have believed it a year ago,” said {who}, standing at the gate.",
    "“The bridge was built to last, and it has lasted,” {who} said on Tuesday.",
    "{who} called the report “a good beginning” and asked for a second one.",
    "{who} said that the work would “take weeks, not months” to finish.",
    "“They told us in the morning,” {who} recalled, “and by noon it was done.”",
    "{who} said: “The figures speak for themselves — and they are not good.”",
)


def article(number: int, seed: int = 0, size: int = TYPICAL_BYTES) -> bytes:
    """Article `number` of the corpus `seed`, about `size` bytes as a file. Always the same."""
    dice = random.Random(f"{seed}/{number}")  # noqa: S311 -- repeatable on purpose
    pieces = damage(list(_sentences(dice, max(size - 1_500, 0))))
    summary = " ".join(_sentences(dice, 400)).replace(".", ".\n- ")
    highlights = "\n".join(f"- {piece}" for piece in dice.sample(pieces, min(4, len(pieces))))
    body = "\n\n".join(pieces)
    published = date(2024, 1, 1) + timedelta(days=number % 700)
    return (
        f"<TITLE>{_statement(dice)[:-1]} ({number})</TITLE>\n"
        f"<PUBLISHED_DATE>{published}</PUBLISHED_DATE>\n"
        f"<URL>https://www.paper{number % 97}.example/news/{seed}/{number}/?utm_source=feed</URL>\n"
        f"<AUTHOR>By {dice.choice(PEOPLE)} and {dice.choice(PEOPLE)}</AUTHOR>\n\n"
        f"<SUMMARY>\n{summary}\n\n\n</SUMMARY>\n<HIGHLIGHTS>\n{highlights}\n\n</HIGHLIGHTS>\n"
        f"<CONTENT>\n{body}\n\n</CONTENT>\n"
    ).encode()


def sentences(number: int, seed: int = 0, size: int = TYPICAL_BYTES) -> list[str]:
    """The sentences of which CONTENT of that article was made, before they were damaged."""
    dice = random.Random(f"{seed}/{number}")  # noqa: S311 -- repeatable on purpose
    return list(_sentences(dice, max(size - 1_500, 0)))


def damage(whole: list[str]) -> list[str]:
    """What the damage upstream does: it cuts after every full stop that white space follows."""
    return re.split(r"(?<=[.!?])\s+", " ".join(whole))


def write(folder: Path, count: int, *, seed: int = 0, size: int = TYPICAL_BYTES) -> int:
    """Write articles 0 to `count` - 1 into `folder`, a thousand a sub-folder; bytes written."""
    written = 0
    for number in range(count):
        below = folder / f"{number // 1_000:04}"
        if number % 1_000 == 0:
            below.mkdir(parents=True)
        written += (below / f"{number:06}.txt").write_bytes(article(number, seed, size))
    return written


def _sentences(dice: random.Random, length: int) -> Iterator[str]:
    """Sentences of about `length` characters in all, one at the least."""
    while True:
        sentence = _quote(dice) if dice.random() < 0.25 else _statement(dice)  # noqa: PLR2004
        yield sentence
        length -= len(sentence) + 2
        if length <= 0:
            return


def _statement(dice: random.Random) -> str:
    first, second = _clause(dice), _clause(dice)
    return f"{first[0].upper()}{first[1:]}, while {second} {dice.choice(REASONS)}."


def _clause(dice: random.Random) -> str:
    return f"{dice.choice(SUBJECTS)} in {dice.choice(PLACES)} {dice.choice(ACTIONS)}"


def _quote(dice: random.Random) -> str:
    return dice.choice(QUOTES).format(who=dice.choice(PEOPLE))
