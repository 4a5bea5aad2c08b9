"""A broker that is spoken to in every way that there is, each on a listener of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from tests.certificates import DAY, Authority, Signed
from tests.kafka.broker import HERE, NONE, LocalBroker, local_broker

USER: Final = "compositor"
PASSWORD: Final = "hot metal"  # noqa: S105 -- of a broker that lives as long as its tests

LISTENERS: Final = {
    "TLS": "SSL",
    "MUTUAL": "SSL",
    "EXPIRED": "SSL",
    "ELSEWHERE": "SSL",
    "SASL": "SASL_PLAINTEXT",
    "SASLTLS": "SASL_SSL",
}
_LOGIN: Final = "org.apache.kafka.common.security"


class Secured(NamedTuple):
    """The broker, and what its clients may want: files in PEM."""

    broker: LocalBroker
    ca: Path
    other_ca: Path
    client: Path
    client_key: Path
    """Encrypted with PASSWORD."""

    def at(self, listener: str) -> str:
        return f"kafka://{self.broker.at(listener)}"


@contextmanager
def secured_broker(
    folder: Path, settings: Mapping[str, str] = NONE, users: Mapping[str, str] = NONE
) -> Iterator[Secured]:
    """The broker, started, that lets `users` in, by name with their passwords. Raises NoServer."""
    people = {USER: PASSWORD, **users}
    authority, other = Authority("The works"), Authority("Somebody")
    client = authority.sign("compositor.example")
    files = {
        "ca.pem": authority.certificate,
        "other.pem": other.certificate,
        "client.pem": client.certificate,
        "client.key": client.encrypted_key(PASSWORD),
        "good.pem": _both(authority.sign(HERE)),
        "expired.pem": _both(authority.sign(HERE, -DAY)),
        "elsewhere.pem": _both(authority.sign("elsewhere.example")),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    options = {**_configuration(folder, people), **settings}
    with local_broker(
        folder / "broker", listeners=LISTENERS, settings=options, users=people
    ) as broker:
        yield Secured(
            broker,
            ca=folder / "ca.pem",
            other_ca=folder / "other.pem",
            client=folder / "client.pem",
            client_key=folder / "client.key",
        )


def _configuration(folder: Path, users: Mapping[str, str]) -> dict[str, str]:
    plain = " ".join(f'user_{name}="{password}"' for name, password in users.items())
    found = {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": f"{folder}/good.pem",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": f"{folder}/ca.pem",
        "listener.name.mutual.ssl.client.auth": "required",
        "listener.name.expired.ssl.keystore.location": f"{folder}/expired.pem",
        "listener.name.elsewhere.ssl.keystore.location": f"{folder}/elsewhere.pem",
    }
    for name in ("sasl", "sasltls"):
        begin = f"listener.name.{name}"
        scram = f"{_LOGIN}.scram.ScramLoginModule required;"
        found |= {
            f"{begin}.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            f"{begin}.plain.sasl.jaas.config": f"{_LOGIN}.plain.PlainLoginModule required {plain};",
            f"{begin}.scram-sha-256.sasl.jaas.config": scram,
            f"{begin}.scram-sha-512.sasl.jaas.config": scram,
        }
    return found


def _both(signed: Signed) -> bytes:
    return signed.key + signed.certificate
