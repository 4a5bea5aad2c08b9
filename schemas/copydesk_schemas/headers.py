"""Headers of every message: CloudEvents 1.0 in Kafka's binary mode.

The context attributes keep their standard names with the prefix `ce_`. Extension attributes of
ours follow the CloudEvents rule for names (lower-case letters and digits only).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

Header = tuple[str, bytes]

SPECVERSION = "1.0"

RAW = "copydesk.raw.v1"
ARTICLE = "copydesk.article.v1"
REJECTED = "copydesk.rejected.v1"
RECEIPT = "copydesk.receipt.v1"
LEDGER_ENTRY = "copydesk.ledger.v1"
OWNER = "copydesk.owner.v1"
FORGOTTEN = "copydesk.forgotten.v1"
"""A ledger tombstone: the watcher is done with the file."""

DATASCHEMA = {
    ARTICLE: "urn:copydesk:schema:article.v1",
    REJECTED: "urn:copydesk:schema:rejection.v1",
    RECEIPT: "urn:copydesk:schema:receipt.v1",
    LEDGER_ENTRY: "urn:copydesk:schema:ledger.v1",
    OWNER: "urn:copydesk:schema:owner.v1",
}

JSON = "application/json"
BYTES = "application/octet-stream"

# Extension attributes
INBOX = "ce_inbox"
SHA256 = "ce_sha256"
CLOSED_AT = "ce_closedat"
"""When the file was last written or put there. The pipeline's latency is counted from it."""
CODE = "ce_code"
REASON = "ce_reason"
FIELD = "ce_field"
LINE = "ce_line"
ORIGIN_TOPIC = "ce_origintopic"
ORIGIN_PARTITION = "ce_originpartition"
ORIGIN_OFFSET = "ce_originoffset"
DISPOSITION = "ce_disposition"
"""On a ledger tombstone: what was done with the file (`moved`, `deleted`, `vanished`)."""
MOVED_TO = "ce_movedto"
"""On a ledger tombstone: where the file stands now, relative to the inbox, as text."""


def headers(
    kind: str,
    *,
    version_id: str,
    inbox: str,
    path: str,
    time: str,
    content_type: str,
    extensions: Mapping[str, str] | None = None,
) -> tuple[Header, ...]:
    """The headers of a message of `kind` that comes of the version `version_id`.

    `path` is the file's as text, `time` an RFC 3339 time. Extensions are attributes of ours.
    """
    attributes = (
        *_constant(kind, inbox, content_type),
        ("ce_id", version_id.encode()),
        ("ce_time", time.encode()),
        ("ce_subject", path.encode()),
    )
    if not extensions:
        return attributes
    return (*attributes, *[(name, value.encode()) for name, value in extensions.items()])


@lru_cache(256)
def _constant(kind: str, inbox: str, content_type: str) -> tuple[Header, ...]:
    attributes = [
        ("content-type", content_type.encode()),
        ("ce_specversion", SPECVERSION.encode()),
        ("ce_source", f"/copydesk/{inbox}".encode()),
        ("ce_type", kind.encode()),
        (INBOX, inbox.encode()),
    ]
    schema = DATASCHEMA.get(kind)
    if schema is not None:
        attributes.append(("ce_dataschema", schema.encode()))
    return tuple(attributes)


def as_text(pairs: Iterable[Header]) -> dict[str, str]:
    """Headers as text by name; of a repeated name the last counts.

    Raises UnicodeDecodeError where a value is not UTF-8, as no message of ours has it.
    """
    return {name: value.decode() for name, value in pairs}
