"""`autodev dlq redrive` and `drop`: letters settled one by one, by filter, or all, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from autodev.cli.configuration import server_settings
from autodev.cli.console import By, person
from autodev.cli.dlq_selection import (
    Contains,
    ErrorClass,
    Groups,
    OfTenant,
    Selection,
    Since,
    Topics,
    Until,
    letter_ids,
    pending,
    present,
    selection,
)
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.kafka import talk
from autodev.cli.output import Format, Output, print_json, say

if TYPE_CHECKING:
    from autodev.dead_letters.audit import Action, Decision
    from autodev.dead_letters.letter import LetterId
    from autodev.dead_letters.settling import Order
    from autodev.service.settings import KafkaSettings

Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="As 'autodev dlq list' shows them.")]
All = Annotated[bool, typer.Option("--all", help="All that wait.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Of those that match, at most so many, the oldest.")]
Reason = Annotated[str, typer.Option(help="Kept with the audit.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, however many they are.")]


def settling(action: Literal["redriven", "dropped"]) -> Callable[..., None]:
    """The command that does `action` to the letters it is told of."""

    def command(
        letters: Ids = None,
        all_: All = False,
        groups: Groups = None,
        topics: Topics = None,
        tenant: OfTenant = "",
        error_class: ErrorClass = "",
        contains: Contains = "",
        since: Since = "",
        until: Until = "",
        limit: Limit = None,
        reason: Reason = "",
        by: By = "",
        dry_run: DryRun = False,
        yes: Yes = False,
        output: Output = Format.TABLE,
    ) -> None:
        from autodev.dead_letters.audit import Action

        chosen = selection(groups or (), topics or (), tenant, error_class, contains, since, until)
        wanted = _Wanted(letters or (), chosen, everything=all_, limit=limit)
        _settle(Action(action), wanted, _decision(by, reason), dry_run=dry_run, yes=yes, output=output)

    return command


@dataclass(frozen=True)
class _Wanted:
    ids: Sequence[str]
    selection: Selection
    everything: bool
    limit: int | None


def _decision(by: str, reason: str) -> Decision:
    from pydantic import ValidationError

    from autodev.dead_letters.audit import Decision

    try:
        return Decision(by=person(by), reason=reason)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise CommandError(ExitCode.USAGE, f"--{first['loc'][0]}: {first['msg']}") from None


def _settle(action: Action, wanted: _Wanted, decision: Decision, *, dry_run: bool, yes: bool, output: Format) -> None:
    from autodev.dead_letters.settling import Order, Outcome

    settings = server_settings()
    ids = _find(settings.kafka, wanted)
    if len(ids) > 1 and not (yes or dry_run):
        _confirm(action, len(ids))
    order = Order(action, ids, decision, settings.dead_letters.redrives)
    done = talk(settings.kafka, _carry_out(order, settings.kafka, dry_run=dry_run, output=output)) if ids else []
    counted = Counter(each["outcome"] for each in done)
    if output is Format.JSON:
        print_json(done)
    else:
        summary = ", ".join(f"{counted[outcome]} {outcome}" for outcome in Outcome if counted[outcome])
        say(f"{'dry run: ' if dry_run else ''}{summary or 'no letter that waits matches'}")
    if counted[Outcome.REFUSED]:
        raise typer.Exit(ExitCode.REFUSED)


def _find(kafka: KafkaSettings, wanted: _Wanted) -> frozenset[LetterId]:
    described = wanted.everything or wanted.selection.restricted
    if wanted.ids and described:
        raise CommandError(ExitCode.USAGE, "letters are both named and described", "do one of the two")
    if not wanted.ids and not described:
        raise CommandError(ExitCode.USAGE, "no letters are chosen", "name them by id, describe them, or say --all")
    connection = kafka.connection("cli")
    if wanted.ids:
        return frozenset(letter.id for letter in talk(kafka, present(connection, letter_ids(wanted.ids))))
    return talk(kafka, pending(connection, wanted.selection, wanted.limit))


def _confirm(action: Action, letters: int) -> None:
    from autodev.dead_letters.audit import Action

    verb = "send back" if action is Action.REDRIVEN else "drop"
    try:
        agreed = typer.confirm(f"{verb} {letters} dead letters?", err=True)
    except typer.Abort:
        raise CommandError(ExitCode.USAGE, "nobody confirmed; nothing was done", "add --yes") from None
    if not agreed:
        raise CommandError(ExitCode.FAILED, "not confirmed; nothing was done")


async def _carry_out(order: Order, kafka: KafkaSettings, *, dry_run: bool, output: Format) -> list[dict[str, str]]:
    from autodev.cli.dlq_rows import settled
    from autodev.dead_letters.settling import foresee, settle
    from autodev.stream.kafka.publisher import KafkaPublisher
    from autodev.telemetry.setup import flush_telemetry, set_up_traces

    set_up_traces("cli")
    connection = kafka.connection("cli")
    publisher = KafkaPublisher(connection)
    done: list[dict[str, str]] = []
    try:
        outcomes = foresee(order, connection) if dry_run else settle(order, connection, publisher, _say_waiting)
        async with aclosing(outcomes) as settlements:
            async for each in settlements:
                done.append(settled(each))  # not the letter itself: there may be many
                if output is Format.TABLE:
                    say(f"{each.letter.id} {each.outcome} {each.detail}")
    finally:
        await publisher.stop()
        flush_telemetry()
    return done


def _say_waiting() -> None:
    typer.echo("another command is settling letters: waiting for its end", err=True)
