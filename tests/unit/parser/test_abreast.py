"""Files that are parsed abreast become what each becomes alone, in their order."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from copydesk.parser.abreast import parse_all
from copydesk.parser.article import parse, parsing
from copydesk_schemas.messages import Article, Rejection, Source
from tests.unit.parser.articles import SOURCE, compose

GOOD = compose().encode()
PACKED = gzip.compress(GOOD, mtime=0)
BAD = [b"", b"\x1f\x8b", b"<TITLE>", compose(URL="none").encode(), compose(CONTENT=" ").encode()]


def test_files_abreast_become_what_each_becomes_alone_in_their_order() -> None:
    files = [compose(TITLE=f"Number {n}").encode() for n in range(70)]
    files[10:20] = [*BAD, *BAD]
    files[33] = PACKED
    results = list(parse_all((data, SOURCE) for data in files))
    assert results == [parse(data, SOURCE) for data in files]


def test_no_files_become_nothing() -> None:
    assert list(parse_all([])) == []


@pytest.mark.parametrize(
    ("file", "most"),
    [(GOOD, 32), (GOOD + b" " * (1 << 20), 3), (PACKED, 1)],
    ids=["small", "large", "packed"],
)
def test_so_many_are_abreast_as_hold_no_more_than_one_file_may(
    monkeypatch: pytest.MonkeyPatch, file: bytes, most: int
) -> None:
    under_way = 0
    seen = []

    def watched(data: bytes, source: Source) -> Iterator[Article | Rejection | None]:
        nonlocal under_way
        under_way += 1
        seen.append(under_way)
        yield from parsing(data, source)
        under_way -= 1

    monkeypatch.setattr("copydesk.parser.abreast.parsing", watched)
    assert len(list(parse_all([(file, SOURCE)] * 70))) == 70
    assert max(seen) == most
