"""Why the brokers do not let us in.

aiokafka tells it to its log alone, goes on to the next broker, and says in the end that there is
none. So they are asked once more, by a connection of its own.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, Final, NamedTuple

from aiokafka import errors
from aiokafka.conn import create_conn
from aiokafka.protocol.metadata import MetadataRequest

from copydesk.transport.kafka.client import Cluster

_REFUSED: Final = (
    errors.SaslAuthenticationFailed,
    errors.AuthenticationFailedError,
)
_NOT_SPOKEN: Final = (
    errors.UnsupportedSaslMechanismError,
    errors.IllegalSaslStateError,
    errors.AuthenticationMethodNotSupported,
)


class Bar(NamedTuple):
    """What keeps us out, in words. `final`: a person must change something, here or there."""

    words: str
    final: bool


async def what_bars(cluster: Cluster) -> Bar | None:
    """What keeps us out of `cluster`; None where nothing does, or nobody answers."""
    found = await asyncio.gather(*(_at(cluster, server) for server in cluster.servers))
    return next((bar for bar in found if bar is not None), None)


async def _at(cluster: Cluster, server: str) -> Bar | None:
    host, _, port = server.rpartition(":")
    options = cluster.access.options()
    try:
        async with asyncio.timeout(cluster.timing.answer / 2):
            await _knock(host.strip("[]"), int(port), options)
    except (OSError, ValueError, errors.KafkaError) as error:
        return _bar(error, server, options)
    return None


async def _knock(host: str, port: int, options: dict[str, Any]) -> None:
    connection = await create_conn(host, port, client_id="copydesk", **options)
    try:
        await connection.send(MetadataRequest([]))
    finally:
        connection.close()


def _bar(error: Exception, server: str, options: dict[str, Any]) -> Bar | None:
    cause = error.__cause__ if isinstance(error.__cause__, ssl.SSLError) else error
    protocol = options["security_protocol"]
    match cause:
        case ssl.SSLCertVerificationError():
            why = cause.verify_message
            return Bar(f"the certificate of {server} is not to be trusted ({why})", final=True)
        case ssl.SSLError():
            words = f"TLS with {server} fails ({cause.reason}); check the security protocol and"
            return Bar(f"{words} the certificates", final=True)
        case _ if isinstance(cause, _NOT_SPOKEN):
            words = f"{server} does not admit {options.get('sasl_mechanism', 'that')}"
            return Bar(f"{words}; choose another mechanism of SASL", final=True)
        case _ if isinstance(cause, _REFUSED):
            words = f"{server} does not let the user {options.get('sasl_plain_username')} in"
            return Bar(f"{words}: name or password are wrong", final=True)
        case errors.KafkaConnectionError() | ConnectionResetError():
            words = f"{server} takes the connection and ends it; if it goes on, check the security"
            return Bar(f"{words} protocol, which is {protocol}", final=False)
        case _:
            return None
