"""Settings: flag before variable before default, and clear words for what is wrong."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import get_type_hints

import pytest

from copydesk.loading import load
from copydesk.settings import Settings, WrongSetting, declarations, flag, masked, variable


def test_a_flag_goes_before_a_variable_and_a_variable_before_the_default() -> None:
    loaded = load({"port": "1"}, {"COPYDESK_PORT": "2", "COPYDESK_HOST": "::1"})
    assert (loaded.settings.port, loaded.origins["port"]) == (1, "flag")
    assert (loaded.settings.host, loaded.origins["host"]) == ("::1", "environment")
    assert (loaded.settings.after, loaded.origins["after"]) == ("move", "default")


def test_an_empty_variable_is_none() -> None:
    assert load({}, {"COPYDESK_PORT": ""}).settings.port == load({}, {}).settings.port


def test_every_default_is_of_the_declared_type() -> None:
    settings = load({}, {}).settings
    for name, hint in get_type_hints(Settings).items():
        value = getattr(settings, name)
        plain = hint if isinstance(hint, type) else type(value)
        assert isinstance(value, plain), name


def test_log_and_storage_lie_in_the_data_folder_unless_said_otherwise() -> None:
    settings = load({"data": "/srv/desk", "store": "sqlite:////other.db"}, {}).settings
    assert settings.transport == "sqlite:////srv/desk/log.db"
    assert settings.store == "sqlite:////other.db"


def test_a_data_folder_with_braces_in_its_name_is_taken_as_it_is() -> None:
    assert load({"data": "/a{b}"}, {}).settings.transport == "sqlite:////a{b}/log.db"


def test_folders_are_absolute_so_that_messages_can_be_followed() -> None:
    assert load({"inbox": "drop"}, {}).settings.inbox == Path.cwd() / "drop"


def test_patterns_are_separated_by_commas() -> None:
    assert load({"include": "*.txt, *.gz"}, {}).settings.include == ("*.txt", "*.gz")
    assert load({}, {}).settings.exclude == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("inbox", "a\0b"),
        ("inbox_name", "In Box"),
        ("data", "\0"),
        ("transport", "kafka"),
        ("transport", "sqlite://"),
        ("store", "mysql://host/db"),
        ("after", "burn"),
        ("include", "/etc/*"),
        ("exclude", "a\0"),
        ("settle_seconds", "nan"),
        ("settle_seconds", "-1"),
        ("scan_seconds", "soon"),
        ("scan_seconds", "0"),
        ("host", "no host"),
        ("port", "65536"),
        ("port", "http"),
        ("log_level", "loud"),
        ("log_format", "xml"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name: str, value: str) -> None:
    allowed = declarations()[name].kind.allowed
    with pytest.raises(WrongSetting) as by_flag:
        load({name: value}, {})
    assert str(by_flag.value) == f"{flag(name)} is {value!r}; it must be {allowed}"
    with pytest.raises(WrongSetting) as by_variable:
        load({}, {variable(name): value})
    assert str(by_variable.value) == f"{variable(name)} is {value!r}; it must be {allowed}"


def test_a_wrong_url_does_not_give_its_password_away() -> None:
    with pytest.raises(WrongSetting) as error:
        load({"store": "mysql://ann:hunter2@host/db"}, {})
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    "address", ["postgresql://", "postgresql://ann@host:5432/db?sslmode=require"]
)
def test_the_store_may_be_in_postgresql(address: str) -> None:
    assert load({}, {"COPYDESK_STORE": address}).settings.store == address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sqlite:///data/log.db", "sqlite:///data/log.db"),
        ("postgresql://ann:s3:c@ret@host/db", "postgresql://ann:***@host/db"),
        ("postgresql://:secret@host/db", "postgresql://:***@host/db"),
        ("postgresql://ann:s3/c?r#e@host/db", "postgresql://ann:***@host/db"),
        ("kafka://h:9092?sasl_password=s3c@ret", "kafka://h:9092?sasl_password=***"),
        ("kafka://h?sasl_password=secret&x=1", "kafka://h?sasl_password=***&x=1"),
    ],
)
def test_passwords_of_urls_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_variable_that_is_no_setting_is_told_with_the_nearest_one() -> None:
    environ = {"COPYDESK_PROT": "1", "COPYDESK_QQQQQQ": "1", "HOME": "/root", "COPYDESK_PORT": "1"}
    assert load({}, environ).unknown == [
        ("COPYDESK_PROT", "COPYDESK_PORT"),
        ("COPYDESK_QQQQQQ", None),
    ]


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        load({}, {}).settings.port = 1  # type: ignore[misc]


KAFKA = {"COPYDESK_TRANSPORT": "kafka://h", "COPYDESK_STORE": "postgresql://ann@host/db"}
SASL = KAFKA | {
    "COPYDESK_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
    "COPYDESK_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
    "COPYDESK_KAFKA_SASL_USERNAME": "ann",
    "COPYDESK_KAFKA_SASL_PASSWORD": "hunter2",
}
SECRETS = ("store_password", "kafka_sasl_password", "kafka_ssl_key_password")


def test_what_must_not_be_shown_is_a_secret() -> None:
    assert tuple(name for name, each in declarations().items() if each.secret) == SECRETS


def test_a_secret_is_shown_to_nobody_by_accident() -> None:
    settings = load({}, SASL).settings
    assert settings.kafka_sasl_password.reveal() == "hunter2"
    assert "hunter2" not in f"{settings} {settings!r} {settings.kafka_sasl_password}"


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_comes_from_a_file_without_the_end_of_its_line(tmp_path: Path, end: str) -> None:
    (tmp_path / "secret").write_bytes(f" hunter2 {end}".encode())
    loaded = load({}, KAFKA | {"COPYDESK_STORE_PASSWORD_FILE": str(tmp_path / "secret")})
    assert loaded.settings.store_password.reveal() == " hunter2 "
    assert loaded.origins["store_password"] == "file"  # noqa: S105 -- where it is from
    assert loaded.unknown == []


def test_a_file_without_a_secret_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "long").write_bytes(b"x" * 70_000)
    wrong = {
        "absent": "No such file or directory",
        "empty": "it is empty",
        "bytes": "it holds no text",
        "long": "it is too long",
        ".": "Is a directory",
    }
    for name, why in wrong.items():
        path = str(tmp_path / name)
        with pytest.raises(WrongSetting) as error:
            load({}, {"COPYDESK_STORE_PASSWORD_FILE": path})
        assert str(error.value) == (
            f"COPYDESK_STORE_PASSWORD_FILE names {path!r}, which cannot be used: {why}"
        )


def test_a_secret_of_many_lines_is_refused_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hunter\n2\n")
    with pytest.raises(WrongSetting) as error:
        load({}, {"COPYDESK_STORE_PASSWORD_FILE": str(tmp_path / "key")})
    assert str(error.value) == "COPYDESK_STORE_PASSWORD_FILE must be a text of one line"


def test_a_variable_that_is_nearly_the_one_of_a_file_is_told_with_that() -> None:
    assert load({}, {"COPYDESK_STORE_PASWORD_FILE": "x"}).unknown == [
        ("COPYDESK_STORE_PASWORD_FILE", "COPYDESK_STORE_PASSWORD_FILE")
    ]


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(WrongSetting, match=r"'/no/ca\.pem'; it must be the path of a file that is"):
        load({}, {"COPYDESK_KAFKA_SSL_CA_LOCATION": "/no/ca.pem"})


def without(name: str) -> dict[str, str]:
    return {variable: value for variable, value in SASL.items() if not variable.endswith(name)}


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        (without("SASL_MECHANISM"), "set COPYDESK_KAFKA_SASL_MECHANISM too"),
        (without("SASL_USERNAME"), "set COPYDESK_KAFKA_SASL_USERNAME too"),
        (without("SASL_PASSWORD"), "set COPYDESK_KAFKA_SASL_PASSWORD too"),
        (
            without("SECURITY_PROTOCOL"),
            "no use while COPYDESK_KAFKA_SECURITY_PROTOCOL is PLAINTEXT; set that to SASL_SSL",
        ),
        (
            SASL | {"COPYDESK_KAFKA_SECURITY_PROTOCOL": "SSL"},
            "no use while COPYDESK_KAFKA_SECURITY_PROTOCOL is SSL; set that to SASL_SSL",
        ),
        (
            KAFKA | {"COPYDESK_KAFKA_SSL_CA_LOCATION": __file__},
            "no use while COPYDESK_KAFKA_SECURITY_PROTOCOL is PLAINTEXT; set that to SSL",
        ),
        (
            SASL
            | {
                "COPYDESK_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
                "COPYDESK_KAFKA_SSL_CA_LOCATION": __file__,
            },
            "no use while COPYDESK_KAFKA_SECURITY_PROTOCOL is SASL_PLAINTEXT; set that to SASL_SSL",
        ),
        (
            SASL | {"COPYDESK_KAFKA_SSL_KEY_LOCATION": __file__},
            "set COPYDESK_KAFKA_SSL_CERTIFICATE_LOCATION too",
        ),
        (
            KAFKA | {"COPYDESK_STORE": "postgresql://a:b@h/d", "COPYDESK_STORE_PASSWORD": "c"},
            "COPYDESK_STORE_PASSWORD is set, and COPYDESK_STORE has a password in it; leave one",
        ),
        (
            SASL | {"COPYDESK_KAFKA_SASL_PASSWORD_FILE": "x"},
            "COPYDESK_KAFKA_SASL_PASSWORD and COPYDESK_KAFKA_SASL_PASSWORD_FILE are set; leave",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_named(environ: dict[str, str], words: str) -> None:
    with pytest.raises(WrongSetting) as error:
        load({}, environ)
    assert words in str(error.value)
    assert "hunter2" not in str(error.value)


def test_settings_of_a_server_that_is_not_used_are_let_be() -> None:
    environ = SASL | {
        "COPYDESK_TRANSPORT": "",
        "COPYDESK_STORE": "",
        "COPYDESK_STORE_PASSWORD": "x",
    }
    del environ["COPYDESK_KAFKA_SASL_USERNAME"]
    assert load({}, environ).settings.transport.startswith("sqlite:")
