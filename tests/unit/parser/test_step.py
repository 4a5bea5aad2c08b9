"""Raw records become events, or rejections with receipts, or what a foreign message becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
import pytest

from copydesk.loop.stage import Done
from copydesk.parser.rejections import make_give_up
from copydesk.parser.step import make_step
from copydesk.topics import topics
from copydesk.transport.api import Message, Record
from copydesk_schemas import headers as names
from copydesk_schemas.headers import as_text, headers
from copydesk_schemas.paths import file_key, path_to_text
from copydesk_schemas.validation import check_article, check_receipt, check_rejection
from tests.unit.parser.articles import SOURCE, compose

TOPICS: Final = topics()
CLOSED_AT: Final = "2025-03-02T07:15:00.100000Z"
NOW: Final = 1_740_899_701_000_000
NOW_TEXT: Final = "2025-03-02T07:15:01.000000Z"
GOOD: Final = compose().encode()
BAD: Final = compose(URL="none").encode()


def raw(
    value: bytes | None,
    *,
    path: bytes = b"harbour.txt",
    offset: int = 0,
    key: bytes | None = b"",
    changed: Mapping[str, str | None] | None = None,
) -> Record:
    """A raw record as the watcher writes it, with some headers `changed` or, None, left out."""
    pairs = dict(
        headers(
            names.RAW,
            version_id=SOURCE["version_id"],
            inbox="inbox",
            path=path_to_text(path),
            time=SOURCE["observed_at"],
            content_type=names.BYTES,
            extensions={names.SHA256: SOURCE["sha256"], names.CLOSED_AT: CLOSED_AT},
        )
    )
    for name, text in (changed or {}).items():
        pairs.pop(name)
        if text is not None:
            pairs[name] = text.encode()
    own_key = file_key("inbox", path) if key == b"" else key
    return Record(TOPICS.raw.name, 0, offset, 1_740_899_700.5, own_key, value, tuple(pairs.items()))


async def step(*records: Record) -> Done:
    return await make_step(TOPICS, lambda: NOW)(records)


async def test_a_good_file_is_an_event_under_its_article_s_id() -> None:
    done = await step(raw(GOOD))
    (event,) = done.outputs
    assert event.topic == TOPICS.normalized.name
    assert event.value is not None
    article = orjson.loads(event.value)
    check_article(article)
    assert event.key == article["id"].encode()
    assert article["source"] == {**SOURCE, "bytes": len(GOOD)}
    assert as_text(event.headers) == {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        "ce_type": names.ARTICLE,
        "ce_id": SOURCE["version_id"],
        "ce_source": "/copydesk/inbox",
        "ce_time": SOURCE["observed_at"],
        "ce_subject": "harbour.txt",
        "ce_dataschema": "urn:copydesk:schema:article.v1",
        names.INBOX: "inbox",
        names.CLOSED_AT: CLOSED_AT,
    }
    assert (done.outcomes, done.rejections) == ({"parsed": 1}, {})


async def test_a_bad_file_is_a_rejection_with_its_bytes_and_a_receipt() -> None:
    done = await step(raw(BAD, offset=41))
    rejected, receipt = done.outputs
    assert (rejected.topic, rejected.key, rejected.value) == (
        TOPICS.rejected.name,
        b"inbox/harbour.txt",
        BAD,
    )
    said = as_text(rejected.headers)
    assert (said["ce_type"], said["ce_id"]) == (names.REJECTED, SOURCE["version_id"])
    assert (said[names.CODE], said[names.FIELD], said[names.LINE]) == ("bad_url", "URL", "3")
    assert (
        said[names.ORIGIN_TOPIC],
        said[names.ORIGIN_PARTITION],
        said[names.ORIGIN_OFFSET],
        said[names.CLOSED_AT],
    ) == (TOPICS.raw.name, "0", "41", CLOSED_AT)
    assert (receipt.topic, receipt.key) == (TOPICS.receipts.name, SOURCE["version_id"].encode())
    content = body(receipt)
    check_receipt(content)
    check_rejection(content["rejection"])
    assert (content["outcome"], content["at"], content["path"]) == (
        "rejected",
        NOW_TEXT,
        "harbour.txt",
    )
    assert content["rejection"] == {
        "code": "bad_url",
        "reason": said[names.REASON],
        "field": "URL",
        "line": 3,
    }
    assert (done.outcomes, done.rejections) == ({"rejected": 1}, {"bad_url": 1})


async def test_a_batch_keeps_its_order_and_is_counted() -> None:
    paths = [b"1", b"2", b"3", b"4"]
    contents = [GOOD, BAD, b"", GOOD]
    done = await step(*(raw(value, path=p) for p, value in zip(paths, contents, strict=True)))
    assert [as_text(message.headers)["ce_subject"] for message in done.outputs] == [
        "1", "2", "2", "3", "3", "4",
    ]  # fmt: skip
    assert done.outcomes == {"parsed": 2, "rejected": 2}
    assert done.rejections == {"bad_url": 1, "empty": 1}
    assert done.rejection is not None
    assert (done.rejection.path, done.rejection.code) == ("3", "empty")


async def test_a_path_of_any_bytes_comes_through_as_text() -> None:
    path = "sub/a b%\n\u202e".encode() + b"\xff.txt"
    (event,) = (await step(raw(GOOD, path=path))).outputs
    text = path_to_text(path)
    assert as_text(event.headers)["ce_subject"] == text
    assert body(event)["source"]["path"] == text


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(raw(None), id="no value"),
        pytest.param(raw(GOOD, key=None), id="no key"),
        pytest.param(raw(GOOD, key=b"no-slash"), id="a key that is none"),
        pytest.param(raw(GOOD, key=b"inbox/"), id="an empty path"),
        pytest.param(raw(GOOD, key=b"In Box/a"), id="a name that no inbox has"),
        pytest.param(raw(GOOD, key=b"\xff/a"), id="a key that is not ASCII"),
        pytest.param(raw(GOOD)._replace(headers=()), id="no headers"),
        pytest.param(raw(GOOD)._replace(headers=(("ce_type", b"\xff"),)), id="headers not text"),
        pytest.param(raw(GOOD, changed={"ce_type": "copydesk.raw.v2"}), id="a newer major"),
        pytest.param(raw(GOOD, changed={"ce_type": names.ARTICLE}), id="another type"),
        pytest.param(raw(GOOD, changed={"ce_id": "x\ny" * 400}), id="an id that is none"),
        pytest.param(raw(GOOD, changed={"ce_time": "2025-03-02"}), id="a time that is none"),
        pytest.param(raw(GOOD, changed={names.SHA256: None}), id="no digest"),
        pytest.param(raw(GOOD, changed={names.CLOSED_AT: None}), id="no closing time"),
    ],
)
async def test_a_foreign_message_is_rejected_by_its_place_without_a_receipt(record: Record) -> None:
    done = await step(raw(GOOD), record._replace(offset=7), raw(GOOD))
    _, rejected, _ = done.outputs
    assert (rejected.topic, rejected.key, rejected.value) == (
        TOPICS.rejected.name,
        b"articles.raw/0/7",
        record.value,
    )
    said = as_text(rejected.headers)
    assert (said[names.CODE], said[names.ORIGIN_OFFSET]) == ("bad_message", "7")
    assert said["ce_time"] == "2025-03-02T07:15:00.500000Z"
    assert "\n" not in said[names.REASON]
    assert len(said[names.REASON]) <= 500
    assert (done.outcomes, done.rejections) == ({"parsed": 2, "rejected": 1}, {"bad_message": 1})


async def test_a_message_redelivered_gives_the_same_outputs() -> None:
    records = [raw(GOOD), raw(BAD), raw(None, offset=3)]
    assert await step(*records) == await step(*records)


async def test_an_event_larger_than_its_topic_takes_is_rejected() -> None:
    small = TOPICS._replace(normalized=TOPICS.normalized._replace(max_message_bytes=10_000))
    long = raw(compose(CONTENT="word " * 400).encode())
    assert (await make_step(small)([long])).rejections == {"too_large": 1}
    assert (await make_step(TOPICS)([long])).rejections == {}


async def test_an_event_against_its_schema_is_a_bug_and_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("copydesk.parser.passages.language", " ".join)
    with pytest.raises(ValueError, match=r"^article\.language: "):
        await step(raw(GOOD))


def test_a_record_given_up_is_rejected_with_code_reason_and_receipt() -> None:
    done = make_give_up(TOPICS, lambda: NOW)(raw(GOOD), "internal_error", "It\nfailed. " * 99)
    rejected, receipt = done.outputs
    assert (rejected.key, rejected.value) == (b"inbox/harbour.txt", GOOD)
    content = body(receipt)
    check_receipt(content)
    assert content["rejection"]["code"] == "internal_error"
    assert content["rejection"]["reason"] == as_text(rejected.headers)[names.REASON]
    assert content["rejection"]["reason"].startswith("It failed. It failed.")
    assert (done.outcomes, done.rejections) == ({"rejected": 1}, {"internal_error": 1})


def test_a_foreign_record_given_up_is_a_bad_message() -> None:
    done = make_give_up(TOPICS)(raw(None, offset=9), "internal_error", "It failed.")
    assert [message.key for message in done.outputs] == [b"articles.raw/0/9"]
    assert done.rejections == {"bad_message": 1}


def body(message: Message) -> dict[str, Any]:
    """The JSON in `message`."""
    assert message.value is not None
    content: dict[str, Any] = orjson.loads(message.value)
    return content
