"""White space before punctuation and inside quotes, left behind by upstream's inline tags."""

from __future__ import annotations

import re

from copydesk.parser.rejoin.language import is_english
from copydesk.parser.rejoin.seams import seam

# Each begins at the first white space after something else, so that a run is read once.
_BEFORE_COMMA = re.compile(r"(?<=\S)\s+(?=,(?![,\d]))")
# Not `. . .`, `.5` or `.com`: only a full stop that ends a word and is followed by none.
_BEFORE_STOP = re.compile(r"(?<=[\w)\]”’%])\s+(?=\.(?:[”’)\]]|\s+[^\s.]|\s*\Z))")
_AFTER_OPENING = re.compile(r"“\s+(?=\S)")
_BEFORE_CLOSING = re.compile(r"(?<=\S)\s+(?=”(?!\w))")


def has_strays(text: str) -> bool:
    """Tell whether `text` may have spacing to be tidied; where not, no part of it has either."""
    return " ," in text or " ." in text or "“ " in text or " ”" in text


def tidy_pieces(pieces: list[str], language: str | None) -> list[str]:
    """Tidy the spacing of each of `pieces`, which are neighbours; a cut `. . .` stays as it is.

    Where there is nothing to tidy, `pieces` themselves are returned.
    """
    if not has_strays(seam(pieces)):
        return pieces
    tidy = [tidy_spacing(piece, language) for piece in pieces]
    for index, right in enumerate(pieces[1:]):
        if right[:1] == "." and pieces[index][-2:] == " .":
            tidy[index] = pieces[index]
    return tidy


def tidy_spacing(text: str, language: str | None) -> str:
    """Close up blanks before `,` and `.` and inside “ ” quotes; nothing else changes.

    In a sample of news, before `,` that was right 16 times of 16, before `.` mostly, and
    before `:` mostly wrong, so `:` is left alone. Straight quotes do not tell which side they
    close. Other languages open with ” or close with “, so quotes are English only.
    """
    if not has_strays(text):
        return text
    text = _BEFORE_STOP.sub("", _BEFORE_COMMA.sub("", text))
    if is_english(language):
        text = _BEFORE_CLOSING.sub("", _AFTER_OPENING.sub("“", text))
    return text
