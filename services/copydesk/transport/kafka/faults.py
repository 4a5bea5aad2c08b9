"""aiokafka's errors as the API's: the one place that knows both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aiokafka import errors

from copydesk.transport.api import TransportError

_FENCED: Final = (errors.ProducerFenced, errors.InvalidProducerEpoch)
_DENIED: Final = (
    errors.TopicAuthorizationFailedError,
    errors.GroupAuthorizationFailedError,
    errors.ClusterAuthorizationFailedError,
    errors.TransactionalIdAuthorizationFailed,
)
_AWAY: Final = (
    errors.KafkaConnectionError,
    errors.NodeNotReadyError,
    errors.RequestTimedOutError,
    errors.KafkaTimeoutError,
    TimeoutError,
    OSError,
    AssertionError,  # aiokafka asserts that there are brokers; one that just starts knows of none
)


class Away(TransportError):
    """No broker answers, or none lets us in."""


class Fenced(TransportError):
    """Another producer has our transactional id now, or the broker aborted us for taking too long.

    Whatever was in the transaction is not published.
    """


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise the API's errors in the place of aiokafka's. `what` was being done, in a few words."""
    try:
        yield
    except _FENCED as error:
        raise Fenced(f"{what}: another took our place, or it took too long") from error
    except _DENIED as error:
        raise TransportError(f"{what}: the brokers do not allow it: {error}") from error
    except _AWAY as error:
        raise Away(f"{what}: no answer from the brokers ({_words(error)})") from error
    except errors.MessageSizeTooLargeError as error:
        raise TransportError(
            f"{what}: a topic takes less than it should; `copydesk topics` says which"
        ) from error
    except (errors.KafkaError, errors.IllegalOperation, errors.ConsumerStoppedError) as error:
        raise TransportError(f"{what}: {_words(error)}") from error


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
