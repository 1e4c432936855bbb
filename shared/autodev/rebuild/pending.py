"""What waits in the outbox, before anything else: it was committed, so it has to go out."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import text

from autodev.rebuild.outputs import Outputs
from autodev.stream.kafka.connection import KafkaConnection
from autodev.stream.kafka.publisher import KafkaPublisher
from autodev.stream.postgres.outbox import from_row
from autodev.stream.postgres.published import marking, waiting

BATCH: Final = 500


async def relay_pending(outputs: Outputs, kafka: KafkaConnection, *, send: bool) -> int:
    """Publish, in order, what waits and is not on its topic; the number of rows that did wait.

    A row that is there was published by a relay that died before it said so, or is of a database restored from a
    backup. Without `send` all of them are counted as published, and none is.

    Raises:
        KafkaError, OSError: the broker is away.
    """
    publisher = KafkaPublisher(kafka)
    relayed = 0
    try:
        while rows := await _pending(outputs, relayed if not send else 0):
            records = [from_row(row) for row in rows]
            identified = [record for record in records if "ce_id" in dict(record.headers)]
            unpublished = await outputs.unpublished(identified)
            if send:
                known = {id(record) for record in identified} - {id(record) for record in unpublished}
                await publisher.publish([record for record in records if id(record) not in known])
                await outputs.connection.execute(
                    text(marking(outputs.recipe.service, ":rows")), {"rows": [row["seq"] for row in rows]}
                )
            await outputs.add(unpublished)
            relayed += len(rows)
    finally:
        await publisher.stop()
    return relayed


async def _pending(outputs: Outputs, skipped: int) -> list[Any]:
    found = await outputs.connection.execute(
        text(
            f"SELECT * FROM {waiting(outputs.recipe.service, skipped + BATCH)}"  # noqa: S608 - the name is from code
            " ORDER BY seq OFFSET :skipped"
        ),
        {"skipped": skipped},
    )
    return list(found.mappings())
