"""The log that the settings name."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from copydesk.settings import Settings
from copydesk.topics import Topics, topics
from copydesk.transport import open_transport
from copydesk.transport.api import Transport
from copydesk.transport.security import Security


def topics_of(settings: Settings) -> Topics:
    """The topics by the names that they have under these settings."""
    return topics(settings.prefix, settings.partitions)


def log_of(
    settings: Settings, *, read_only: bool = False
) -> AbstractAsyncContextManager[Transport]:
    """The log, to be opened. Read-only it is opened beside those who write it."""
    return open_transport(
        settings.transport,
        topics_of(settings),
        prefix=settings.prefix,
        instance=settings.instance or None,
        security=security_of(settings),
        read_only=read_only,
    )


def security_of(settings: Settings) -> Security:
    """How the settings say that Kafka is to be spoken to."""
    return Security(
        protocol=settings.kafka_security_protocol,
        mechanism=settings.kafka_sasl_mechanism,
        username=settings.kafka_sasl_username,
        password=settings.kafka_sasl_password.reveal(),
        ca=settings.kafka_ssl_ca_location,
        certificate=settings.kafka_ssl_certificate_location,
        key=settings.kafka_ssl_key_location,
        key_password=settings.kafka_ssl_key_password.reveal(),
    )
