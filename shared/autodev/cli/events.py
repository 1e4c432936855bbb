"""`autodev events`: report one by hand, and watch all of them go by."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from autodev.cli.configuration import server_settings
from autodev.cli.console import DEFAULT_TENANT, Tenant
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.kafka import talk
from autodev.cli.output import Format, Output, cell, print_json, say, stdout

if TYPE_CHECKING:
    from autodev.events.models.base import EventData
    from autodev.events.record import Record

app = typer.Typer(no_args_is_help=True, help="Report events by hand, and watch all of them go by.")

SOURCE: Final = "/cli/events"


@app.command("send")
def send(
    file: Annotated[
        Path | None, typer.Argument(help="JSON of agents' events: one, an array, or one a line; - is standard input.")
    ] = None,
    agent: Annotated[str, typer.Option(help="Without FILE: the agent whose task failed.")] = "",
    description: Annotated[str, typer.Option(help="Without FILE: the task.")] = "",
    error: Annotated[str, typer.Option(help="Without FILE: the error or its traceback.")] = "",
    tenant: Tenant = DEFAULT_TENANT,
    output: Output = Format.TABLE,
) -> None:
    """Report events: those of a file, or one failed task."""
    from autodev.events.binary import to_record
    from autodev.events.envelope import new_event
    from autodev.stream.kafka.publisher import KafkaPublisher

    reported = _from_file(file) if file else [_failed_task(tenant, agent, description, error)]
    events = [new_event(data, source=SOURCE) for data in reported]
    kafka = server_settings().kafka

    async def publish() -> None:
        publisher = KafkaPublisher(kafka.connection("cli"))
        try:
            await publisher.publish([to_record(event) for event in events])
        finally:
            await publisher.stop()

    talk(kafka, publish())
    if output is Format.JSON:
        print_json([{"event_id": event.id, "type": event.type.name, "key": event.key} for event in events])
    else:
        for event in events:
            say(f"{event.type.name} {event.id}")


@app.command("tail")
def tail(
    topic: Annotated[list[str] | None, typer.Option(help="Only that topic; may be given again.")] = None,
    tenant: Annotated[str, typer.Option(help="Only that workspace's events.")] = "",
    from_start: Annotated[bool, typer.Option("--from-start", help="Begin with what is kept.")] = False,
    until_end: Annotated[bool, typer.Option("--until-end", help="End where the topics end now.")] = False,
    output: Output = Format.TABLE,
) -> None:
    """Events of all services as they happen, until Ctrl-C."""
    from autodev.stream.kafka.log import read

    topics = _topics(topic)
    kafka = server_settings().kafka

    async def watch() -> None:
        reading = read(kafka.connection("cli"), topics, from_start=from_start, until_end=until_end)
        async with aclosing(reading) as records:
            async for record in records:
                _print(record, tenant, output)

    try:
        talk(kafka, watch())
    except KeyboardInterrupt:
        raise typer.Exit(ExitCode.OK) from None


def _from_file(file: Path) -> Sequence[EventData]:
    from autodev.cli.reported import parse_events

    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise CommandError(ExitCode.USAGE, f"can't read {file}: {error.strerror}") from None
    return parse_events(content)


def _failed_task(tenant: str, agent: str, description: str, error: str) -> EventData:
    from autodev.cli.reported import failed_task

    if not agent:
        raise CommandError(ExitCode.USAGE, "nothing to send", "name a FILE, or an --agent whose task failed")
    return failed_task(tenant, agent, description, error)


def _topics(wanted: Sequence[str] | None) -> Sequence[str]:
    from autodev.events.catalogue import EVENT_TYPES, INPUT_HANDLED

    known = list(dict.fromkeys(entry.topic.name for entry in EVENT_TYPES.values()))
    if unknown := [name for name in wanted or () if name not in known]:
        raise CommandError(ExitCode.USAGE, f"there is no topic {unknown[0]!r}", "see 'autodev topics list'")
    # The services' own journal has an entry for every transaction: shown to whoever asks for it.
    return wanted or [name for name in known if name != INPUT_HANDLED.name]


def _print(record: Record, tenant: str, output: Format) -> None:
    from autodev.cli.event_line import headline, summary, tenants
    from autodev.events.binary import InvalidRecordError, from_record

    try:
        event = from_record(record)
    except InvalidRecordError as error:
        if not tenant:
            say(f"{record.topic}[{record.partition}]@{record.offset} is no event of ours: {error}")
        return
    if tenant and tenant not in tenants(event):
        return
    if output is Format.TABLE:
        line = cell(f"{event.time:%H:%M:%S.%f}"[:-3], "dim") + " " + cell(f"{headline(event):<22}", "bold")
        stdout().print(line + " " + cell(" ".join(summary(event).split())), soft_wrap=True)
        return
    import orjson

    fields = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "type": event.type.name,
        "id": event.id,
        "source": event.source,
        "time": event.time,
        "key": event.key,
        "correlation_id": event.correlation_id,
        "causation_id": event.causation_id,
        "data": event.data.model_dump(mode="json") if event.data else None,
    }
    sys.stdout.write(orjson.dumps(fields).decode() + "\n")
    sys.stdout.flush()
