"""A file's bytes as they were before packing, within limits."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import Final

from copydesk.parser.rejected import Rejected

MAX_FILE: Final = 1 << 20
"""Largest file, bytes, as it lies in the folder."""
MAX_UNPACKED: Final = 4 << 20
"""Largest text, bytes, that a packed file may hold."""

_MAGIC = b"\x1f\x8b"


def is_packed(data: bytes) -> bool:
    """Whether `data` begins like gzip."""
    return data.startswith(_MAGIC)


def unpack(data: bytes, *, named_gz: bool) -> bytes:
    """`data`, unpacked where it begins like gzip, else as it is.

    All members of a gzip file are read. Raises Rejected `too_large`, `bad_gzip` (also for a file
    `named_gz` that is none) or `unpacks_too_large`.
    """
    if len(data) > MAX_FILE:
        raise Rejected("too_large", f"The file has {len(data):,} bytes; at most {MAX_FILE:,} go.")
    if not is_packed(data):
        if named_gz and data:
            raise Rejected("bad_gzip", "The file is named .gz and does not begin like one.")
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            unpacked = packed.read(MAX_UNPACKED + 1)
    except EOFError:
        raise Rejected("bad_gzip", "The gzip file is cut off before its end.") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Rejected("bad_gzip", f"The gzip file cannot be unpacked: {error}.") from None
    if len(unpacked) > MAX_UNPACKED:
        raise Rejected(
            "unpacks_too_large", f"The file unpacks to more than {MAX_UNPACKED:,} bytes."
        )
    return unpacked
