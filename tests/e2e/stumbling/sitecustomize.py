"""Makes the parser raise on an article whose title is STUMBLE, in whatever process it runs."""

from __future__ import annotations

from copydesk.parser import article
from copydesk_schemas.messages import Article, Rejection, Source

_parse = article.parse


def _stumbling(data: bytes, source: Source) -> Article | Rejection:
    if b"<TITLE>STUMBLE<" in data:
        raise RuntimeError("stumbled")
    return _parse(data, source)


article.parse = _stumbling
