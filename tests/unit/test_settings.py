"""Settings: flag before variable before default, and clear words for what is wrong."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import get_type_hints

import pytest

from copydesk.settings import (
    Settings,
    WrongSetting,
    declarations,
    flag,
    load,
    masked,
    variable,
)


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
