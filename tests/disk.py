"""A file system so small that a test can fill it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Callable[..., None]]:
    """A file system of `size` at `folder`; the function that is handed over remounts it."""
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root on Linux can mount a small file system")
    folder.mkdir(parents=True)

    def mount(*options: str) -> None:
        command = ["mount", "-t", "tmpfs", "-o", ",".join((f"size={size}", *options)), "tmpfs"]
        done = subprocess.run([*command, folder], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")

    mount()
    try:
        yield mount
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
