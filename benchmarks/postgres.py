"""Events → PostgreSQL as the sink does it, beside plain COPY of the same rows on that server."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import asyncpg
import orjson
import uvloop

from benchmarks import corpus
from benchmarks.stages import Figures, Took
from copydesk.loop.run import MAX_RECORDS
from copydesk.loop.stage import Step
from copydesk.parser.step import parse_records
from copydesk.sink.event import event_of
from copydesk.sink.opening import open_store
from copydesk.sink.plan import Body
from copydesk.sink.postgres.rows import REVISION_COLUMNS, Row, revision_of_body
from copydesk.sink.precedence import State
from copydesk.sink.step import stages
from copydesk.topics import topics
from copydesk.transport.api import Message, Record
from copydesk_schemas import headers as names
from copydesk_schemas.messages import LedgerEntry
from copydesk_schemas.times import to_text
from tests.postgres import database
from tests.postgres.server import DURABLE, server

T = TypeVar("T")

TOPICS = topics()
BEGAN = 1_750_000_000_000_000
"""When the first file was read, microseconds since the epoch; the others follow."""


class Load(NamedTuple):
    """What the sink reads of so many files."""

    events: Sequence[Record]
    ledger: Sequence[Record]


def store(home: Path, files: int) -> Figures:
    """Events, ledger entries and receipts to rows: what the sink's stages need of client and time.

    They run side by side, each with batches as large as the loop's, over records in memory. Before
    them, plain COPY of the same rows: in one, and in transactions as large as the batches.
    """
    load = _load(files)
    with server(DURABLE) as address:
        return uvloop.run(_store(address, load))


async def _store(address: str, load: Load) -> Figures:
    rows = [_row(record) for record in load.events]
    gc.freeze()  # all this is ours; a sink has no more than a batch in memory to look through
    async with _fresh(address) as place:
        whole = await _copy(place, rows, len(rows))
    async with _fresh(address) as place:
        batched = await _copy(place, rows, MAX_RECORDS)
    async with _fresh(address) as place:
        stored = await _sink(place, load)
    files = len(rows)
    return (
        stored.figures("store", files)
        | whole.figures("copy", files)
        | batched.figures("batched_copy", files)
        | {
            "store_of_copy": whole.seconds / stored.seconds,
            "store_of_batched_copy": batched.seconds / stored.seconds,
        }
    )


@asynccontextmanager
async def _fresh(address: str) -> AsyncIterator[str]:
    """A storage with nothing in it; before it, the server writes down what it still holds."""
    made = await database.make(address)
    async with open_store(made.address):
        pass
    await made.execute("CHECKPOINT")
    try:
        yield made.address
    finally:
        await database.drop(made, address)


async def _copy(place: str, rows: Sequence[Row], at_once: int) -> Took:
    connection = await asyncpg.connect(place)
    try:
        began, cpu = time.perf_counter(), time.process_time()
        for batch in _batches(rows, at_once):
            await connection.copy_records_to_table(
                "revisions", records=batch, columns=REVISION_COLUMNS
            )
        return Took(time.perf_counter() - began, time.process_time() - cpu)
    finally:
        await connection.close()


async def _sink(place: str, load: Load) -> Took:
    async with open_store(place) as opened:
        events, receipts, ledger = stages(opened, TOPICS)
        published: asyncio.Queue[Sequence[Record]] = asyncio.Queue()

        async def articles() -> None:
            for batch in _batches(load.events, MAX_RECORDS):
                done = await events.step(batch)
                assert done.outcomes == {"stored": len(batch)}
                await published.put([_record(message) for message in done.outputs])

        async def answers() -> None:
            left = len(load.events)
            while left:
                batch = await published.get()
                await receipts.step(batch)
                left -= len(batch)

        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(articles(), answers(), _all(ledger.step, load.ledger))
        return Took(time.perf_counter() - began, time.process_time() - cpu)


async def _all(step: Step, records: Sequence[Record]) -> None:
    for batch in _batches(records, MAX_RECORDS):
        await step(batch)


def _batches(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[begin : begin + size] for begin in range(0, len(items), size)]


@cache
def _load(files: int) -> Load:
    events: list[Record] = []
    ledger: list[Record] = []
    for number in range(files):
        raw, entry = _taken_in(number)
        events += map(_record, parse_records([raw], TOPICS).outputs)
        ledger.append(_record(entry))
    return Load(events, ledger)


def _taken_in(number: int) -> tuple[Record, Message]:
    """What the watcher publishes of a file: the raw message, and the ledger's entry."""
    data = corpus.article(number)
    path = f"{number // 1_000:04}/{number:06}.txt"
    version_id = str(uuid.uuid5(uuid.NAMESPACE_OID, path))
    closed_at, observed_at = to_text(BEGAN + 10 * number), to_text(BEGAN + 10 * number + 5)
    digest = hashlib.sha256(data).hexdigest()
    entry: LedgerEntry = {
        "version_id": version_id,
        "size": len(data),
        "mtime_ns": 1,
        "ctime_ns": 1,
        "inode": number,
        "sha256": digest,
        "observed_at": observed_at,
        "closed_at": closed_at,
        "read_at_ns": 1,
    }
    key = f"inbox/{path}".encode()
    of_raw, of_entry = (
        names.headers(
            kind,
            version_id=version_id,
            inbox="inbox",
            path=path,
            time=observed_at,
            content_type=content_type,
            extensions=extensions,
        )
        for kind, content_type, extensions in (
            (names.RAW, names.BYTES, {names.SHA256: digest, names.CLOSED_AT: closed_at}),
            (names.LEDGER_ENTRY, names.JSON, None),
        )
    )
    raw = Message(TOPICS.raw.name, key, data, of_raw)
    return _record(raw), Message(TOPICS.ledger.name, key, orjson.dumps(entry), of_entry)


def _record(message: Message) -> Record:
    return Record(message.topic, 0, 0, BEGAN / 1e6, message.key, message.value, message.headers)


def _row(record: Record) -> Row:
    event = event_of(record)
    return revision_of_body(Body(event, State(event.order, event.order), current=True))
