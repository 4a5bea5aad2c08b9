"""File keys, and paths as text.

A file key is the inbox's name, `/`, and the path's bytes relative to the inbox. A path as text is
what stands in JSON, headers, SQL and logs: bytes that are not UTF-8, control characters and `%`
become `%XX`. Both ways are exact: `text_to_path(path_to_text(p)) == p` for every path.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_PLAIN = re.compile(rb"[ -$&-~]*")
# C0, DEL, C1, the line and paragraph separators, bidi controls and BOM: what could forge or hide
# a line in a terminal or a log.
_UNSAFE = re.compile(
    "[\x00-\x1f%\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\udc80-\udcff]"
)


def path_to_text(path: bytes) -> str:
    """`path` as text that is one line and can be turned back."""
    if _PLAIN.fullmatch(path):
        return path.decode("ascii")
    return _UNSAFE.sub(_quote, path.decode("utf-8", "surrogateescape"))


def text_to_path(text: str) -> bytes:
    """The bytes that `path_to_text` made `text` of."""
    return unquote_to_bytes(text) if "%" in text else text.encode()


def file_key(inbox: str, path: bytes) -> bytes:
    """The key of a file in the topics `raw`, `rejected` and `ledger`."""
    return b"%s/%s" % (inbox.encode("ascii"), path)


def split_key(key: bytes) -> tuple[str, bytes]:
    """Inbox name and path of a file key.

    Raises ValueError where `key` is none.
    """
    inbox, slash, path = key.partition(b"/")
    if not slash:
        msg = f"no file key: {key!r}"
        raise ValueError(msg)
    return inbox.decode("ascii"), path


def _quote(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape"))
