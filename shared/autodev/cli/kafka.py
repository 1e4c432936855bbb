"""The broker, as commands reach it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from autodev.cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from autodev.service.settings import KafkaSettings

T = TypeVar("T")


def talk(to: KafkaSettings, work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end.

    Raises:
        CommandError: the broker is away or refuses.
    """
    from aiokafka.errors import KafkaError

    try:
        return asyncio.run(work)
    except BrokenPipeError:  # whoever read our output has gone
        raise
    except (KafkaError, OSError) as error:
        raise CommandError(
            ExitCode.UNREACHABLE,
            f"Kafka at {to.bootstrap_servers} is not usable: {error}",
            "start it ('make up'), make its topics ('autodev topics apply'),"
            " or name it with AUTODEV_KAFKA__BOOTSTRAP_SERVERS",
        ) from None
