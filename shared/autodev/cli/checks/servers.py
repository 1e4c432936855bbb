"""The broker with its topics, and the database with its migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autodev.cli.checks.finding import Finding, Health

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from autodev.service.settings import DatabaseSettings, KafkaSettings


async def check_kafka(settings: KafkaSettings) -> list[Finding]:
    from autodev.events.catalogue import TOPICS
    from autodev.stream.kafka.topics import TopicState, check_topics

    try:
        reports = await check_topics(settings.connection("doctor"), TOPICS)
    except Exception as error:  # noqa: BLE001 - whatever the client says goes to the operator
        step = "'make up', or set AUTODEV_KAFKA__BOOTSTRAP_SERVERS"
        return [
            Finding("kafka", Health.BROKEN, f"{settings.bootstrap_servers}: {error}", step),
            Finding("topics", Health.UNKNOWN, "Kafka is not reachable"),
        ]
    missing = [report.topic.name for report in reports if report.state is TopicState.MISSING]
    return [
        Finding("kafka", Health.OK, settings.bootstrap_servers),
        Finding("topics", Health.BROKEN, f"missing: {', '.join(missing)}", "'autodev topics apply'")
        if missing
        else Finding("topics", Health.OK, f"all {len(reports)} there"),
    ]


async def check_database(settings: DatabaseSettings, services: tuple[str, ...]) -> list[Finding]:
    from sqlalchemy.engine import make_url

    from autodev.service.database import create_engine

    try:
        place = make_url(settings.plain_url()).render_as_string(hide_password=True)
        engine = create_engine(settings, "doctor")
        try:
            return [Finding("postgresql", Health.OK, f"{await _version(engine)} at {place}")] + [
                await _check_schema(engine, service) for service in services
            ]
        finally:
            await engine.dispose()
    except Exception as error:  # noqa: BLE001 - whatever the driver says goes to the operator
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        return [
            Finding("postgresql", Health.BROKEN, reason, "'make up', or set AUTODEV_DATABASE__URL"),
            Finding("migrations", Health.UNKNOWN, "PostgreSQL is not usable"),
        ]


async def _version(engine: AsyncEngine) -> str:
    from sqlalchemy import text

    async with engine.connect() as connection:
        return str((await connection.execute(text("SHOW server_version"))).scalar_one())


async def _check_schema(engine: AsyncEngine, service: str) -> Finding:
    from autodev.service.migrations import revision

    part = f"schema {service}"
    try:
        newest, found = revision.newest(service), await revision.current(engine, service)
    except ModuleNotFoundError as error:
        return Finding(part, Health.UNKNOWN, f"not installed here: {error}")
    if found is not None and found >= newest:
        later = "" if found == newest else f", of a later release: this one needs {newest}"
        return Finding(part, Health.OK, f"revision {found}{later}")
    return Finding(part, Health.BROKEN, f"revision {found or 'none'}, the code needs {newest}", "'autodev db upgrade'")
