"""`autodev skills`: what agents load, and how to take it back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from autodev.cli.console import DEFAULT_TENANT, DEFAULT_URL, By, Console, ConsoleUrl, Tenant, person
from autodev.cli.output import Format, Output, print_code, print_json, print_rows, say

app = typer.Typer(no_args_is_help=True, help="Skills: what agents load, and how to take it back.")

Reason = Annotated[str, typer.Option(help="Recorded with the decision.")]
_LISTED = ("skill", "version", "approved_by", "promoted_at", "versions")
_VERSION = ("version", "current", "approved_by", "promoted_at", "candidate_id", "code_hash")
_WITHDRAWAL = ("at", "requested_by", "reason", "candidate_id", "code_hash", "restored")


@app.command("list")
def list_skills(
    limit: int = 50,
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """Skills that were ever promoted; without a version, agents run the original."""
    found = Console(console, tenant).get("skills", limit=limit)
    if output is Format.TABLE:
        found = [{**(skill["current"] or {}), **skill} for skill in found]
    print_rows(output, found, _LISTED, empty="no promoted skills")


@app.command("show")
def show(
    skill: str,
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """One skill: its versions, its withdrawals, and the code that agents load."""
    found: dict[str, Any] = Console(console, tenant).get("skills", skill)
    if output is Format.JSON:
        print_json(found)
        return
    current = found["current"]
    loaded = current["version"] if current else None
    versions = [{**each, "current": "*" if each["version"] == loaded else ""} for each in found["versions"]]
    print_rows(output, versions, _VERSION, empty="no versions", title=f"{skill}: versions")
    if found["withdrawals"]:
        print_rows(output, found["withdrawals"], _WITHDRAWAL, empty="", title="withdrawals")
    if current:
        say("")
        print_code(current["code"], "python")
    else:
        say("agents run the original")


@app.command("withdraw")
def withdraw(
    skill: str,
    by: By = "",
    reason: Reason = "",
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """Take the current version from all agents; they go back to the original."""
    _take_back("withdraw", "withdrawal", skill, by, reason, Console(console, tenant), output)


@app.command("rollback")
def roll_back(
    skill: str,
    by: By = "",
    reason: Reason = "",
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """Take the current version from all agents; they go back to the version before, or to the original."""
    _take_back("rollback", "rollback", skill, by, reason, Console(console, tenant), output)


def _take_back(verb: str, what: str, skill: str, by: str, reason: str, console: Console, output: Format) -> None:
    body = {"requested_by": person(by), "reason": reason}
    event_id = console.send("POST", "skills", skill, verb, body=body)
    if output is Format.JSON:
        print_json({"event_id": event_id, "skill": skill, **body})
    else:
        say(f"{what} of {skill} asked for by {body['requested_by']}, as event {event_id}")
