"""Text from outside, as a terminal or a log may show it."""

from __future__ import annotations

import re
from typing import Final

# What could end a line, move a cursor or turn the reading direction: C0, DEL, C1, line and
# paragraph separators, bidi controls, lone surrogates.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def harmless(text: str) -> str:
    r"""`text` on one line, with what could forge or hide a line escaped (`\\n`, `\\x1b`)."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
