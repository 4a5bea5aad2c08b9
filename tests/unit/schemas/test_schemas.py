"""The JSON Schemas and the typed classes say the same, in both directions."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import jsonschema_rs
import pytest

from copydesk_schemas import headers, messages
from copydesk_schemas.codes import MEANING
from copydesk_schemas.validation import SCHEMAS, schema

CLASSES: dict[str, type] = {
    "article": messages.Article,
    "rejection": messages.Rejection,
    "receipt": messages.Receipt,
    "ledger": messages.LedgerEntry,
    "owner": messages.Owner,
}

KINDS = {
    "article": headers.ARTICLE,
    "rejection": headers.REJECTED,
    "receipt": headers.RECEIPT,
    "ledger": headers.LEDGER_ENTRY,
    "owner": headers.OWNER,
}


def resolve(node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """`node` with its reference followed, within its document or to another."""
    target = node.get("$ref")
    if target is None:
        return node
    if target.startswith("urn:"):
        name = target.removeprefix("urn:copydesk:schema:").removesuffix(".v1")
        return schema(name)
    name = target.removeprefix("#/$defs/")
    definition: dict[str, Any] = root["$defs"][name]
    return definition


def json_types(node: dict[str, Any], root: dict[str, Any]) -> set[str]:
    """The JSON types that `node` lets through."""
    node = resolve(node, root)
    if "anyOf" in node and "type" not in node:
        return {kind for option in node["anyOf"] for kind in json_types(option, root)}
    if "const" in node or "enum" in node:
        values = node.get("enum", [node.get("const")])
        return {{str: "string", int: "integer"}[type(value)] for value in values}
    kinds = node["type"]
    return {kinds} if isinstance(kinds, str) else set(kinds)


def python_types(hint: Any) -> set[str]:
    """The JSON types that a value of the type `hint` becomes."""
    if get_origin(hint) is NotRequired:
        return python_types(get_args(hint)[0])
    if get_origin(hint) is UnionType:
        return {kind for option in get_args(hint) for kind in python_types(option)}
    if get_origin(hint) is Literal:
        return {kind for value in get_args(hint) for kind in python_types(type(value))}
    if is_typeddict(hint) or get_origin(hint) is dict:
        return {"object"}
    if get_origin(hint) is list:
        return {"array"}
    return {{str: "string", int: "integer", NoneType: "null"}[hint]}


def assert_same(hint: Any, node: dict[str, Any], root: dict[str, Any], where: str) -> None:
    """Hold the type `hint` and the schema `node` against each other, with all that is in them."""
    assert json_types(node, root) == python_types(hint), where
    if get_origin(hint) is NotRequired:
        hint = get_args(hint)[0]
    if get_origin(hint) is UnionType:
        for option in get_args(hint):
            branch = next(
                (b for b in node.get("anyOf", []) if json_types(b, root) == python_types(option)),
                None,
            )
            if is_typeddict(option):
                assert branch is not None, where
                assert_same(option, branch, root, where)
        return
    node = resolve(node, root)
    if get_origin(hint) is Literal:
        assert set(node.get("enum", [node.get("const")])) == set(get_args(hint)), where
    elif get_origin(hint) is list:
        assert_same(get_args(hint)[0], node["items"], root, f"{where}[]")
    elif get_origin(hint) is dict:
        assert_same(get_args(hint)[1], node["additionalProperties"], root, f"{where}{{}}")
    elif is_typeddict(hint):
        hints = get_type_hints(hint, include_extras=True)
        assert set(node["properties"]) == set(hints), where
        required = {key for key, inner in hints.items() if get_origin(inner) is not NotRequired}
        assert set(node["required"]) == required, where
        assert node["additionalProperties"] is False, where
        for name, inner in hints.items():
            home = root if "$defs" in root or root is node else node
            assert_same(inner, node["properties"][name], home, f"{where}.{name}")


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_and_its_class_agree_in_keys_types_and_enumerations(name: str) -> None:
    document = schema(name)
    assert_same(CLASSES[name], document, document, name)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_named_as_the_headers_name_it(name: str) -> None:
    assert schema(name)["$id"] == headers.DATASCHEMA[KINDS[name]]


def test_every_message_with_a_schema_header_has_a_schema() -> None:
    assert set(headers.DATASCHEMA) == set(KINDS.values())


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_json_schema_2020_12(name: str) -> None:
    document = schema(name)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(document)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_is_described(name: str) -> None:
    document = schema(name)
    for key, node in document["properties"].items():
        described = "description" in node or "description" in resolve(node, document)
        assert described or key == "version_id", key


def test_every_code_has_a_meaning_that_is_a_sentence() -> None:
    assert set(MEANING) == set(get_args(messages.Code))
    for meaning in MEANING.values():
        assert meaning.endswith("."), meaning


def test_the_classes_of_the_comparison_are_found_different_where_they_differ() -> None:
    document = schema("rejection")
    document["required"].remove("line")
    with pytest.raises(AssertionError):
        assert_same(messages.Rejection, document, document, "rejection")
    document = schema("receipt")
    document["properties"]["outcome"]["enum"].append("lost")
    with pytest.raises(AssertionError):
        assert_same(messages.Receipt, document, document, "receipt")
