"""A publisher: a transactional id under its own name."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from copydesk.transport.api import Message, Replaced, TransportError
from copydesk.transport.kafka.faults import Fenced
from copydesk.transport.kafka.producer import Producer


class KafkaPublisher:
    """Publishes until a transaction fails or another takes the name."""

    def __init__(self, name: str, producer: Producer) -> None:
        self._name = name
        self._producer = producer
        self._turn = asyncio.Lock()

    async def publish(self, messages: Sequence[Message]) -> None:
        """See `Publisher.publish`.

        Replaced is also what is raised after a transaction that took too long, or a week of
        silence: the brokers say the same. Who has the name now, the log's own records must tell.
        """
        async with self._turn:
            if self._producer.spent:
                # A new producer would fence an instance that took the name since: whoever opens a
                # publisher reads first what has been published.
                raise TransportError(
                    f"the connection broke while {self._name} published; open it again"
                )
            try:
                await self._producer.transact(messages)
            except Fenced as error:
                raise Replaced(
                    f"another instance has the name {self._name} now, or publishing took too long"
                ) from error
