"""Settings that are right one by one, and wrong together."""

from __future__ import annotations

from typing import Final

from copydesk.settings import Settings, WrongSetting, masked, variable

_PROTOCOL: Final = "kafka_security_protocol"
_MECHANISM: Final = "kafka_sasl_mechanism"
_USERNAME: Final = "kafka_sasl_username"
_PASSWORD: Final = "kafka_sasl_password"  # noqa: S105 -- the name of a setting
_CA: Final = "kafka_ssl_ca_location"
_CERTIFICATE: Final = "kafka_ssl_certificate_location"
_KEY: Final = "kafka_ssl_key_location"
_KEY_PASSWORD: Final = "kafka_ssl_key_password"  # noqa: S105 -- the name of a setting

_OF_SASL: Final = (_MECHANISM, _USERNAME, _PASSWORD)
_OF_TLS: Final = (_CA, _CERTIFICATE, _KEY, _KEY_PASSWORD)


def check_together(settings: Settings) -> None:
    """Raise WrongSetting where settings contradict each other; those without a use are none."""
    if settings.transport.startswith("kafka:"):
        _check_kafka(settings)
    if settings.store.startswith("postgresql:"):
        _check_store(settings)


def _check_kafka(settings: Settings) -> None:
    protocol = settings.kafka_security_protocol
    sasl, tls = protocol.startswith("SASL_"), protocol.endswith("SSL")
    for name in _OF_SASL:
        given = bool(getattr(settings, name))
        if given and not sasl:
            raise _not_with(name, protocol, "SASL_SSL (or SASL_PLAINTEXT)")
        if sasl and not given:
            raise WrongSetting(f"{variable(_PROTOCOL)} is {protocol}: set {variable(name)} too")
    for name in _OF_TLS:
        if getattr(settings, name) and not tls:
            raise _not_with(name, protocol, "SASL_SSL" if sasl else "SSL")
    for name in (_KEY, _KEY_PASSWORD):
        if getattr(settings, name) and settings.kafka_ssl_certificate_location is None:
            raise WrongSetting(f"{variable(name)} is set: set {variable(_CERTIFICATE)} too")


def _not_with(name: str, protocol: str, right: str) -> WrongSetting:
    return WrongSetting(
        f"{variable(name)} is set, and has no use while {variable(_PROTOCOL)} is {protocol};"
        f" set that to {right}"
    )


def _check_store(settings: Settings) -> None:
    if settings.store_password and masked(settings.store) != settings.store:
        raise WrongSetting(
            f"{variable('store_password')} is set, and {variable('store')} has a password in it;"
            " leave one out"
        )
