"""How the process asks the system for memory, and looks for what it can give back."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from typing import Final

_M_ARENA_MAX: Final = -8
"""`mallopt(3)`."""
_OBJECTS: Final = 10_000
"""So many more than before are made before the youngest are looked through."""


def share_one_arena() -> None:
    """Let all threads take memory from one place. To be called before there are threads.

    The GNU C library gives each thread an arena of its own, and what one frees another does not
    get: a tenth of our memory. Python's lock keeps threads from waiting for that one place.
    """
    with suppress(AttributeError, OSError):  # another C library, which has no such setting
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def seldom_look_for_cycles() -> None:
    """Leave what is there by now to itself, and look through the rest less often.

    To be called when all is loaded. A batch makes thousands of objects, and hardly a cycle of them:
    to look for cycles took the sink an eighth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS)
