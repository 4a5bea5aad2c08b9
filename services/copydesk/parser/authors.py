"""Bylines to names."""

from __future__ import annotations

import re

_LABEL = re.compile(
    r"^(?:(?:written|reported|reporting|story|words|text|analysis|opinion|review) )?by\b[ :]*"
    r"|^authors? ?: ?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[(<\[]?\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+[)>\]]?|https?://\S+")
_AND = re.compile(r"(?:^| )(?:and|with) | ?& ?", re.IGNORECASE)
_DIVIDER = re.compile(r" ?[,;|•·] ?")
_EDGES = " -\u2013\u2014:*/()[]"

# What stands after a name's comma and belongs to it.
_SUFFIX = re.compile(
    r"(?:jr|sr|ii|iii|iv|esq|m\.?\s?d|ph\.?\s?d|d\.?\s?d\.?s|d\.?v\.?m|j\.?d|r\.?n|m\.?p\.?h|m\.?b\.?a"
    r"|c\.?f\.?a|o\.?b\.?e|c\.?b\.?e|m\.?b\.?e|s\.?j)\.?",
    re.IGNORECASE,
)

_AGENCY = re.compile(
    r"(?:the )?(?:associated press|ap|a\.p\.|ap news|reuters|thomson reuters|afp"
    r"|agence france-presse|bloomberg|bloomberg news|upi|united press international|dpa|efe|ansa"
    r"|xinhua|xinhua news agency|kyodo|kyodo news|interfax|tass|pa media|press association"
    r"|canadian press|cnn|cnn wire|npr|bbc news|pti|ians|ani|news agencies|wire reports"
    r"|wire services)",
    re.IGNORECASE,
)
# A job in place of a name, or after one.
_ROLE = re.compile(
    r"(?:(?:by|our|the|senior|chief|special|political|foreign|national|business|sports|science"
    r"|contributing|associate|assistant|managing|deputy|freelance|web|digital|guest) )*"
    r"(?:staff|agencies|newsroom|news desk|editorial board|editors?|admin|contributors?|columnists?"
    r"|correspondents?|reporters?|writers?|photographers?|anonymous|unknown|none|n/a)"
    r"(?: (?:staff|reports?|reporters?|writers?|photographers?|team))*"
    r"|special (?:to|for) .*|for the .*|of the .*",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(r" (?:in [A-Z]|(?i:of the )|for (?:the )?[A-Z]|\().*")


def authors(byline: str) -> list[str]:
    """The names in `byline`, in its order, each once, spelled as there.

    Jobs ("Staff Writer"), addresses and places are left out; so are agencies where a person is
    named. Names in capitals stay so: which of their letters were small cannot be told.
    """
    if "@" in byline or "://" in byline:
        byline = _ADDRESS.sub("", byline)
    people: list[list[str]] = []  # each a name and what belongs to it
    agencies: list[list[str]] = []
    for piece in _pieces(" ".join(byline.strip().replace("\n", ", ").split())):
        if _AGENCY.fullmatch(piece):
            agencies.append([piece])
        elif _SUFFIX.fullmatch(piece) and people:
            people[-1].append(piece)
        elif not _ROLE.fullmatch(piece) and any(map(str.isalpha, piece)):
            people.append([piece])
    return _distinct([", ".join(parts) for parts in people or agencies])


def _pieces(text: str) -> list[str]:
    text = _LABEL.sub("", text)
    parts = [_bare(part) for chunk in _DIVIDER.split(text) for part in _AND.split(chunk)]
    if len(parts) == 2 and _last_first(text, parts):  # noqa: PLR2004 -- a pair
        return [", ".join(parts)]
    return [part for part in parts if part]


def _bare(part: str) -> str:
    """`part` without a label, and without what says for whom and where its author works."""
    part = _LABEL.sub("", part.strip(_EDGES))
    return _AFFILIATION.sub("", part).strip(_EDGES)


def _last_first(text: str, pair: list[str]) -> bool:
    """Whether `text`, one word on each side of a comma, is one name with the family name first."""
    return "," in text and not any(
        " " in word or not word or _AGENCY.fullmatch(word) or _ROLE.fullmatch(word) for word in pair
    )


def _distinct(names: list[str]) -> list[str]:
    return list({name.casefold(): name for name in reversed(names)}.values())[::-1]
