"""Which log of each topic is read. A topic that was deleted and made anew has another log under the same name."""

from __future__ import annotations

from autodev.stream.ports import LogId, Partition


class OtherLogError(RuntimeError):
    """The log at the broker is not the one that was read. Reading on would pass records over as already handled."""


class PositionBeyondLogError(OtherLogError):
    """The log ends before the position."""


class ReplacedLogError(OtherLogError):
    """The topic has another id than when the position was written."""


class KnownLogs:
    """The logs that one process has met so far."""

    def __init__(self) -> None:
        self._ids: dict[str, LogId] = {}

    def of(self, topic: str) -> LogId | None:
        return self._ids.get(topic)

    def meet(self, group: str, topic: str, log: LogId) -> None:
        """Note that `topic` is `log` now.

        Raises:
            ReplacedLogError: it was another one before.
        """
        require_same(group, topic, self._ids.setdefault(topic, log), log)


def require_same(group: str, topic: str, known: LogId | None, found: LogId) -> None:
    """Pass if `found`, the log of `topic` now, can be the one that was read; None is known of positions from before.

    Raises:
        ReplacedLogError: it can't.
    """
    if known is not None and known != found:
        raise ReplacedLogError(
            f"group {group!r} has handled topic {topic!r} with the id {known}, but the broker's has the id {found}:"
            f" the topic was deleted and made anew, or the broker is not the one that belongs to this database."
            f" {remedy(group, topic)}"
        )


def require_known(group: str, partition: Partition, position: int | None, end: int) -> None:
    """Pass if a log that ends at `end`, asked for after `position` was read, can be the one that `position` is in.

    Raises:
        PositionBeyondLogError: it can't.
    """
    if position is not None and position > end:
        raise PositionBeyondLogError(
            f"group {group!r} has handled {partition} up to offset {position}, but its log ends at {end}: the topic was"
            " made anew, or the broker is not the one that belongs to this database."
            f" {remedy(group, partition.topic)}"
        )


def remedy(group: str, topic: str) -> str:
    return (
        f"Connect to the broker that does; or, if the old log is gone for good, delete the rows of topic {topic!r} from"
        f" table {group}.position, so that the log is read from its beginning."
    )
