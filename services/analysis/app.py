"""Wiring of the analysis service. Its group member is Faust's; all else is as in the other services."""

from __future__ import annotations

import logging
from functools import partial

from autodev.events.catalogue import FAILURE_BATCHED
from autodev.service.context import Context
from autodev.service.member import Member
from autodev.service.process import Service, run_service
from autodev.stream.logs import KnownLogs
from services.analysis.consumer.holes import readable
from services.analysis.consumer.member import FaustMember
from services.analysis.consumer.offsets import OffsetAlignment
from services.analysis.consumer.partition import PartitionReader
from services.analysis.consumer.patrol import Patrol
from services.analysis.settings import AnalysisSettings

TOPIC = FAILURE_BATCHED.name


def main() -> None:
    """Run until told to stop; exit code 1 if something failed that only a restart helps."""
    settings = AnalysisSettings()

    async def join(context: Context) -> Member:
        for chatty in ("faust", "mode"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        connection = settings.kafka.connection(context.name)
        windowing = settings.analysis.windowing()
        limits = settings.dead_letters.limits()
        skip_lost = settings.analysis.skip_lost_records
        known = KnownLogs()
        await OffsetAlignment(connection, context.ledger, context.name, TOPIC, known, skip_lost).align()
        member = FaustMember(
            connection,
            context.name,
            TOPIC,
            reader=lambda partition: PartitionReader(
                partition,
                context.name,
                context.ledger,
                windowing,
                limits,
                known,
                partial(readable, connection),
            ),
            known=known,
            on_failure=context.stop,
        )
        await member.start()
        context.background(member.watch.run())
        context.background(Patrol(member, context.publisher, context.name).run())
        return member

    run_service(Service(name="analysis", join=join), settings)
