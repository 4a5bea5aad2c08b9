"""A raw message as the parser reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from copydesk.transport.api import Record
from copydesk_schemas import headers as names
from copydesk_schemas.headers import as_text
from copydesk_schemas.messages import Source
from copydesk_schemas.paths import path_to_text, split_key

_Attribute = Literal["inbox", "path", "version_id", "sha256", "observed_at"]

_PATTERNS: Final[Mapping[_Attribute, re.Pattern[str]]] = {
    "inbox": re.compile(r"[a-z0-9-]+"),
    "path": re.compile(r"(?s).+"),
    "version_id": re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "observed_at": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
}
"""What a raw message of ours has in its key and headers (`article.v1.json`, `source`)."""


class Raw(NamedTuple):
    """A raw message of ours, read."""

    record: Record
    key: bytes
    value: bytes
    source: Source
    closed_at: str


def read_raw(record: Record) -> Raw | str:
    """A raw message of ours, or a sentence that says why it is none."""
    if record.key is None or record.value is None:
        return "The message has no key or no value."
    try:
        attributes = as_text(record.headers)
        if attributes["ce_type"] != names.RAW:
            return f"The message is of the type {attributes['ce_type']}, not {names.RAW}."
        inbox, path = split_key(record.key)
        source: Source = {
            "inbox": inbox,
            "path": path_to_text(path),
            "version_id": attributes["ce_id"],
            "bytes": len(record.value),
            "sha256": attributes[names.SHA256],
            "observed_at": attributes["ce_time"],
        }
        closed_at = attributes[names.CLOSED_AT]
    except KeyError as missing:
        return f"The message lacks the header {missing.args[0]}."
    except ValueError as error:
        return f"The message's key or headers are unreadable: {error}."
    for name, pattern in _PATTERNS.items():
        if not pattern.fullmatch(str(source[name])):
            return f"The message's {name} is none of ours: {source[name]!r}."
    return Raw(record, record.key, record.value, source, closed_at)
