"""What goes wrong with PostgreSQL: what it means to the loop, and to the person who runs copydesk.

A row's fault are the SQLSTATE classes 22 (data), 23 (constraints) and 54 (limits), and values that
the client itself cannot encode. All the rest, whatever it is, is an outage.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from copydesk.errors import Refused, Unavailable, Unusable

FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""Everything that asyncpg raises when something other than our code is wrong."""

_OF_THE_ROW = ("22", "23", "54")

_ADVICE = {
    "08": "the connection is lost",
    "25006": "it cannot be written; name the primary server, or end its read-only mode",
    "25P03": "this process was stopped in a transaction for longer than the server waits",
    "25P04": "this process was stopped in a transaction for longer than the server waits",
    "28P01": "the password is wrong",
    "28": "the server does not let this user in; check the user and the server's pg_hba.conf",
    "3D000": "there is no such database; make it with createdb",
    "3F000": "there is no such schema; make it, or name another with ?search_path=",
    "40": "another session was in the way",
    "42501": "the user lacks a right",
    "42": "its tables are not as this release of copydesk makes them",
    "53100": "the server's disk is full; free some space",
    "53200": "the server is out of memory or locks; raise its max_locks_per_transaction",
    "53300": "the server takes no more connections; raise its max_connections",
    "53": "the server lacks resources",
    "55P03": "another session holds a lock for too long",
    "57014": "the server took too long",
    "57P": "the server is stopping or starting",
    "58": "the server's disk reported an error; look at its log",
    "XX": "the server reported an internal error; look at its log",
}
"""By SQLSTATE or its beginning; the longest that fits counts."""

_NO_ANSWER: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "the server's certificate is not to be trusted"),
    (ssl.SSLError, "TLS fails; check the certificates, the keys and sslmode"),
    (socket.gaierror, "its host is not known; check the name"),
    (ConnectionRefusedError, "nothing listens there; check that the server runs, and its port"),
    (FileNotFoundError, "a socket, certificate or key that the address names does not exist"),
    (PermissionError, "a socket, certificate or key that the address names may not be read"),
    (TimeoutError, "no answer in time"),
)
"""The first that an error is counts."""


@contextmanager
def faults_of(place: str) -> Iterator[None]:
    """Raise what goes wrong inside with the database at `place` as Refused or Unavailable."""
    try:
        yield
    except FAULTS as error:
        cause = _cause(error)
        words = sentence(place, cause)
        raise (Refused(words) if _of_the_row(cause) else Unavailable(words)) from error


@contextmanager
def faults_at_start(place: str) -> Iterator[None]:
    """Raise what goes wrong inside with the database at `place` as Unusable."""
    try:
        yield
    except Unusable as error:
        raise Unusable(f"{place}: {error}") from error
    except FAULTS as error:
        raise Unusable(sentence(place, error)) from error


def sentence(place: str, error: BaseException) -> str:
    """What happened to which database, and what to do about it, in one line."""
    said = " ".join(_said(error).split())
    advice = _advice(error)
    if advice is None:
        return f"{place}: {said or type(error).__name__}"
    return f"{place}: {advice} ({said})" if said else f"{place}: {advice}"


def _said(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error.args[0]) if error.args else ""


def _cause(error: BaseException) -> BaseException:
    """Why a connection is closed, where asyncpg complains that it is when we let go of it."""
    while isinstance(error, asyncpg.InterfaceError) and isinstance(error.__context__, FAULTS):
        error = error.__context__
    return error


def _of_the_row(error: BaseException) -> bool:
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "").startswith(_OF_THE_ROW)
    return isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError)


def _advice(error: BaseException) -> str | None:
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        beginnings = (state[:length] for length in range(len(state), 1, -1))
        return next((_ADVICE[some] for some in beginnings if some in _ADVICE), None)
    return next((words for kind, words in _NO_ANSWER if isinstance(error, kind)), None)
