"""What aiokafka's clients need to be let in by the brokers."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

from copydesk.errors import Unusable
from copydesk.transport.security import OPEN, Security


class Access:
    """aiokafka's options. They hold a password: nothing shows them."""

    def __init__(self, security: Security, context: ssl.SSLContext | None) -> None:
        self._security = security
        self._context = context

    def options(self) -> dict[str, Any]:
        """The options, in their client's words."""
        security = self._security
        options: dict[str, Any] = {
            "security_protocol": security.protocol,
            "ssl_context": self._context,
        }
        if security.protocol.startswith("SASL_"):
            options |= {
                "sasl_mechanism": security.mechanism,
                "sasl_plain_username": security.username,
                "sasl_plain_password": security.password,
            }
        return options


OPEN_ACCESS = Access(OPEN, None)


def access(security: Security) -> Access:
    """The access that `security` describes. Raises Unusable where a file of it is not good."""
    return Access(security, _context(security) if security.protocol.endswith("SSL") else None)


def _context(security: Security) -> ssl.SSLContext:
    """Of a client that holds a broker against its certificate and its name."""
    context = ssl.create_default_context()
    if security.ca is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # nobody else may vouch
        try:
            context.load_verify_locations(security.ca)
        except OSError as error:  # ssl.SSLError is one
            raise _bad(security.ca, "certificates", error) from error
    if security.certificate is not None:
        # Without a password OpenSSL would ask for one on the terminal.
        password = security.key_password
        try:
            context.load_cert_chain(security.certificate, security.key, lambda: password)
        except (OSError, ValueError) as error:
            raise _bad(security.key or security.certificate, "key", error) from error
    return context


def _bad(file: Path, what: str, error: Exception) -> Unusable:
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    if what == "key":
        return Unusable(
            f"the certificate and the key in {file} cannot be used ({reason}): check that they"
            " are PEM, belong together, and that the password is the key's"
        )
    return Unusable(f"{file} holds no certificates in PEM ({reason})")
