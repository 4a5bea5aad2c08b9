"""How messages become batches of partitions."""

from __future__ import annotations

from collections import defaultdict

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch
from hypothesis import given
from hypothesis import strategies as st

from copydesk.errors import Unusable
from copydesk.transport.api import Message, TooLarge
from copydesk.transport.kafka.batches import batches, partition_of
from copydesk.transport.kafka.client import BATCH_BYTES, servers

LIMITS = {"small": 500, "large": 2_000_000}
PARTITIONS = {"small": 3, "large": 4}
LZ4 = 3


def builder() -> BatchBuilder:
    return BatchBuilder(BATCH_BYTES, LZ4, is_transactional=1)


messages = st.builds(
    Message,
    topic=st.sampled_from(["small", "large"]),
    key=st.none() | st.binary(max_size=8),
    value=st.none() | st.binary(max_size=300),
    headers=st.lists(st.tuples(st.text(max_size=3), st.binary(max_size=3)), max_size=3).map(tuple),
)


@given(st.lists(messages, max_size=60))
def test_every_message_is_in_one_batch_and_partitions_keep_their_order(
    given: list[Message],
) -> None:
    found = defaultdict(list)
    for topic, partition, batch in batches(given, PARTITIONS, LIMITS, builder):
        data = bytes(batch._build())  # noqa: SLF001 -- as it goes to the broker
        assert len(data) <= LIMITS[topic]
        for record in DefaultRecordBatch(data):
            found[topic, partition].append(
                Message(topic, record.key, record.value, tuple(record.headers))
            )
    expected = defaultdict(list)
    for message in given:
        if message.key is not None:
            home = message.topic, partition_of(message.key, PARTITIONS[message.topic])
            expected[home].append(message)
    keyed = {place: [m for m in some if m.key is not None] for place, some in found.items()}
    assert {place: some for place, some in keyed.items() if some} == expected
    assert sorted(map(repr, given)) == sorted(repr(m) for some in found.values() for m in some)


def test_first_batches_of_all_partitions_come_before_second_ones() -> None:
    given = [Message("large", b"k%d" % key, b"x" * 300_000) for key in range(40)]
    order = [(topic, partition) for topic, partition, _ in batches(given, PARTITIONS, {}, builder)]
    assert len(order) > len(set(order)) == PARTITIONS["large"]
    assert set(order[: PARTITIONS["large"]]) == set(order)


def test_a_message_above_its_topics_limit_is_named() -> None:
    large = Message("small", b"k", b"x" * 501)
    with pytest.raises(TooLarge) as caught:
        batches([Message("large", b"k", b"x" * 501), large], PARTITIONS, LIMITS, builder)
    assert caught.value.message == large


def test_keys_spread_over_the_partitions() -> None:
    homes = [partition_of(b"inbox/file-%d.txt" % number, 4) for number in range(4000)]
    assert all(800 < homes.count(partition) < 1200 for partition in range(4))
    assert {partition_of(None, 4) for _ in range(200)} == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("kafka://one", ("one:9092",)),
        ("kafka://one:1,two.example:2/", ("one:1", "two.example:2")),
        ("kafka://[::1]:9,[fe80::2]", ("[::1]:9", "[fe80::2]:9092")),
    ],
)
def test_an_address_names_brokers(address: str, expected: tuple[str, ...]) -> None:
    assert servers(address) == expected


@pytest.mark.parametrize(
    "address", ["kafka://", "kafka://a:b", "kafka:///a", "kafka://a,,b", "x://a"]
)
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(Unusable, match="kafka://HOST:PORT"):
        servers(address)
