"""`copydesk topics`: what differs from how topics should be, and who must be allowed what."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import orjson

from copydesk.commands.inbox import asked
from copydesk.commands.log import security_of, topics_of
from copydesk.errors import Unusable
from copydesk.rights import as_arguments, rights
from copydesk.settings import Settings
from copydesk.telemetry.harmless import harmless
from copydesk.topics import Topics
from copydesk.transport.api import Difference
from copydesk.transport.kafka import open_log


def topics(settings: Settings, *, apply: bool, as_json: bool) -> int:
    """Print what differs, with `apply` what differs still; 1 where anything does.

    Raises Unusable where the brokers cannot be asked, or do not let us.
    """
    if not settings.transport.startswith("kafka:"):
        raise Unusable(
            "a SQLite log makes its topics by itself; name a Kafka with --transport"
            " kafka://HOST:PORT"
        )
    names = topics_of(settings)
    found = asked(_differences(settings, names, apply=apply))
    if as_json:
        data = [difference._asdict() for difference in found]
        sys.stdout.write(orjson.dumps(data).decode() + "\n")
    else:
        sys.stdout.writelines(f"{harmless(line)}\n" for line in _lines(found, len(names)))
    return int(bool(found))


def acl(settings: Settings, *, as_json: bool) -> int:
    """Print the rights that each role needs: as kafka-acls takes them, or as JSON."""
    found = rights(settings.prefix, topics_of(settings))
    if as_json:
        data = [right._asdict() for right in found]
        sys.stdout.write(orjson.dumps(data).decode() + "\n")
    else:
        sys.stdout.writelines(f"{as_arguments(right)}\n" for right in found)
    return 0


async def _differences(settings: Settings, names: Topics, *, apply: bool) -> Sequence[Difference]:
    async with open_log(
        settings.transport, names, prefix=settings.prefix, security=security_of(settings)
    ) as log:
        return await (log.apply(names) if apply else log.differences(names))


def _lines(found: Sequence[Difference], count: int) -> list[str]:
    if not found:
        return [f"All {count} topics are as they should be."]
    return [_line(difference) for difference in found]


def _line(difference: Difference) -> str:
    topic, what, wanted, is_so = difference
    if what == "topic":
        return f"{topic}  is missing"
    return f"{topic}  {what} is {is_so or 'not set'}, should be {wanted}"
