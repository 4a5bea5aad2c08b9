"""Ids that are computed from what they name: UUIDv5 (RFC 9562)."""

from __future__ import annotations

import hashlib


def uuid5(namespace: bytes, name: bytes) -> bytes:
    """The UUIDv5 of `name` in `namespace`.

    `uuid.uuid5` takes three times as long, and no bytes before Python 3.12.
    """
    digest = bytearray(hashlib.sha1(namespace + name, usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return bytes(digest)


def uuid_text(identity: bytes) -> str:
    """A UUID as it stands in messages."""
    digits = identity.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
