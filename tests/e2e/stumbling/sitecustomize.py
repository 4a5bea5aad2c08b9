"""Makes the parser raise on an article whose title is STUMBLE, in whatever process it runs."""

from __future__ import annotations

from collections.abc import Iterator

from copydesk.parser import article
from copydesk_schemas.messages import Article, Rejection, Source

_parsing = article.parsing


def _stumbling(data: bytes, source: Source) -> Iterator[Article | Rejection | None]:
    if b"<TITLE>STUMBLE<" in data:
        raise RuntimeError("stumbled")
    return _parsing(data, source)


article.parsing = _stumbling
