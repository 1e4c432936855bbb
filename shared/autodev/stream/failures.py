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

from collections.abc import Iterator
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
    chain = list(_chain(error))
    names = {
        f"{base.__module__.partition('.')[0]}.{base.__qualname__}" for each in chain for base in type(each).__mro__
    }
    if not names.isdisjoint(_HANDLER):
        return FailureClass.HANDLER
    if any(isinstance(each, (InfrastructureError, OSError)) for each in chain) or not names.isdisjoint(_INFRASTRUCTURE):
        return FailureClass.INFRASTRUCTURE
    return FailureClass.HANDLER


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = getattr(seen, "orig", None) or seen.__cause__


# Both by name: the SDK classifies too, and must not import a database driver to do so.

# The driver counts a parameter that it can't encode among its interface errors, but only another record helps.
_HANDLER = frozenset({"asyncpg.DataError"})
_INFRASTRUCTURE = frozenset(
    {
        "aiokafka.KafkaError",
        "asyncpg.PostgresConnectionError",
        "asyncpg.InterfaceError",
        "asyncpg.InternalClientError",  # a connection that the server ended, and the pool gave out once more
        "asyncpg.TransactionRollbackError",  # deadlock, serialization failure
        "asyncpg.OperatorInterventionError",  # shutdown, crash recovery
        "asyncpg.InsufficientResourcesError",  # disk full, too many connections
        "asyncpg.PostgresSystemError",  # its own files can't be read or written
        "asyncpg.ReadOnlySQLTransactionError",  # a standby, before it takes over
        "asyncpg.ObjectNotInPrerequisiteStateError",  # does not take connections yet, or a lock not to be had
        # The schema is migrated, lost or closed to us: no record did that, and none can mend it.
        "asyncpg.UndefinedTableError",
        "asyncpg.UndefinedColumnError",
        "asyncpg.InsufficientPrivilegeError",
        "asyncpg.InvalidSchemaNameError",
        "asyncpg.InvalidCatalogNameError",
        "asyncpg.InvalidAuthorizationSpecificationError",
        "sqlalchemy.TimeoutError",
        "sqlalchemy.InterfaceError",
    }
)
