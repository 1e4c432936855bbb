"""`autodev agents`: how far each agent is trusted."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from autodev.cli.console import DEFAULT_TENANT, DEFAULT_URL, By, Console, ConsoleUrl, Tenant, person
from autodev.cli.output import Format, Output, print_json, print_rows, say

app = typer.Typer(no_args_is_help=True, help="Agents, and how far each is trusted.")

_LISTED = ("agent", "capability", "maturity", "granted_by", "at", "reason")


@app.command("list")
def list_agents(
    limit: int = 50,
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """Agents whose maturity was ever set; all others are students."""
    found = Console(console, tenant).get("agents", limit=limit)
    if output is Format.JSON:
        print_json(found)
        return
    print_rows(output, _grants(found), _LISTED, empty="no agent has a grant: all are students")


@app.command("grant")
def grant(
    agent: str,
    maturity: Annotated[str, typer.Argument(help="student, intern, supervised or autonomous")],
    capability: Annotated[
        str, typer.Option(help="memento_skills, alpha_evolver or background_evolution")
    ] = "memento_skills",
    by: By = "",
    reason: Annotated[str, typer.Option(help="Recorded with the grant.")] = "",
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """Set an agent's maturity in one capability."""
    body = {"capability": capability, "maturity": maturity, "granted_by": person(by), "reason": reason}
    event_id = Console(console, tenant).send("PUT", "agents", agent, "maturity", body=body)
    if output is Format.JSON:
        print_json({"event_id": event_id, "agent": agent, **body})
    else:
        say(f"{agent} is now {maturity.lower()} in {capability}, says {body['granted_by']}, as event {event_id}")


def _grants(agents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"agent": agent["agent_id"], "capability": capability, **grant_}
        for agent in agents
        for capability, grant_ in agent["maturity"].items()
    ]
