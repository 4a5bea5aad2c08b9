"""Breaks the parser on articles that ask for it, in whatever process it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from copydesk.parser import article, passages
from copydesk.parser.rejoin import Rejoined, rejoin_content
from copydesk_schemas.messages import Article, Rejection, Source

_parsing = article.parsing


def _stumbling(data: bytes, source: Source) -> Iterator[Article | Rejection | None]:
    if b"<TITLE>STUMBLE<" in data:
        raise RuntimeError("stumbled")
    return _parsing(data, source)


def _unlawful(
    blocks: Sequence[str], language: str | None, as_read: Sequence[str] | None
) -> Rejoined:
    if "UNLAWFUL." in blocks:
        return Rejoined(list(blocks), {}, lawful=False)
    return rejoin_content(blocks, language, as_read)


article.parsing = _stumbling
setattr(passages, "rejoin_content", _unlawful)  # noqa: B010 -- a name that it imports, not its own
