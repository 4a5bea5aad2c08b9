"""What groups and transactions are called on Kafka, where rights are given by name."""

from __future__ import annotations


def group_id(prefix: str, topic: str, group: str) -> str:
    """One for each topic: members that read other topics would only be waited for."""
    return f"{prefix}.{group}.{topic.removeprefix(prefix + '.')}"


def publisher_id(prefix: str, name: str) -> str:
    """The transactional id of a publisher."""
    return f"{prefix}.{name}"


def partition_id(group: str, partition: int) -> str:
    """The transactional id of whoever has this partition in the group with the id `group`."""
    return f"{group}.{partition}"
