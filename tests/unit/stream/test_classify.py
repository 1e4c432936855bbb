"""Which failure is of which class."""

from __future__ import annotations

import asyncpg
import pytest
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, UnknownTopicOrPartitionError
from sqlalchemy import exc

from autodev.events.binary import InvalidRecordError
from autodev.stream.failures import FailureClass, InfrastructureError, classify


def wrapped(driver_error: Exception, kind: type[exc.DBAPIError] = exc.DBAPIError) -> exc.DBAPIError:
    """As SQLAlchemy raises it: round the adapter's error, whose cause is the driver's."""
    adapted = Exception(str(driver_error))
    adapted.__cause__ = driver_error
    return kind("SELECT 1", None, adapted)


def caused_by(cause: Exception) -> Exception:
    error = RuntimeError("could not")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        InfrastructureError("no sandbox engine"),
        ConnectionRefusedError("nobody listens"),
        TimeoutError(),
        OSError("no space left on device"),
        KafkaConnectionError("no broker"),
        KafkaTimeoutError(),
        UnknownTopicOrPartitionError(),
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.DeadlockDetectedError("deadlock"),
        asyncpg.SerializationError("try again"),
        asyncpg.AdminShutdownError("bye"),
        asyncpg.TooManyConnectionsError("full"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.ReadOnlySQLTransactionError("a standby"),
        asyncpg.ObjectNotInPrerequisiteStateError("not accepting connections"),
        asyncpg.UndefinedTableError("no such table"),
        asyncpg.UndefinedColumnError("no such column"),
        asyncpg.InsufficientPrivilegeError("not for us"),
        asyncpg.InvalidSchemaNameError("no such schema"),
        asyncpg.InvalidCatalogNameError("no such database"),
        asyncpg.InvalidPasswordError("another password"),
        asyncpg.PostgresIOError("could not read block 0"),
        wrapped(asyncpg.InternalClientError("cannot switch to state 12"), exc.InternalError),
        exc.TimeoutError("the pool is empty"),
        wrapped(asyncpg.CannotConnectNowError("starting up"), exc.OperationalError),
        wrapped(asyncpg.InterfaceError("connection is closed"), exc.InterfaceError),
        wrapped(ConnectionResetError("reset")),
        caused_by(KafkaConnectionError("no broker")),
    ],
    ids=repr,
)
def test_what_is_away_or_busy_is_infrastructure(error: Exception) -> None:
    assert classify(error) is FailureClass.INFRASTRUCTURE


@pytest.mark.parametrize(
    "error",
    [
        ValueError("odd"),
        KeyError("missing"),
        AssertionError(),
        RecursionError(),
        asyncpg.UniqueViolationError("twice"),
        asyncpg.CharacterNotInRepertoireError("a NUL in a text"),
        asyncpg.exceptions._base.DataError("value out of int32 range"),
        wrapped(asyncpg.exceptions._base.DataError("value out of int32 range"), exc.InterfaceError),
        wrapped(asyncpg.NumericValueOutOfRangeError("too large"), exc.DataError),
        wrapped(asyncpg.ForeignKeyViolationError("no parent"), exc.IntegrityError),
        caused_by(ValueError("odd")),
    ],
    ids=repr,
)
def test_what_another_record_might_not_raise_is_the_handlers(error: Exception) -> None:
    assert classify(error) is FailureClass.HANDLER


def test_a_record_that_is_no_event_is_invalid() -> None:
    assert classify(InvalidRecordError("ce_id", "is missing")) is FailureClass.INVALID
