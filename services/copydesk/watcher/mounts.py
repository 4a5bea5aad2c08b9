"""Whether a folder is on a file system whose changes by other machines the kernel cannot see."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

MOUNTS: Final = Path("/proc/self/mountinfo")
_ELSEWHERE: Final = re.compile(
    r"nfs4?|cifs|smb\w*|9p|afs|ceph|glusterfs|lustre|gpfs|beegfs|ocfs2|gfs2|virtiofs|vboxsf|prl_fs"
    r"|fuse(?!blk|ctl).*"
)


def type_elsewhere(folder: bytes, mounts: Path = MOUNTS) -> str | None:
    """The type of the file system that `folder` is on, where others may change it unseen.

    None where it is a local one, or nothing is known (`proc(5)` has the format of the table).
    """
    try:
        lines = mounts.read_bytes().splitlines()
    except OSError:
        return None
    found, kind = b"", ""
    for line in lines:
        left, _, right = line.partition(b" - ")
        point = _unescape(left.split(b" ")[4])
        if len(point) >= len(found) and _within(folder, point):
            found, kind = point, os.fsdecode(right.partition(b" ")[0])
    return kind if _ELSEWHERE.fullmatch(kind) else None


def _within(folder: bytes, point: bytes) -> bool:
    return folder == point or folder.startswith(point.rstrip(b"/") + b"/")


def _unescape(field: bytes) -> bytes:
    return re.sub(rb"\\([0-7]{3})", lambda match: bytes([int(match[1], 8)]), field)
