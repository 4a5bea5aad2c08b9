"""Names of the topics. On a broker that others use, too, they are this run's alone."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

_RUN: Final = f"test-{uuid4().hex[:8]}"

IN: Final = f"{_RUN}.in"
OUT: Final = f"{_RUN}.out"
FACTS: Final = f"{_RUN}.facts"
WIDE: Final = f"{_RUN}.wide"
