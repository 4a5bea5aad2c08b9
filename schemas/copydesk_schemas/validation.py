"""The schemas as checks. Each is compiled once, when it is first asked for."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

import jsonschema_rs
import orjson

SCHEMAS: Final = ("article", "rejection", "receipt", "ledger", "owner")
"""Names of the schemas: `NAME.v1.json` beside this file."""

_LONGEST = 300


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema `name`, one of `SCHEMAS`."""
    text = files(__package__).joinpath(f"{name}.v1.json").read_bytes()
    document: dict[str, Any] = orjson.loads(text)
    return document


def check_article(value: object) -> None:
    """Hold `value` against `article.v1.json`. Raises ValueError, one line: where, and what."""
    _check("article", value)


def check_rejection(value: object) -> None:
    """Hold `value` against `rejection.v1.json`. Raises ValueError, one line: where, and what."""
    _check("rejection", value)


def check_receipt(value: object) -> None:
    """Hold `value` against `receipt.v1.json`. Raises ValueError, one line: where, and what."""
    _check("receipt", value)


def check_ledger_entry(value: object) -> None:
    """Hold `value` against `ledger.v1.json`. Raises ValueError, one line: where, and what."""
    _check("ledger", value)


def check_owner(value: object) -> None:
    """Hold `value` against `owner.v1.json`. Raises ValueError, one line: where, and what."""
    _check("owner", value)


def _check(name: str, value: Any) -> None:
    try:
        _validator(name).validate(value)
    except jsonschema_rs.ValidationError as error:
        where = ".".join([name, *map(str, error.instance_path)])
        what = " ".join(error.message.split())
        if len(what) > _LONGEST:  # it quotes the value, which may be a whole article
            what = f"{what[:100]} … {what[-_LONGEST + 100 :]}"
        raise ValueError(f"{where}: {what}") from None


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    registry = jsonschema_rs.Registry([(schema(other)["$id"], schema(other)) for other in SCHEMAS])
    return jsonschema_rs.validator_for(
        schema(name), registry=registry, validate_formats=True, offline=True
    )
