"""The request that asks for the state of a transaction, which aiokafka lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    TaggedFields,
)

DESCRIBE_TRANSACTIONS: Final = 65
_text: Final = CompactString("utf-8")


class _Response(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = DESCRIBE_TRANSACTIONS
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "transactions",
            CompactArray(
                ("error_code", Int16),
                ("transactional_id", _text),
                ("state", _text),
                ("timeout_ms", Int32),
                ("start_time_ms", Int64),
                ("producer_id", Int64),
                ("producer_epoch", Int16),
                (
                    "topics",
                    CompactArray(
                        ("topic", _text),
                        ("partitions", CompactArray(Int32)),
                        ("tags", TaggedFields),
                    ),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _Request(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY = DESCRIBE_TRANSACTIONS
    API_VERSION = 0
    RESPONSE_TYPE = _Response
    SCHEMA = Schema(("transactional_ids", CompactArray(_text)), ("tags", TaggedFields))


class DescribeTransactionsRequest(Request[_Request]):  # type: ignore[misc]
    """Asks a coordinator for the states of these transactional ids."""

    API_KEY = DESCRIBE_TRANSACTIONS

    def __init__(self, transactional_ids: Sequence[str]) -> None:
        self._transactional_ids = transactional_ids

    def build(self, request_struct_class: type[_Request]) -> _Request:
        """Called by aiokafka."""
        return request_struct_class(self._transactional_ids, {})
