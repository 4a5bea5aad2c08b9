"""Files abreast: each step of the parser with some of them before the next step.

The parser's code is many times what a processor's inner caches hold. One file at a time, each step
finds its own pushed out by all the others; abreast, a file takes a fifth less time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Final

from copydesk.parser.article import parsing
from copydesk.parser.unpack import MAX_UNPACKED, is_packed
from copydesk_schemas.messages import Article, Rejection, Source

File = tuple[bytes, Source]

_MOST: Final = 32
"""Files abreast. Twice as many gain nothing more, half as many lose a sixth of the gain."""


def parse_all(files: Iterable[File]) -> Iterator[Article | Rejection]:
    """What `article.parse` says of each of `files`, in their order.

    As many texts are held at once as fit into what one file may unpack to.
    """
    for some in _abreast(files):
        steps = zip_longest(*[parsing(data, source) for data, source in some])
        for answers in zip(*steps, strict=True):
            yield next(filter(None, answers))


def _abreast(files: Iterable[File]) -> Iterator[list[File]]:
    some: list[File] = []
    held = 0
    for data, source in files:
        size = MAX_UNPACKED if is_packed(data) else len(data)
        if some and (len(some) == _MOST or held + size > MAX_UNPACKED):
            yield some
            some, held = [], 0
        some.append((data, source))
        held += size
    if some:
        yield some
