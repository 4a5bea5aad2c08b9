"""The parser's time by step, and the rejoining of sentences beside other programs that tell them.

The others are measured where they are installed: `pip install phrasplit blingfire nltk`, and for
Punkt the data that nltk downloads.
"""

from __future__ import annotations

import gc
import math
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from benchmarks import corpus
from copydesk.parser.abreast import parse_all
from copydesk.parser.article import parse
from copydesk.parser.authors import authors
from copydesk.parser.blocks import content_blocks, highlight_blocks
from copydesk.parser.dates import published
from copydesk.parser.decode import decode
from copydesk.parser.fields import split_fields
from copydesk.parser.language import language
from copydesk.parser.rejoin import rejoin_content, rejoin_highlights, tidy_pieces
from copydesk.parser.summary import restore_summary
from copydesk.parser.text import is_tidy
from copydesk.parser.urls import canonical
from copydesk_schemas.messages import Source

Figures = dict[str, float]
Splitter = Callable[[str], Sequence[str]]
Pass = Callable[[], object]
"""Does what is measured, with all articles once."""
T = TypeVar("T")
TIMES = 5
"""Everything is measured so often; the least counts, as nothing makes a processor faster."""
SOURCE: Source = {
    "inbox": "inbox",
    "path": "article.txt",
    "version_id": "00000000-0000-0000-0000-000000000000",
    "bytes": 0,
    "sha256": "",
    "observed_at": "",
}


def steps(_home: Path, files: int) -> Figures:
    """Microseconds an article by step; MB/s and join-F1 of the rejoining and of others.

    `parse_us` is with files abreast, as the pipeline parses them.
    """
    with _collector_at_rest():
        return _parser(files) | _rejoining(files)


def _parser(count: int) -> Figures:
    articles = [corpus.article(number) for number in range(count)]
    files = [(article, SOURCE) for article in articles]
    texts = [decode(article, Counter()) for article in articles]
    fields = [split_fields(text.text).values for text in texts]
    blocks = [content_blocks(field["CONTENT"]) for field in fields]
    whole = [rejoin_content(cut, "en").blocks for cut in blocks]
    highlights = [highlight_blocks(field["HIGHLIGHTS"]) for field in fields]

    passes: dict[str, Pass] = {
        "decode_us": _each(lambda article: decode(article, Counter()), articles),
        "fields_us": _each(lambda text: (split_fields(text.text), is_tidy(text.special)), texts),
        "url_date_authors_us": _each(
            lambda field: (
                canonical(field["URL"]),
                published(field["PUBLISHED_DATE"]),
                authors(field["AUTHOR"]),
            ),
            fields,
        ),
        "blocks_us": _each(lambda field: content_blocks(field["CONTENT"]), fields),
        "language_us": _each(language, blocks),
        "spacing_us": _each(lambda cut: tidy_pieces(cut, "en"), blocks),
        "rejoin_content_us": _each(lambda cut: rejoin_content(cut, "en"), blocks),
        "highlights_us": _each(
            lambda pair: rejoin_highlights(pair[0], pair[1], "en"),
            list(zip(highlights, whole, strict=True)),
        ),
        "summary_us": _each(lambda field: restore_summary(field["SUMMARY"], "en"), fields),
        "parse_alone_us": _each(lambda article: parse(article, SOURCE), articles),
        "parse_us": lambda: deque(parse_all(files), maxlen=0),
    }
    figures = {name: seconds / count * 1e6 for name, seconds in _least(passes).items()}
    figures["parse_without_language_us"] = figures["parse_us"] - figures["language_us"]
    return figures


def _rejoining(files: int) -> Figures:
    whole = [corpus.sentences(number) for number in range(files)]
    cut = [corpus.damage(sentences) for sentences in whole]
    texts = [" ".join(sentences) for sentences in whole]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    truth = [_ends(sentences) for sentences in whole]
    seams = [_ends(pieces) for pieces in cut]
    answers: dict[str, list[Sequence[str]]] = {
        "rejoin": [rejoin_content(pieces, "en").blocks for pieces in cut]
    }
    passes = {"rejoin": _each(lambda pieces: rejoin_content(pieces, "en"), cut)}
    for name, load in OTHERS.items():
        try:
            split = load()
        except (ImportError, LookupError) as error:
            print(f"normalize: {name} is left out: {str(error).strip()[:60]}", file=sys.stderr)
            continue
        answers[name] = [split(text) for text in texts]
        passes[name] = _each(split, texts)
    figures: Figures = {}
    for name, seconds in _least(passes).items():
        figures[f"{name}_mb_per_second"] = megabytes / seconds
        figures[f"{name}_join_f1"] = _f1(seams, truth, [_ends(answer) for answer in answers[name]])
    return figures


def _ends(pieces: Sequence[str]) -> set[int]:
    """Where each of `pieces` but the last ends, counted in characters that are no white space."""
    return set(accumulate(len("".join(piece.split())) for piece in pieces[:-1]))


def _f1(seams: list[set[int]], truth: list[set[int]], kept: list[set[int]]) -> float:
    """F1 of the boundaries that the damage made and the answer closed."""
    right = wrong = missed = 0
    for made, true, left in zip(seams, truth, kept, strict=True):
        closed, false_splits = made - left, made - true
        right += len(closed & false_splits)
        wrong += len(closed - false_splits)
        missed += len(false_splits - closed)
    return 2 * right / (2 * right + wrong + missed)


def _each(work: Callable[[T], object], things: Sequence[T]) -> Pass:
    return lambda: deque(map(work, things), maxlen=0)


def _least(passes: Mapping[str, Pass]) -> Figures:
    """Seconds of CPU that each of `passes` takes, the least of some rounds through all of them.

    A slow minute of the machine so is one for all.
    """
    least = dict.fromkeys(passes, math.inf)
    for _ in range(TIMES):
        for name, once in passes.items():
            began = time.thread_time()
            once()
            least[name] = min(least[name], time.thread_time() - began)
    return least


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """What is measured with is no garbage to look through; so it is in the parser's process."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _phrasplit() -> Splitter:
    split: Callable[..., list[str]] = import_module("phrasplit").split_sentences
    return lambda text: split(text, split_on_colon=False, use_spacy=False)


def _blingfire() -> Splitter:
    split: Callable[[str], str] = import_module("blingfire").text_to_sentences
    return lambda text: split(text).split("\n")


def _punkt() -> Splitter:
    split: Splitter = import_module("nltk.tokenize.punkt").PunktTokenizer("english").tokenize
    return split


OTHERS: dict[str, Callable[[], Splitter]] = {
    "phrasplit": _phrasplit,
    "blingfire": _blingfire,
    "punkt": _punkt,
}
