"""What receipts and ledger records say of a version, as the table `files` has it."""

from __future__ import annotations

import msgspec

from copydesk.sink.event import Foreign, checked_headers
from copydesk.sink.store import Disposed, Observed, RejectedFile
from copydesk.transport.api import Record
from copydesk_schemas.headers import (
    DISPOSITION,
    FORGOTTEN,
    INBOX,
    LEDGER_ENTRY,
    MOVED_TO,
    OWNER,
    RECEIPT,
)
from copydesk_schemas.messages import Code, Outcome


class _Rejection(msgspec.Struct):
    code: Code
    reason: str
    field: str | None
    line: int | None


class _Receipt(msgspec.Struct):
    version_id: str
    inbox: str
    path: str
    outcome: Outcome
    at: str
    rejection: _Rejection | None


class _LedgerEntry(msgspec.Struct):
    version_id: str
    size: int
    sha256: str | None
    observed_at: str
    closed_at: str


_receipt = msgspec.json.Decoder(_Receipt).decode
_entry = msgspec.json.Decoder(_LedgerEntry).decode


def rejected_of(record: Record) -> RejectedFile | None:
    """The rejection that a receipt tells of; None for any other outcome. Raises Foreign."""
    checked_headers(record, RECEIPT)
    try:
        told = _receipt(record.value or b"")
    except msgspec.MsgspecError as error:
        raise Foreign(f"it is no receipt: {error}") from error
    why = told.rejection
    if told.outcome != "rejected" or why is None:
        return None
    return RejectedFile(
        told.version_id,
        told.inbox,
        told.path,
        told.at,
        why.code,
        why.reason,
        why.field,
        why.line,
    )


def is_owner(record: Record) -> bool:
    """Whether the ledger's record says who owns the inbox, and nothing of a file."""
    return ("ce_type", OWNER.encode()) in record.headers


def observed_of(record: Record) -> Observed:
    """The version of a ledger entry. Raises Foreign."""
    headers = checked_headers(record, LEDGER_ENTRY)
    try:
        entry = _entry(record.value or b"")
        return Observed(
            entry.version_id,
            headers[INBOX],
            headers["ce_subject"],
            entry.size,
            entry.sha256,
            entry.closed_at,
            entry.observed_at,
        )
    except (msgspec.MsgspecError, KeyError) as error:
        raise Foreign(f"it is no ledger entry: {error}") from error


def disposed_of(record: Record) -> Disposed:
    """What a ledger tombstone says was done with a file. Raises Foreign."""
    headers = checked_headers(record, FORGOTTEN)
    try:
        return Disposed(
            headers["ce_id"],
            headers[INBOX],
            headers["ce_subject"],
            headers[DISPOSITION],
            headers.get(MOVED_TO),
            headers["ce_time"],
        )
    except KeyError as error:
        raise Foreign(f"its headers lack {error}") from error
