"""How the process asks the system for memory."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

_M_ARENA_MAX: Final = -8
"""`mallopt(3)`."""


def share_one_arena() -> None:
    """Let all threads take memory from one place. To be called before there are threads.

    The GNU C library gives each thread an arena of its own, and what one frees another does not
    get: a tenth of our memory. Python's lock keeps threads from waiting for that one place.
    """
    with suppress(AttributeError, OSError):  # another C library, which has no such setting
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
