"""`autodev topics`: the broker's topics, made from the catalogue and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from autodev.cli.configuration import server_settings
from autodev.cli.kafka import talk
from autodev.cli.output import Format, Output, print_rows

if TYPE_CHECKING:
    from autodev.stream.kafka.topics import TopicReport

app = typer.Typer(no_args_is_help=True, help="Kafka topics of this installation.")

_COLUMNS = ("topic", "state", "partitions", "cleanup", "retention_days", "key")


@app.command("apply")
def apply(output: Output = Format.TABLE) -> None:
    """Create the topics that the broker does not have yet; the others stay as they are."""
    from autodev.events.catalogue import TOPICS
    from autodev.stream.kafka.topics import apply_topics

    kafka = server_settings().kafka
    reports = talk(kafka, apply_topics(kafka.connection("topics"), TOPICS, replication=kafka.replication_factor))
    _print(output, reports)


@app.command("list")
def list_topics(output: Output = Format.TABLE) -> None:
    """All topics of the catalogue, and whether the broker has them."""
    from autodev.events.catalogue import TOPICS
    from autodev.stream.kafka.topics import check_topics

    kafka = server_settings().kafka
    _print(output, talk(kafka, check_topics(kafka.connection("topics"), TOPICS)))


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
