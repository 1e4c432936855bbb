"""`autodev topics`: the broker's topics, made from the catalogue and from nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

import typer

from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.output import Format, Output, print_rows

if TYPE_CHECKING:
    from autodev.service.settings import KafkaSettings
    from autodev.stream.kafka.topics import TopicReport

app = typer.Typer(no_args_is_help=True, help="Kafka topics of this installation.")

_COLUMNS = ("topic", "state", "partitions", "cleanup", "retention_days", "key")


@app.command("apply")
def apply(output: Output = Format.TABLE) -> None:
    """Create the topics that the broker does not have yet; the others stay as they are."""
    from autodev.events.catalogue import TOPICS
    from autodev.stream.kafka.topics import apply_topics

    kafka = _settings()
    applying = apply_topics(kafka.connection("topics"), TOPICS, replication=kafka.replication_factor)
    _print(output, _reports(applying, kafka))


@app.command("list")
def list_(output: Output = Format.TABLE) -> None:
    """All topics of the catalogue, and whether the broker has them."""
    from autodev.events.catalogue import TOPICS
    from autodev.stream.kafka.topics import check_topics

    kafka = _settings()
    _print(output, _reports(check_topics(kafka.connection("topics"), TOPICS), kafka))


def _settings() -> KafkaSettings:
    from autodev.service.settings import ServiceSettings

    return ServiceSettings().kafka


def _reports(asking: Coroutine[Any, Any, list[TopicReport]], kafka: KafkaSettings) -> Sequence[TopicReport]:
    from aiokafka.errors import KafkaError

    try:
        return asyncio.run(asking)
    except (KafkaError, OSError) as error:
        raise CommandError(
            ExitCode.UNREACHABLE,
            f"Kafka at {kafka.bootstrap_servers} is not usable: {error}",
            "start it ('make up') or set AUTODEV_KAFKA__BOOTSTRAP_SERVERS",
        ) from None


def _print(output: Format, reports: Sequence[TopicReport]) -> None:
    rows = [
        {
            "topic": report.topic.name,
            "state": report.state.value,
            "partitions": report.topic.partitions,
            "cleanup": report.topic.cleanup.value,
            "retention_days": report.topic.retention.days,
            "key": report.topic.key,
        }
        for report in reports
    ]
    print_rows(output, rows, _COLUMNS, empty="no topics")
