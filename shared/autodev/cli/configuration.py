"""Settings of servers, from the environment or of the local stack, with errors that name the variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from autodev.cli.exits import CommandError, ExitCode

if TYPE_CHECKING:
    from autodev.service.settings import ServiceSettings

T = TypeVar("T")


def server_settings() -> ServiceSettings:
    """Where Kafka and PostgreSQL are.

    Raises:
        CommandError: a variable holds what it can't.
    """
    from autodev.service.settings import ServiceSettings

    return configured(ServiceSettings)


def configured(start: Callable[[], T]) -> T:
    """What `start` returns, which reads settings.

    Raises:
        CommandError: a variable holds what it can't.
    """
    from pydantic import ValidationError

    try:
        return start()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]  # the input may be secret
        variable = "AUTODEV_" + "__".join(str(part).upper() for part in first["loc"])
        raise CommandError(ExitCode.USAGE, f"{variable}: {first['msg']}") from None
