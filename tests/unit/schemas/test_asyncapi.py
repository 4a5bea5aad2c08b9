"""The AsyncAPI document says of topics, messages and headers what the code does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any, Final

import orjson
import pytest

from copydesk.outcomes import Version, foreign, receipt, rejected, rejection
from copydesk.parser.step import parse_records
from copydesk.topics import topics
from copydesk.transport.api import Message, Record
from copydesk.transport.kafka.topics import configuration
from copydesk.watcher.closed import Taken
from copydesk.watcher.known import signature
from copydesk.watcher.outbox import Outbox
from copydesk_schemas import headers
from copydesk_schemas.validation import SCHEMAS
from tests.pipeline import EXAMPLES

TOPICS: Final = topics()
SCHEMA_FILES: Final = files("copydesk_schemas")
DOCUMENT: Final[dict[str, Any]] = orjson.loads(
    SCHEMA_FILES.joinpath("asyncapi.v1.json").read_bytes()
)
MESSAGES: Final[dict[str, dict[str, Any]]] = DOCUMENT["components"]["messages"]
KINDS: Final = {one["headers"]["properties"]["ce_type"]["const"]: one for one in MESSAGES.values()}
VERSION: Final = Version("6e1d0b0c-5a86-5f0e-9c7f-3f1f1c5c7a52", "inbox", "a.txt")
AT: Final = "2025-06-03T10:00:00.000000Z"


def record(message: Message) -> Record:
    return Record(message.topic, 0, 7, 1.0, message.key, message.value, message.headers)


def published() -> Iterable[Message]:
    """Messages of every kind, as the services make them."""
    outbox = Outbox("inbox", TOPICS)
    mark = signature((EXAMPLES / "1-ferries.txt").stat())
    data = (EXAMPLES / "1-ferries.txt").read_bytes()
    entered = outbox.version(Taken(b"a.txt", mark, data, bytes(32), 1), 1_750_000_000_000_000)
    yield from entered.messages
    yield from outbox.version(Taken(b"b.txt", mark, None, None, 1), 1).messages
    yield outbox.owner(VERSION.version_id, 1, 1)
    yield outbox.forgotten(b"a.txt", bytes(16), "moved", b"done/a.txt", 1)
    raw = record(entered.messages[0])
    yield from parse_records([raw, raw._replace(value=b"no tags")], TOPICS).outputs
    why = rejection("empty_field", "The field TITLE is empty.", "TITLE", 3)
    yield rejected(TOPICS.rejected, VERSION, why, b"", at=AT, closed_at=AT, origin=raw)
    yield foreign(TOPICS.rejected, raw, why, at=AT)
    yield receipt(TOPICS.receipts.name, VERSION, "stored", at=AT)


ALL: Final = list(published())


def test_every_kind_of_message_is_there() -> None:
    kinds = {value for name, value in vars(headers).items() if str(value).startswith("copydesk.")}
    assert set(KINDS) == kinds
    assert {headers.as_text(message.headers)["ce_type"] for message in ALL} == kinds


@pytest.mark.parametrize("message", ALL, ids=lambda m: headers.as_text(m.headers)["ce_type"])
def test_a_message_has_the_headers_that_the_document_says(message: Message) -> None:
    own = headers.as_text(message.headers)
    documented = KINDS[own["ce_type"]]["headers"]
    assert set(own) <= set(documented["properties"])
    assert set(own) >= set(documented["required"])


@pytest.mark.parametrize("message", ALL, ids=lambda m: headers.as_text(m.headers)["ce_type"])
def test_a_message_goes_to_the_topic_that_the_document_says(message: Message) -> None:
    kind = headers.as_text(message.headers)["ce_type"]
    assert KINDS[kind] in carried(message.topic)


def carried(address: str) -> Sequence[dict[str, Any]]:
    """The messages of the channel at `address`."""
    (channel,) = [one for one in DOCUMENT["channels"].values() if one["address"] == address]
    return [MESSAGES[one["$ref"].rpartition("/")[2]] for one in channel["messages"].values()]


def test_the_channels_are_the_topics_as_kafka_has_them() -> None:
    assert list(DOCUMENT["channels"]) == list(TOPICS._fields)
    for topic, channel in zip(TOPICS, DOCUMENT["channels"].values(), strict=True):
        assert channel["address"] == topic.name
        documented = channel["bindings"]["kafka"]["topicConfiguration"]
        is_so = configuration(topic)
        assert ",".join(documented["cleanup.policy"]) == is_so["cleanup.policy"]
        assert str(documented["retention.ms"]) == is_so["retention.ms"]
        assert str(documented["max.message.bytes"]) == is_so["max.message.bytes"]


def test_the_values_have_schemas_that_are_there() -> None:
    named = {
        one["payload"]["schema"]["$ref"] for one in MESSAGES.values() if "schema" in one["payload"]
    }
    # The rejection's is part of the receipt's, and of NAME.error.json.
    assert named == {f"./{name}.v1.json" for name in SCHEMAS if name != "rejection"}
    assert all(SCHEMA_FILES.joinpath(name).is_file() for name in named)


def test_every_reference_in_the_document_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        if reference.startswith("#/"):
            found: Any = DOCUMENT
            for step in reference[2:].split("/"):
                found = found[step]


def references(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref")
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from references(child)
