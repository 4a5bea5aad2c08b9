"""The messages that a watcher publishes."""

from __future__ import annotations

import os
import socket
from typing import Final, NamedTuple
from uuid import UUID

import orjson

from copydesk.outcomes import Version, receipt, rejected, rejection
from copydesk.topics import Topics
from copydesk.transport.api import Message
from copydesk.watcher.closed import Taken
from copydesk.watcher.known import Known, pack, split
from copydesk.watcher.options import MAX_FILE_BYTES
from copydesk_schemas import headers, times
from copydesk_schemas.ids import uuid5, uuid_text
from copydesk_schemas.messages import LedgerEntry, Owner
from copydesk_schemas.paths import file_key, path_to_text

_VERSIONS: Final = UUID("6e1d0b0c-5a86-5f0e-9c7f-3f1f1c5c7a52").bytes
"""Namespace of version ids. Never to be changed."""

TOO_LARGE: Final = rejection("too_large", f"The file is larger than {MAX_FILE_BYTES >> 20} MiB.")


class Entered(NamedTuple):
    """A version on its way into the log, and what the ledger will know of its file."""

    messages: list[Message]
    path: bytes
    known: bytes


class Outbox:
    """Makes the messages of the inbox called `inbox`."""

    def __init__(self, inbox: str, topics: Topics) -> None:
        self._inbox = inbox
        self._topics = topics

    def version(self, taken: Taken, observed_at: int) -> Entered:
        """A new version of a file: into raw, or rejected where it is too large."""
        size, mtime_ns, _, _ = split(taken.mark)
        content = taken.digest.hex() if taken.digest else f"{size} {mtime_ns}"
        observed = times.to_text(observed_at)
        key = file_key(self._inbox, taken.path)
        version = uuid5(_VERSIONS, b"%s\0%s\0%s" % (key, content.encode(), observed.encode()))
        identity = uuid_text(version)
        text = path_to_text(taken.path)
        closed_at = times.to_text(taken.closed_at_ns // 1000)
        entry = _entry(taken, identity, observed, closed_at)
        ledger = self._ledger(entry, taken.path, text)
        if taken.data is None or taken.digest is None:
            messages = [*self._too_large(identity, text, observed, closed_at), ledger]
        else:
            pairs = headers.headers(
                headers.RAW,
                version_id=identity,
                inbox=self._inbox,
                path=text,
                time=observed,
                content_type=headers.BYTES,
                extensions={headers.SHA256: content, headers.CLOSED_AT: closed_at},
            )
            messages = [Message(self._topics.raw.name, key, taken.data, pairs), ledger]
        known = pack(taken.mark, version, observed_at, taken.digest, taken.read_at_ns)
        return Entered(messages, taken.path, known)

    def same(self, taken: Taken, known: Known) -> Entered:
        """The version that is known already, of a file that was touched or dropped again."""
        entry = _entry(
            taken,
            uuid_text(known.version),
            times.to_text(known.observed_at),
            times.to_text(taken.closed_at_ns // 1000),
        )
        ledger = self._ledger(entry, taken.path, path_to_text(taken.path))
        mark, digest, read_at = taken.mark, taken.digest, taken.read_at_ns
        packed = pack(mark, known.version, known.observed_at, digest, read_at)
        return Entered([ledger], taken.path, packed)

    def owner(self, instance: str, since: int, highest: int) -> Message:
        """The record that says whose the inbox is, and how far observed_at has risen."""
        value = Owner(
            instance=instance,
            host=socket.gethostname(),
            pid=os.getpid(),
            since=times.to_text(since),
            highest_observed_at=times.to_text(highest) if highest else "",
        )
        pairs = headers.headers(
            headers.OWNER,
            version_id=instance,
            inbox=self._inbox,
            path="",
            time=value["since"],
            content_type=headers.JSON,
        )
        key = file_key(self._inbox, b"")
        return Message(self._topics.ledger.name, key, orjson.dumps(value), pairs)

    def forgotten(
        self, path: bytes, version: bytes, disposition: str, moved_to: bytes | None, now: int
    ) -> Message:
        """The ledger's tombstone of a file that is done with."""
        extensions = {headers.DISPOSITION: disposition}
        if moved_to is not None:
            extensions[headers.MOVED_TO] = path_to_text(moved_to)
        pairs = headers.headers(
            headers.FORGOTTEN,
            version_id=uuid_text(version),
            inbox=self._inbox,
            path=path_to_text(path),
            time=times.to_text(now),
            content_type=headers.JSON,
            extensions=extensions,
        )
        return Message(self._topics.ledger.name, file_key(self._inbox, path), None, pairs)

    def _ledger(self, entry: LedgerEntry, path: bytes, text: str) -> Message:
        pairs = headers.headers(
            headers.LEDGER_ENTRY,
            version_id=entry["version_id"],
            inbox=self._inbox,
            path=text,
            time=entry["observed_at"],
            content_type=headers.JSON,
        )
        key = file_key(self._inbox, path)
        return Message(self._topics.ledger.name, key, orjson.dumps(entry), pairs)

    def _too_large(
        self, identity: str, text: str, observed: str, closed_at: str
    ) -> tuple[Message, Message]:
        version = Version(identity, self._inbox, text)
        return (
            rejected(
                self._topics.rejected,
                version,
                TOO_LARGE,
                None,
                at=observed,
                closed_at=closed_at,
            ),
            receipt(self._topics.receipts.name, version, "rejected", at=observed, why=TOO_LARGE),
        )


def _entry(taken: Taken, identity: str, observed: str, closed_at: str) -> LedgerEntry:
    size, mtime_ns, ctime_ns, inode = split(taken.mark)
    return LedgerEntry(
        version_id=identity,
        size=size,
        mtime_ns=mtime_ns,
        ctime_ns=ctime_ns,
        inode=inode,
        sha256=taken.digest.hex() if taken.digest else None,
        observed_at=observed,
        closed_at=closed_at,
        read_at_ns=taken.read_at_ns,
    )
