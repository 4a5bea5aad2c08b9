"""Settings: each declared once, here, with its type, its default, its words and what it may be.

A setting `scan_seconds` is the flag `--scan-seconds` and the variable `COPYDESK_SCAN_SECONDS`; the
flag goes before the variable, the variable before the default. There is no settings file. A secret
has no flag, which other users of the machine could read; `COPYDESK_STORE_PASSWORD_FILE` names a
file that holds `COPYDESK_STORE_PASSWORD`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple, get_args, get_type_hints

from copydesk.kinds import (
    SECRET,
    Kind,
    Secret,
    address,
    file,
    folder,
    matching,
    one_of,
    patterns,
    seconds,
    text,
    whole,
)

PREFIX: Final = "COPYDESK_"

After = Literal["move", "keep", "delete"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "json", "console"]
Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


class WrongSetting(Exception):
    """A setting has a value that it may not have. Its words name it, the value, what is allowed."""


class Declared(NamedTuple):
    """A setting's declaration. `{data}` in a default is the setting `data`."""

    kind: Kind
    default: str
    help: str

    @property
    def secret(self) -> bool:
        """Whether its value must not be shown."""
        return self.kind == SECRET


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    inbox: Annotated[Path, Declared(folder(), "./inbox", "Folder that is watched.")]
    inbox_name: Annotated[
        str,
        Declared(
            matching("1 to 63 of a-z, 0-9 and -", r"[a-z0-9-]{1,63}"),
            "inbox",
            "Name of the inbox in messages and tables.",
        ),
    ]
    data: Annotated[Path, Declared(folder(), "./data", "Folder of the log and the storage.")]
    transport: Annotated[
        str,
        Declared(address("kafka://HOST:PORT"), "sqlite:///{data}/log.db", "Where the log is."),
    ]
    store: Annotated[
        str,
        Declared(
            address("postgresql://HOST/DATABASE"),
            "sqlite:///{data}/articles.db",
            "Where the articles go.",
        ),
    ]
    store_password: Annotated[
        Secret, Declared(SECRET, "", "Password of the user that the address of the store names.")
    ]
    kafka_security_protocol: Annotated[
        Protocol,
        Declared(
            one_of(get_args(Protocol)),
            "PLAINTEXT",
            "How to speak to Kafka: with TLS, with a password.",
        ),
    ]
    kafka_sasl_mechanism: Annotated[
        Mechanism,
        Declared(one_of(get_args(Mechanism)), "", "How the password is shown to Kafka."),
    ]
    kafka_sasl_username: Annotated[str, Declared(text(), "", "User at Kafka.")]
    kafka_sasl_password: Annotated[Secret, Declared(SECRET, "", "Password of that user.")]
    kafka_ssl_ca_location: Annotated[
        Path | None,
        Declared(
            file(),
            "",
            "Certificates, as PEM, of those who may vouch for Kafka's; else the system's.",
        ),
    ]
    kafka_ssl_certificate_location: Annotated[
        Path | None,
        Declared(file(), "", "Our own certificate, as PEM, for a Kafka that wants one."),
    ]
    kafka_ssl_key_location: Annotated[
        Path | None,
        Declared(file(), "", "Its private key, as PEM, where it is not in the same file."),
    ]
    kafka_ssl_key_password: Annotated[
        Secret, Declared(SECRET, "", "Password of an encrypted private key.")
    ]
    prefix: Annotated[
        str,
        Declared(
            matching("1 to 100 of a-z, 0-9, ., _ and -", r"[a-z0-9._-]{1,100}"),
            "articles",
            "Begins the names of topics, groups and transactions, so that some can share a Kafka.",
        ),
    ]
    instance: Annotated[
        str,
        Declared(
            matching("nothing, or 1 to 100 of a-z, A-Z, 0-9, ., _ and -", r"[a-zA-Z0-9._-]{0,100}"),
            "",
            "Name that this process, and no other, keeps over a restart: with it, a restart moves "
            "no partition on Kafka.",
        ),
    ]
    partitions: Annotated[
        int,
        Declared(
            whole(1, 1000), "4", "Into how many parts topics are cut where they are made on Kafka."
        ),
    ]
    after: Annotated[
        After,
        Declared(
            one_of(get_args(After)),
            "move",
            "What to do with a file that is done: move it to done/ or rejected/, keep it in its "
            "place, or delete it once stored.",
        ),
    ]
    include: Annotated[
        tuple[str, ...], Declared(patterns(), "*", "Patterns of the files that are taken.")
    ]
    exclude: Annotated[
        tuple[str, ...], Declared(patterns(), "", "Patterns of files that are left alone.")
    ]
    settle_seconds: Annotated[
        float,
        Declared(
            seconds(0, 86400),
            "10",
            "How long a file must be unchanged, where the system cannot tell whether it is open.",
        ),
    ]
    scan_seconds: Annotated[
        float, Declared(seconds(0.1, 86400), "60", "How often the whole folder is looked through.")
    ]
    host: Annotated[
        str,
        Declared(
            matching("a host name or an address", r"[0-9A-Za-z.:_-]+"),
            "127.0.0.1",
            "Address that /metrics, /healthz and /readyz are served on.",
        ),
    ]
    port: Annotated[int, Declared(whole(0, 65535), "9464", "Port of the same; 0 is any free one.")]
    log_level: Annotated[
        LogLevel, Declared(one_of(get_args(LogLevel)), "info", "The least level that is logged.")
    ]
    log_format: Annotated[
        LogFormat,
        Declared(
            one_of(get_args(LogFormat)),
            "auto",
            "json is a line each, console is for reading; auto is json, and on a terminal the "
            "live view.",
        ),
    ]


def declarations() -> Mapping[str, Declared]:
    """Every setting's declaration by name, in the order of declaration."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: get_args(hint)[1] for name, hint in hints.items()}


def variable(name: str) -> str:
    """The environment variable of the setting `name`."""
    return PREFIX + name.upper()


def file_variable(name: str) -> str:
    """The variable that names a file with the secret `name`."""
    return variable(name) + "_FILE"


def flag(name: str) -> str:
    """The flag of the setting `name`."""
    return "--" + name.replace("_", "-")


def masked(text: str) -> str:
    """`text` with the passwords of a URL replaced: `scheme://user:***@host/?password=***`."""
    hidden = re.sub(r"(?i)\b([a-z_]*(?:password|secret|token)[a-z_]*=)[^&\s]*", r"\1***", text)
    # Up to the last @: a password may have any character that should have been escaped.
    return re.sub(r"(?<=://)([^/@:]*):\S*@", r"\1:***@", hidden)
