"""`copydesk`, with a parser that raises on an article whose title is STUMBLE."""

from __future__ import annotations

from copydesk.commands.app import main
from copydesk.parser import article, step
from copydesk_schemas.messages import Article, Rejection, Source


def _stumbling(data: bytes, source: Source) -> Article | Rejection:
    if b"<TITLE>STUMBLE<" in data:
        raise RuntimeError("stumbled")
    return article.parse(data, source)


vars(step)["parse"] = _stumbling
main()
