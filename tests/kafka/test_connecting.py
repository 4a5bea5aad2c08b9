"""TLS and passwords: the right ones work, of the wrong each gets one line."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from copydesk.errors import Unusable
from copydesk.transport.api import Message, Topic, TransportError
from copydesk.transport.kafka import open_log
from copydesk.transport.security import Security
from tests.kafka.conftest import QUICK, contents, numbers, put, taken
from tests.kafka.secured import PASSWORD, USER, Secured, secured_broker
from tests.pipeline import COPYDESK, environment
from tests.servers import NoServer, missing

MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    try:
        with secured_broker(tmp_path_factory.mktemp("secured")) as made:
            yield made
    except NoServer as reason:
        missing(reason)


def tls(secured: Secured, **more: Any) -> Security:
    whole: dict[str, Any] = {"protocol": "SSL", "ca": secured.ca}
    return Security(**whole | more)


def sasl(secured: Secured, **more: Any) -> Security:
    whole: dict[str, Any] = {
        "protocol": "SASL_SSL",
        "mechanism": "SCRAM-SHA-512",
        "username": USER,
        "password": PASSWORD,
        "ca": secured.ca,
    }
    return Security(**whole | more)


async def works(address: str, security: Security) -> None:
    """Every kind of client is let in: topics are made, read, copied in a group, and measured."""
    prefix = f"test-{uuid4().hex[:12]}"
    topics = [Topic(f"{prefix}.{name}", 1, None, False, 2 << 20) for name in ("in", "out")]
    inbound, outbound = (topic.name for topic in topics)
    async with open_log(address, topics, prefix=prefix, timing=QUICK, security=security) as log:
        assert await log.ensure(topics) == []
        await put(log, [Message(inbound, b"k", b"7")])
        async with log.subscribe(inbound, "copier") as subscription:
            batch = await taken(subscription)
            assert numbers(batch.records) == [7]
            await subscription.commit(batch, [Message(outbound, b"k", b"8")])
        assert await contents(log, outbound) == [8]
        assert (await log.lag(inbound, "copier")).records == 0


async def refusal(address: str, security: Security) -> str:
    """Why the log at `address` cannot be used; a line without a password."""
    with pytest.raises(Unusable) as refused:
        async with open_log(address, [], prefix="p", timing=QUICK, security=security) as log:
            await log.ensure([Topic("p.t", 1, None, False, 1 << 20)])
    words = str(refused.value)
    assert "\n" not in words
    assert PASSWORD not in words
    return words


async def test_tls_is_spoken(secured: Secured) -> None:
    await works(secured.at("TLS"), tls(secured))


async def test_a_broker_that_wants_a_certificate_gets_ours(secured: Secured) -> None:
    own = {"certificate": secured.client, "key": secured.client_key, "key_password": PASSWORD}
    await works(secured.at("MUTUAL"), tls(secured, **own))


@pytest.mark.parametrize("mechanism", MECHANISMS)
async def test_a_password_is_shown_over_tls(secured: Secured, mechanism: str) -> None:
    await works(secured.at("SASLTLS"), sasl(secured, mechanism=mechanism))


async def test_a_password_is_shown_without_tls(secured: Secured) -> None:
    await works(secured.at("SASL"), sasl(secured, protocol="SASL_PLAINTEXT", ca=None))


@pytest.mark.parametrize("mechanism", MECHANISMS)
async def test_a_wrong_password_is_told(secured: Secured, mechanism: str) -> None:
    wrong = sasl(secured, mechanism=mechanism, password=PASSWORD[::-1])
    words = await refusal(secured.at("SASLTLS"), wrong)
    assert "does not let the user compositor in: name or password are wrong" in words


async def test_a_certificate_of_another_authority_is_told(secured: Secured) -> None:
    words = await refusal(secured.at("TLS"), tls(secured, ca=secured.other_ca))
    assert "is not to be trusted (unable to get local issuer certificate)" in words


async def test_without_an_authority_of_its_own_the_system_vouches(secured: Secured) -> None:
    words = await refusal(secured.at("TLS"), tls(secured, ca=None))
    assert "is not to be trusted (unable to get local issuer certificate)" in words


async def test_an_expired_certificate_is_told(secured: Secured) -> None:
    words = await refusal(secured.at("EXPIRED"), tls(secured))
    assert words.endswith("is not to be trusted (certificate has expired)")


async def test_a_certificate_for_another_host_is_told(secured: Secured) -> None:
    words = await refusal(secured.at("ELSEWHERE"), tls(secured))
    assert "is not to be trusted (IP address mismatch" in words


async def test_a_certificate_of_ours_that_is_missing_is_told(secured: Secured) -> None:
    words = await refusal(secured.at("MUTUAL"), tls(secured))
    assert "fails" in words
    assert "check the security protocol and the certificates" in words


async def test_tls_where_none_is_spoken_is_told(secured: Secured) -> None:
    with pytest.raises((Unusable, TransportError), match="check the security protocol"):
        async with open_log(
            secured.at("PLAINTEXT"), [], prefix="p", timing=QUICK, security=tls(secured)
        ) as log:
            await log.ensure([Topic("p.t", 1, None, False, 1 << 20)])


@pytest.mark.parametrize("listener", ["TLS", "SASL"])
async def test_no_tls_or_password_where_one_is_wanted_is_told(
    secured: Secured, listener: str
) -> None:
    """It is waited for, since brokers that start or end do the same."""
    with pytest.raises(TransportError, match="check the security protocol, which is PLAINTEXT"):
        async with open_log(secured.at(listener), [], prefix="p", timing=QUICK) as log:
            await log.ensure([Topic("p.t", 1, None, False, 1 << 20)])


async def test_files_that_are_not_what_they_should_be_are_named(
    secured: Secured, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    assert "empty.pem holds no certificates" in await refusal(
        secured.at("TLS"), tls(secured, ca=empty)
    )
    wrong = {"certificate": secured.client, "key": secured.client_key, "key_password": "wrong"}
    assert "client.key cannot be used" in await refusal(secured.at("MUTUAL"), tls(secured, **wrong))


def parser(secured: Secured, folder: Path, **settings: object) -> subprocess.CompletedProcess[str]:
    """`copydesk parser` that is not let in, with what it said."""
    (folder / "secret").write_text(f"{PASSWORD}\n")
    whole = {
        "TRANSPORT": secured.at("SASLTLS"),
        "DATA": folder / "data",
        "INBOX": folder / "inbox",
        "PORT": "0",
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SASL_MECHANISM": "SCRAM-SHA-256",
        "KAFKA_SASL_USERNAME": USER,
        "KAFKA_SASL_PASSWORD_FILE": folder / "secret",
        "KAFKA_SSL_CA_LOCATION": secured.ca,
    }
    env = environment() | {f"COPYDESK_{name}": str(v) for name, v in (whole | settings).items()}
    return subprocess.run(
        [COPYDESK, "parser"], env=env, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("KAFKA_SASL_USERNAME", "name or password are wrong"),
        ("KAFKA_SSL_CA_LOCATION", "is not to be trusted (unable to get local issuer certificate)"),
        ("TRANSPORT", "is not to be trusted (certificate has expired)"),
    ],
)
def test_a_service_that_is_not_let_in_says_so_in_one_line_and_ends(
    secured: Secured, tmp_path: Path, name: str, words: str
) -> None:
    wrong = {
        "KAFKA_SASL_USERNAME": "somebody",
        "KAFKA_SSL_CA_LOCATION": secured.other_ca,
        "TRANSPORT": secured.at("EXPIRED"),
    }
    ended = parser(secured, tmp_path, **{name: wrong[name]})
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert words in ended.stderr
    assert PASSWORD not in ended.stderr
