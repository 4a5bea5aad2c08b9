"""A step over some records, less those that it stumbles over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from copydesk.errors import Refused, Unavailable
from copydesk.loop.stage import Done, Stage, merged
from copydesk.telemetry.occurrences import Telemetry
from copydesk.transport.api import Record, TransportError

ATTEMPTS_ALONE: Final = 2
"""How often the store must refuse a row that stands alone before it is rejected."""


async def stepped(stage: Stage, records: Sequence[Record], telemetry: Telemetry) -> Done:
    """What the step makes of `records`; what it cannot process is given up, one by one."""
    try:
        return await stage.step(records)
    except (TransportError, Unavailable):
        raise
    except Refused as error:
        if len(records) == 1:
            return await _refused(stage, records[0], error)
    except Exception as error:  # noqa: BLE001 -- a bug of ours must cost one record, not the stage
        if len(records) == 1:
            return _stumbled(stage, records[0], error, telemetry)
    half = len(records) // 2
    return merged(
        await stepped(stage, records[:half], telemetry),
        await stepped(stage, records[half:], telemetry),
    )


async def _refused(stage: Stage, record: Record, refusal: Refused) -> Done:
    for _ in range(ATTEMPTS_ALONE - 1):
        try:
            return await stage.step([record])
        except Refused as error:
            refusal = error
    return stage.give_up(record, "refused_by_store", str(refusal))


def _stumbled(stage: Stage, record: Record, error: Exception, telemetry: Telemetry) -> Done:
    version = dict(record.headers).get("ce_id")
    telemetry.record_failed(
        stage.name,
        record.topic,
        record.partition,
        record.offset,
        version.decode("utf-8", "backslashreplace") if version else None,
        error,
    )
    return stage.give_up(record, "internal_error", f"{type(error).__name__} in {stage.name}")
