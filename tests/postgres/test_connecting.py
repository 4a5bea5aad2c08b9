"""Addresses, passwords and certificates: the right ones work, of the wrong each gets one line."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest

from copydesk.errors import Unavailable, Unusable
from copydesk.sink.opening import open_archive, open_store
from copydesk.sink.postgres.connect import place_of
from copydesk.sink.postgres.faults import sentence
from copydesk.sink.store import Store
from tests.certificates import DAY, Authority
from tests.postgres.proxy import proxy
from tests.postgres.server import PASSWORD, LocalServer, local_server
from tests.servers import NoServer, missing
from tests.unit.sink.events import at, event

AUTHORITY = Authority("The press's own")
HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def own_server() -> Iterator[LocalServer]:
    """One whose passwords we know."""
    try:
        with local_server() as local:
            yield local
    except NoServer as reason:
        missing(reason)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the user keeps the authority's certificate, root.crt."""
    (tmp_path / "root.crt").write_bytes(AUTHORITY.certificate)
    return tmp_path


def tls(folder: Path, host: str = HOST, days: int = 1) -> ssl.SSLContext:
    """What a server needs that is certified for `host` and for so many days."""
    signed = AUTHORITY.sign(host, days * DAY)
    both = folder / "server.pem"
    both.write_bytes(signed.certificate + signed.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSSLMODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


async def refusal(address: str) -> str:
    """Why the storage at `address` cannot be opened; a line without its password."""
    words = ""
    for opened in (open_store(address), open_archive(address)):
        with pytest.raises(Unusable) as refused:
            async with opened:
                pass
        words = str(refused.value)
        assert "\n" not in words
        assert PASSWORD not in words
    return words


async def opens(address: str) -> None:
    async with open_store(address) as store:
        await store.record_articles([event()], at(1))


def without_password(local: LocalServer) -> str:
    return f"postgresql://postgres@{HOST}:{local.port}/postgres"


async def test_a_wrong_password_is_told_and_not_shown(own_server: LocalServer) -> None:
    words = await refusal(f"postgresql://postgres:in%6Bwell2@{HOST}:{own_server.port}/postgres")
    assert words == (
        f"postgresql://{HOST}:{own_server.port}/postgres: the password is wrong"
        ' (password authentication failed for user "postgres")'
    )


async def test_no_password_is_told(own_server: LocalServer) -> None:
    words = await refusal(without_password(own_server))
    assert "password" in words


async def test_the_password_comes_from_the_variable(
    own_server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    await opens(without_password(own_server))


async def test_the_password_is_given_beside_the_address(own_server: LocalServer) -> None:
    address = without_password(own_server)
    async with open_store(address, PASSWORD) as store, open_archive(address, PASSWORD) as archive:
        await store.record_articles([event()], at(1))
        assert (await archive.survey([], 1)).tally.outcomes == {"stored": 1}


async def test_the_password_comes_from_a_file(own_server: LocalServer, tmp_path: Path) -> None:
    secrets = tmp_path / "pgpass"
    secrets.write_text(f"{HOST}:{own_server.port}:*:postgres:{PASSWORD}\n")
    secrets.chmod(0o600)
    await opens(f"{without_password(own_server)}?passfile={quote(str(secrets))}")


async def test_the_host_comes_from_the_variable(
    own_server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOST", HOST)
    monkeypatch.setenv("PGPORT", str(own_server.port))
    await opens(f"postgresql://postgres:{PASSWORD}@/postgres")


async def test_a_server_is_held_against_its_certificate(
    own_server: LocalServer, folder: Path
) -> None:
    async with proxy(own_server.address, tls(folder)) as (_, address):
        await opens(f"{address}?sslmode=verify-full&sslrootcert={folder}/root.crt")


async def test_a_certificate_of_another_authority_is_told(
    own_server: LocalServer, folder: Path
) -> None:
    (folder / "other.crt").write_bytes(Authority("Somebody").certificate)
    async with proxy(own_server.address, tls(folder)) as (_, address):
        words = await refusal(f"{address}?sslmode=verify-ca&sslrootcert={folder}/other.crt")
    assert "the server's certificate is not to be trusted (unable to get local issuer" in words


async def test_a_certificate_for_another_host_is_told(
    own_server: LocalServer, folder: Path
) -> None:
    async with proxy(own_server.address, tls(folder, "elsewhere.example")) as (_, address):
        words = await refusal(f"{address}?sslmode=verify-full&sslrootcert={folder}/root.crt")
        assert "not to be trusted (IP address mismatch, certificate is not valid for" in words
        await opens(f"{address}?sslmode=verify-ca&sslrootcert={folder}/root.crt")


async def test_an_expired_certificate_is_told(own_server: LocalServer, folder: Path) -> None:
    async with proxy(own_server.address, tls(folder, days=-1)) as (_, address):
        words = await refusal(f"{address}?sslmode=verify-full&sslrootcert={folder}/root.crt")
    assert words.endswith("the server's certificate is not to be trusted (certificate has expired)")


async def test_a_certificate_that_expires_under_way_is_an_outage(
    own_server: LocalServer, folder: Path
) -> None:
    good = tls(folder)
    async with proxy(own_server.address, good) as (between, address):
        verified = f"{address}?sslmode=verify-full&sslrootcert={folder}/root.crt"
        async with open_store(verified) as store:
            between.tls = tls(folder, days=-1)
            await between.end()
            with pytest.raises(Unavailable, match="certificate has expired"):
                await until_told_why(store)
            between.tls = good
            await store.record_articles([event(second=2)], at(1))


async def until_told_why(store: Store) -> None:
    """The first to notice that the connection is gone may not be told why it does not come back."""
    with suppress(Unavailable):
        await store.record_articles([event(second=2)], at(1))
    await store.record_articles([event(second=2)], at(1))


async def test_a_server_without_tls_is_told(own_server: LocalServer) -> None:
    words = await refusal(f"{own_server.address}?sslmode=require")
    assert "rejected SSL upgrade" in words


WRONG = {
    "postgresql://u:inkwell@nowhere.invalid/db": "its host is not known; check the name",
    f"postgresql://u:inkwell@{HOST}:1/db": "nothing listens there; check that the server runs",
    f"postgresql://u:inkwell@{HOST}/db?sslmode=sometimes": "`sslmode` parameter must be one of",
    f"postgresql://u:inkwell@{HOST}/db?sslmode=verify-ca&sslrootcert=/no.crt": "does not exist",
    f"postgresql://u:inkwell@{HOST}/db?sslmode=verify-full": "root certificate file",
    f"postgresql://u:inkwell/@{HOST}:5432/db": "its address cannot be read",
    f"postgresql://u:inkwell@{HOST}:port/db": "its address cannot be read",
    f"postgresql://u:ab?inkwell@{HOST}/db": "its address cannot be read",
    f"postgresql://u:ab#inkwell@{HOST}/db": "its address cannot be read",
    "postgresql://u:inkwell@/db?host=/nowhere": "does not exist",
}


@pytest.mark.parametrize("address", WRONG)
async def test_what_is_wrong_with_an_address_is_told(address: str) -> None:
    assert WRONG[address] in await refusal(address)


def test_an_address_of_no_store_is_not_shown() -> None:
    with pytest.raises(Unusable, match="no such store is known; use sqlite:///PATH or postgresql:"):
        open_store("mysql://u:inkwell@host/db")


async def test_a_database_that_does_not_exist_is_told(own_server: LocalServer) -> None:
    words = await refusal(f"{own_server.address}_of_dreams")
    assert 'there is no such database; make it with createdb (database "postgres_of_' in words


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("postgresql://u:p@host:5432/db?sslmode=require", "postgresql://host:5432/db"),
        ("postgresql://host/db", "postgresql://host/db"),
        ("postgresql:///db?host=/run/postgresql&password=p", "postgresql:///db"),
        ("postgresql://u:p/q@r@host/db", "postgresql://host/db"),
        ("postgresql://u:p?q@host/db", "the PostgreSQL database"),
        ("postgresql://u@a:1,b:2/db", "postgresql://a:1,b:2/db"),
    ],
)
def test_a_place_has_nothing_of_a_password(address: str, place: str) -> None:
    assert place_of(address) == place


@pytest.mark.parametrize(
    ("state", "advice"),
    [
        ("53100", "the server's disk is full; free some space (So.)"),
        ("53300", "the server takes no more connections; raise its max_connections (So.)"),
        ("40P01", "another session was in the way (So.)"),
        ("57P01", "the server is stopping or starting (So.)"),
        ("P0001", "So."),
    ],
)
def test_what_a_server_says_is_followed_by_what_to_do(state: str, advice: str) -> None:
    error = asyncpg.PostgresError.new({"C": state, "M": "So.", "H": "Nothing."})
    assert sentence("there", error) == f"there: {advice}"
