"""What is known of a file, packed: 77 bytes, because there may be hundreds of thousands."""

from __future__ import annotations

import os
from struct import Struct, error
from typing import Final, NamedTuple, get_args

import msgspec

from copydesk_schemas import times
from copydesk_schemas.messages import Outcome

RACY_NS: Final = 2_000_000_000
"""File systems keep times as coarse as this (FAT). A file that changed so shortly before it was
read may have changed again without a trace in its times; see `racy-git` in git's documentation."""

_SIGNATURE = Struct("<QqqQ")
_REST = Struct("<16sq16sIB")
_KNOWN = Struct("<QqqQ16sq16sIB")
_TIMES = Struct("<q16xI")
_TIMES_START: Final = _SIGNATURE.size + 16
_NO_DIGEST = bytes(16)
_OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
_RACY: Final = 0x80
_MASK: Final = 0x0F
_FARTHEST: Final = (1 << 63) - 1


class Known(NamedTuple):
    """A file as the ledger has it. Times in nanoseconds, but `observed_at` in microseconds."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    version: bytes
    observed_at: int
    digest: bytes
    """The first half of the content's SHA-256; zeros where the file was too large to read."""
    read_at: int
    """Seconds."""
    flags: int

    @property
    def outcome(self) -> Outcome | None:
        """What became of it; None while it is in flight."""
        return _OUTCOMES[(self.flags & _MASK) - 1] if self.flags & _MASK else None

    @property
    def racy(self) -> bool:
        """Whether the same times need not mean the same content."""
        return bool(self.flags & _RACY)

    def holds(self, sha256: bytes) -> bool:
        """Whether this is the digest of its content."""
        return self.digest == sha256[:16]


def signature(status: os.stat_result) -> bytes:
    """Size, times and inode. What `pack` makes of the same file begins with it."""
    try:
        return _SIGNATURE.pack(
            status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
        )
    except error:  # a time beyond the year 2262, which some file systems can hold
        return _SIGNATURE.pack(
            status.st_size, _near(status.st_mtime_ns), _near(status.st_ctime_ns), status.st_ino
        )


def split(mark: bytes) -> tuple[int, int, int, int]:
    """Size, mtime, ctime (nanoseconds) and inode of a signature."""
    return _SIGNATURE.unpack(mark)


def pack(
    mark: bytes, version: bytes, observed_at: int, sha256: bytes | None, read_at_ns: int
) -> bytes:
    """What was read of a file, as it is kept. `mark` is its signature."""
    _, mtime, ctime, _ = _SIGNATURE.unpack(mark)
    return mark + _REST.pack(
        version,
        observed_at,
        sha256 or _NO_DIGEST,
        read_at_ns // 1_000_000_000,
        _flags(mtime, ctime, read_at_ns),
    )


class _Entry(msgspec.Struct, gc=False):
    """What is kept of a ledger entry."""

    version_id: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    sha256: str | None
    observed_at: str
    read_at_ns: int


_decode = msgspec.json.Decoder(_Entry).decode


def pack_entry(value: bytes) -> tuple[bytes, str]:
    """A ledger entry as it is kept, and its observed_at. Raises ValueError where it is none."""
    try:
        entry = _decode(value)
        packed = _KNOWN.pack(
            entry.size,
            entry.mtime_ns,
            entry.ctime_ns,
            entry.inode,
            bytes.fromhex(entry.version_id.replace("-", "")),
            times.from_text(entry.observed_at),
            _NO_DIGEST if entry.sha256 is None else bytes.fromhex(entry.sha256),
            entry.read_at_ns // 1_000_000_000,
            _flags(entry.mtime_ns, entry.ctime_ns, entry.read_at_ns),
        )
    except (msgspec.MsgspecError, error) as wrong:
        raise ValueError(str(wrong)) from wrong
    return packed, entry.observed_at


def _flags(mtime: int, ctime: int, read_at: int) -> int:
    return _RACY if abs(read_at - ctime) < RACY_NS or abs(read_at - mtime) < RACY_NS else 0


def unpack(record: bytes) -> Known:
    """The opposite of `pack`."""
    return Known(*_KNOWN.unpack(record))


def is_quiet(flags: int, *, disposes: bool) -> bool:
    """Whether a known file of these flags needs nothing while it is unchanged.

    A racy one must be read again; where files are disposed of, one with an outcome must go.
    """
    return flags & _RACY == 0 and not (disposes and flags & _MASK)


def seen_at(record: bytes) -> float:
    """When a version was read or, where that was earlier by the clock, observed. Seconds."""
    observed_at: int
    read_at: int
    observed_at, read_at = _TIMES.unpack_from(record, _TIMES_START)
    return min(observed_at / 1e6, read_at)


def with_outcome(record: bytes, outcome: Outcome) -> bytes:
    """`record` with what became of it."""
    return record[:-1] + bytes([record[-1] & _RACY | _OUTCOMES.index(outcome) + 1])


def _near(nanoseconds: int) -> int:
    return max(-_FARTHEST, min(_FARTHEST, nanoseconds))
