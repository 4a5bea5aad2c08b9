"""`copydesk tail`: the normalized topic, as it grows."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

import orjson

from copydesk.commands.log import log_of, topics_of
from copydesk.settings import Settings
from copydesk.telemetry.harmless import harmless
from copydesk.transport.api import Record, Start
from copydesk_schemas.messages import Article


def tail(settings: Settings, *, from_beginning: bool, follow: bool) -> int:
    """Print the topic's records until its end, or until Ctrl-C."""
    show = _for_reading() if sys.stdout.isatty() else _line
    try:
        asyncio.run(_tail(settings, show, from_beginning=from_beginning, follow=follow))
    except KeyboardInterrupt:
        return 0
    return 0


async def _tail(
    settings: Settings, show: Callable[[Article], None], *, from_beginning: bool, follow: bool
) -> None:
    names = topics_of(settings)
    async with log_of(settings, read_only=True) as transport:
        start: Start = "first" if from_beginning else "end"
        async for records in transport.read(names.normalized.name, start, follow=follow):
            for record in records:
                article = _decoded(record)
                if article is not None:
                    show(article)
            sys.stdout.flush()


def _decoded(record: Record) -> Article | None:
    """The record's event, or None (and a word about it) where it holds none."""
    try:
        article: Article = orjson.loads(record.value or b"")
        _ = article["title"], article["site"], article["source"]["path"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        sys.stderr.write(f"copydesk: {record.topic} {record.offset} holds no article; skipped\n")
        return None
    return article


def _line(article: Article) -> None:
    sys.stdout.write(orjson.dumps(article).decode() + "\n")


def _for_reading() -> Callable[[Article], None]:
    from rich.console import Console  # noqa: PLC0415 -- a pipe can do without
    from rich.text import Text  # noqa: PLC0415

    console = Console()

    def show(article: Article) -> None:
        facts = (
            article["published_date"],
            article["language"],
            f"{article['word_count']} words",
            article["source"]["path"],
        )
        console.print(
            Text.assemble(
                (harmless(article["title"]), "bold"),
                "  ",
                (harmless(article["site"]), "cyan"),
                "\n  ",
                (harmless(" · ".join(facts)), "dim"),
            ),
            soft_wrap=True,
        )

    return show
