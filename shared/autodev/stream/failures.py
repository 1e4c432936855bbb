"""Why processing failed, and what follows from it.

=============== ======================================= ==========================================================
class           example                                 what happens
=============== ======================================= ==========================================================
invalid         not JSON, unknown type                  dead letter at once; a retry can't help
infrastructure  database or broker away, deadlock       never a dead letter: retried with backoff, the partition
                                                        waits, the service is not ready
handler         any other exception                     the record alone is tried again, then a dead letter
=============== ======================================= ==========================================================
"""

from __future__ import annotations

from enum import StrEnum

from autodev.events.binary import InvalidRecordError


class FailureClass(StrEnum):
    INVALID = "invalid"
    INFRASTRUCTURE = "infrastructure"
    HANDLER = "handler"


class InfrastructureError(RuntimeError):
    """Raised by a handler whose own dependency is away, such as a sandbox engine that can't isolate."""


def classify(error: BaseException) -> FailureClass:
    if isinstance(error, InvalidRecordError):
        return FailureClass.INVALID
    # An SQLAlchemy error wraps the driver's, which may wrap a socket's: any of them decides.
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, (InfrastructureError, OSError, TimeoutError)) or _is_infrastructure(type(seen)):
            return FailureClass.INFRASTRUCTURE
        seen = getattr(seen, "orig", None) or seen.__cause__
    return FailureClass.HANDLER


def _is_infrastructure(kind: type[BaseException]) -> bool:
    names = {f"{base.__module__.partition('.')[0]}.{base.__qualname__}" for base in kind.__mro__}
    return not names.isdisjoint(_INFRASTRUCTURE)


# By name: the SDK classifies too, and must not import a database driver to do so.
_INFRASTRUCTURE = frozenset(
    {
        "aiokafka.KafkaError",
        "asyncpg.PostgresConnectionError",
        "asyncpg.InterfaceError",
        "asyncpg.TransactionRollbackError",  # deadlock, serialization failure
        "asyncpg.OperatorInterventionError",  # shutdown, crash recovery
        "asyncpg.InsufficientResourcesError",  # disk full, too many connections
        "sqlalchemy.TimeoutError",
        "sqlalchemy.InterfaceError",
    }
)
