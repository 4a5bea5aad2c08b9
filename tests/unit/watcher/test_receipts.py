"""Receipts as anybody may have written them."""

from __future__ import annotations

import orjson
import pytest

from copydesk.transport.api import Record
from copydesk.watcher.known import pack, unpack
from copydesk.watcher.receipts import matching
from copydesk_schemas.ids import uuid_text

VERSION = bytes(range(16))
GOOD = orjson.dumps(
    {
        "version_id": uuid_text(VERSION),
        "inbox": "inbox",
        "path": "a.txt",
        "outcome": "stored",
        "at": "",
        "article_id": None,
        "revision": None,
        "rejection": None,
    }
)


def record(value: bytes | None) -> Record:
    return Record("articles.receipts", 0, 0, 1.0, b"key", value, ())


def known() -> dict[bytes, bytes]:
    return {b"a.txt": pack(bytes(32), VERSION, 1, bytes(32), 1)}


def test_a_receipt_notes_the_outcome_of_its_version() -> None:
    files = known()
    assert [settled.path for settled in matching([record(GOOD)], "inbox", files)] == [b"a.txt"]
    assert unpack(files[b"a.txt"]).outcome == "stored"


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"\xff",
        b"5",
        b"null",
        b"[]",
        b"{}",
        GOOD.replace(b'"a.txt"', b"5"),
        GOOD.replace(b'"a.txt"', b'"%ZZ"'),
        GOOD.replace(b'"stored"', b'"lost"'),
        GOOD.replace(b'"stored"', b"null"),
        GOOD.replace(b'"inbox":"inbox"', b'"inbox":"other"'),
        GOOD.replace(uuid_text(VERSION).encode(), b"no version"),
        GOOD.replace(b'"rejection":null', b'"rejection":7'),
    ],
)
def test_nonsense_is_passed_over(value: bytes | None) -> None:
    files = known()
    assert list(matching([record(value), record(GOOD)], "inbox", files)) != []
    files = known()
    assert list(matching([record(value)], "inbox", files)) == []
    assert files == known()
