"""Article files for the parser's tests, made of whatever fields a test wants."""

from __future__ import annotations

from typing import Final

from copydesk.parser.article import parse
from copydesk_schemas.messages import Article, Rejection, Source

SOURCE: Final[Source] = {
    "inbox": "inbox",
    "path": "harbour.txt",
    "version_id": "5b0c9a58-3a8e-5c8f-9c53-7e1f7a1f0c11",
    "bytes": 812,
    "sha256": "c0" * 32,
    "observed_at": "2025-03-02T07:15:00.250000Z",
}

FIELDS: Final = {
    "TITLE": "Harbour town votes to keep its last ferry",
    "PUBLISHED_DATE": "2025-03-01",
    "URL": "https://news.example.org/2025/03/01/harbour-ferry/",
    "AUTHOR": "Ines Okafor",
    "SUMMARY": "\nThe council kept the ferry.\n-  It costs $1.\n- 5 million a year.\n- \n",
    "HIGHLIGHTS": "\n- The vote was 7 to 4.\n- The ferry has run since 1911.\n",
    "CONTENT": (
        "\nThe town council voted on Saturday to keep the last ferry across the bay.\n\n"
        "It costs about $1.5 million a year, and most of its passengers are pupils.\n\n"
        "“Nobody here wanted to take the long road,” the mayor said.\n"
    ),
}


def compose(**fields: str | None) -> str:
    """An article file with `fields` in place of the ordinary ones; None leaves a field out."""
    merged = {**FIELDS, **fields}
    return "".join(
        f"<{name}>{value}</{name}>\n" for name, value in merged.items() if value is not None
    )


def parsed(data: str | bytes, path: str = "harbour.txt") -> Article:
    """The article in `data`, which must be one."""
    result = _parse(data, path)
    assert "code" not in result, result
    return result


def rejected(data: str | bytes, path: str = "harbour.txt") -> Rejection:
    """Why there is no article in `data`, which must be so."""
    result = _parse(data, path)
    assert "code" in result, result
    return result


def _parse(data: str | bytes, path: str) -> Article | Rejection:
    encoded = data.encode() if isinstance(data, str) else data
    return parse(encoded, {**SOURCE, "path": path})
