"""What others write into our topics is rejected or passed over, and stops nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

from aiokafka import AIOKafkaProducer

from copydesk.topics import topics
from copydesk.transport import open_transport
from tests.e2e.conftest import take_the_examples
from tests.pipeline import files_below

NONSENSE = (None, b"", b"5", b"null", b'{"inbox": "inbox", "path": 5}', b"\xff\xfe")
LARGE = b"x" * (7 << 20)
"""More than the topic of the rejected takes, less than that of the events."""


async def test_foreign_messages_in_every_topic_but_the_ledger_stop_nothing(
    where: dict[str, str], services: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    take_the_examples(services, tmp_path)
    names = topics(where["COPYDESK_PREFIX"])
    producer = AIOKafkaProducer(
        bootstrap_servers=where["COPYDESK_TRANSPORT"].removeprefix("kafka://"),
        max_request_size=8 << 20,
    )
    sent = 0
    async with producer:
        for topic in (names.raw, names.normalized, names.receipts):
            for value in NONSENSE:
                await producer.send_and_wait(topic.name, value, b"nobody's")
                sent += topic != names.receipts
                if value is not None and not topic.compacted:
                    await producer.send_and_wait(topic.name, value)
                    sent += 1
        await producer.send_and_wait(names.normalized.name, LARGE, b"large")
    for path in files_below(tmp_path / "inbox"):
        path.unlink(missing_ok=True)
    take_the_examples(services, tmp_path)
    address = where["COPYDESK_TRANSPORT"]
    async with open_transport(address, names, prefix=where["COPYDESK_PREFIX"]) as log:
        rejected = [
            dict(record.headers)["ce_code"]
            async for records in log.read(names.rejected.name, "first", follow=False)
            for record in records
        ]
    # Receipts that are none of ours are counted alone: there is nothing to reject in them.
    assert rejected.count(b"bad_message") == sent + 1
