"""How a log that is a server is to be spoken to, and who we are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Security:
    """In librdkafka's terms. Empty is what does not apply; passwords are not shown."""

    protocol: str = "PLAINTEXT"
    """PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL."""
    mechanism: str = ""
    """PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512."""
    username: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    """Certificates that a server's must come from; None for the system's."""
    certificate: Path | None = None
    key: Path | None = None
    """Of the certificate; None where both are in one file."""
    key_password: str = field(default="", repr=False)


OPEN = Security()
"""Neither TLS nor a password."""
