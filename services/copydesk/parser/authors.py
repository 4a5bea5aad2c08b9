"""Bylines to names."""

from __future__ import annotations

import re

_WRITING = (
    r"(?:written|reported|(?:additional )?reporting|compiled|story|words|text|analysis|opinion"
    r"|column|commentary|perspective|essay|interview|review|posted|submitted|contributed)"
)
# `ByInes`: what stood between was a tag.
_LABEL = re.compile(
    rf"^(?:{_WRITING} )?(?:by\b[ :]*)+|^(?-i:By)(?=(?-i:[A-Z][a-z]))|^authors? ?: ?", re.IGNORECASE
)
# Pictures, and what editors and translators did: until a divider, or until somebody wrote.
_CREDIT = re.compile(
    r"(?:\. )?\b(?:photo(?:graph)?s?|photography|pictures?|illustrations?|graphics?|videos?"
    r"|edit(?:ed|ing)|produced|translat(?:ed|ion))(?: and \w+)? by\b"
    rf"((?:(?!\b{_WRITING} by\b)[^;|\n])*)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:\b(?:e-?mail|mailto|contact) ?: ?)?"
    r"[(<\[]?\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+[)>\]]?"
    r"|https?://\S+|\bwww\.\S+|(?<!\w)@\w+",
    re.IGNORECASE,
)
# A line that breaks after these goes on in the next.
_WRAPPED = re.compile(r"(?:(?<= and)|(?<=&)) *\n", re.IGNORECASE)
_ASIDE = re.compile(r"(?<=[\w.]) ?\([^()]*\)")
_CLAUSE = re.compile(r"[;|•·]")
_DIVIDER = re.compile(r",| [-\u2013\u2014+] |/(?![aA]\b)")
_AND = re.compile(r" (?:and|with|(?-i:und|et(?! al\b))) |&", re.IGNORECASE)
_EDGES = " -\u2013\u2014:*/()[]"

# What stands after a name's comma and belongs to it. Letters with full stops are a degree.
_SUFFIX = re.compile(
    r"(?:jr|sr|ii|iii|iv|v|2nd|3rd|esq|md|phd|edd|dds|dvm|jd|llm|rn|mph|mba|msc|cpa|cfa|obe|cbe|mbe"
    r"|kc|qc|mp|sj)\.?|(?-i:(?:[A-Z]{1,2}[a-z]?\.\s?){2,})",
    re.IGNORECASE,
)

_AGENCY = re.compile(
    r"(?:the )?(?:associated press|ap|a\.p\.|ap news|reuters|thomson reuters|afp"
    r"|agence france[- ]presse|bloomberg|bloomberg news|upi|united press international|dpa|efe|ansa"
    r"|xinhua|xinhua news agency|kyodo|kyodo news|interfax|tass|pa media|press association"
    r"|canadian press|cnn|cnn wire|npr|bbc news|press trust of india|pti|ians|ani|getty images)"
    r"(?: (?:staff|reporters?|writers?))?",
    re.IGNORECASE,
)
_JOB = (
    r"(?:staff|agencies|newsroom|desk|editors?|admin|contributors?|columnists?|correspondents?"
    r"|reporters?|writers?|authors?|journalists?|photographers?|producers?)"
)
# A job in place of a name, and what exports write for nobody.
_ROLE = re.compile(
    r"(?:(?:by|from|our|the|senior|chief|special|political|foreign|national|business|sports"
    r"|science|contributing|associate|assistant|managing|deputy|freelance|web|online|digital|guest"
    rf"|news|wire|unknown) )*(?:{_JOB}|editorial board|reports|services|anonymous|unknown|none|n/a"
    r"|null|nan|undefined)(?: (?:staff|reports?|reporters?|writers?|photographers?|team))*"
    r"|special (?:to|for) .*|(?:for|of) the .*|(?-i:in [A-Z].*)",
    re.IGNORECASE,
)
# What stands after a name and is none: a publication, a date; a job or a publication by its last
# word ("Bay Courier Staff", "Washington Bureau Chief").
_NO_NAME = re.compile(
    r"the (?!rev|hon|right|most|very)|\d|(?:published|updated|posted)\b"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d",
    re.IGNORECASE,
)
_LAST_OF_NO_NAME = frozenset({
    "staff", "team", "desk", "chief", "editor", "editors", "editor-in-chief", "contributor",
    "contributors", "columnist", "columnists", "correspondent", "correspondents", "reporter",
    "reporters", "writer", "writers", "journalist", "journalists", "photographer", "producer",
    "news", "times", "tribune", "gazette", "chronicle", "magazine", "media", "radio", "tv",
    "today",
})  # fmt: skip
_AFFILIATION = re.compile(
    r" (?:(?:in|IN|for) [A-Z]|(?:AP|AFP|UPI)\b|\("
    r"|(?i:(?:for|of) the |special to |(?:the )?associated press\b|reuters\b))"
)


def authors(byline: str) -> list[str]:
    """The names in `byline`, in its order, each once, spelled as there.

    Jobs ("Staff Writer"), addresses and places are left out; so are agencies, and who took the
    pictures or edited, where an author is named. Names in capitals stay so: which of their
    letters were small cannot be told.
    """
    if "@" in byline or "//" in byline or "www." in byline:
        byline = _ADDRESS.sub("", byline)
    if " by " in byline.lower():
        return _names(_CREDIT.sub("", byline)) or _names(_CREDIT.sub(r"\1", byline))
    return _names(byline)


def _names(byline: str) -> list[str]:
    people: list[list[str]] = []  # each a name and what belongs to it
    agencies: list[list[str]] = []
    byline = byline.strip()
    if "\n" in byline:
        byline = _WRAPPED.sub(" ", byline).replace("\n", ", ")
    if "(" in byline:
        byline = _ASIDE.sub("", byline)
    for clause in _CLAUSE.split(" ".join(byline.split())):
        for piece in _pieces(clause):
            if _AGENCY.fullmatch(piece):
                agencies.append([piece])
            elif _SUFFIX.fullmatch(piece) and people:
                people[-1].append(piece)
            elif _ROLE.fullmatch(piece) or (people and _is_no_name(piece)):
                continue
            elif any(map(str.isalpha, piece)):
                people.append([piece])
    return _distinct([", ".join(parts) for parts in people or agencies])


def _is_no_name(piece: str) -> bool:
    last = piece.rpartition(" ")[2].lower()
    return last in _LAST_OF_NO_NAME or _NO_NAME.match(piece) is not None


def _pieces(text: str) -> list[str]:
    parts = [_bare(part) for chunk in _DIVIDER.split(text) for part in _AND.split(f" {chunk}")]
    if len(parts) == 2 and _last_first(text, parts):  # noqa: PLR2004 -- a pair
        return [", ".join(parts)]
    return [part for part in parts if part]


def _bare(part: str) -> str:
    """`part` without a label, and without what says for whom and where its author works."""
    part = _LABEL.sub("", part.strip(_EDGES))
    affiliation = _AFFILIATION.search(part)
    if affiliation:
        name = part[: affiliation.start()]
        # `Office of the Mayor` is no person called Office.
        if " " in name and not name.lower().startswith("the "):
            part = name
    return part.strip(_EDGES)


def _last_first(text: str, pair: list[str]) -> bool:
    """Whether `text`, one word on each side of a comma, is one name with the family name first."""
    return "," in text and not any(
        " " in word or not word or _AGENCY.fullmatch(word) or _ROLE.fullmatch(word) for word in pair
    )


def _distinct(names: list[str]) -> list[str]:
    return list({name.casefold(): name for name in reversed(names)}.values())[::-1]
