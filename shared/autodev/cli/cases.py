"""`autodev cases`: what fails, and where its repair stands."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from autodev.cli.console import DEFAULT_TENANT, DEFAULT_URL, Console, ConsoleUrl, Tenant
from autodev.cli.output import Format, Output, print_fields, print_json, print_rows

app = typer.Typer(no_args_is_help=True, help="Cases: what fails, and where its repair stands.")

_LISTED = ("case_id", "state", "error_type", "skill", "agent_id", "candidates_tried", "changed_at", "reason")
_STEP = ("changed_at", "round", "previous", "state", "reason")
_CANARY = ("good", "needed", "executions", "recurrences", "before_executions", "before_recurrences")
_CANDIDATE = ("candidate_id", "state", "fitness", "operator", "description", "why")
_WINDOW = ("start", "end", "count", "revision")


@app.command("list")
def list_cases(
    state: Annotated[str | None, typer.Option(help="Only cases in that state.")] = None,
    agent: Annotated[str | None, typer.Option(help="Only cases of that agent.")] = None,
    limit: int = 50,
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """Cases of the workspace, last changed first."""
    found = Console(console, tenant).get("cases", state=state, agent=agent, limit=limit)
    print_rows(output, found, _LISTED, empty="no cases")


@app.command("show")
def show(
    case_id: str,
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """One case with its canary's counts, its history, its candidates and its windows of failures."""
    case: dict[str, Any] = Console(console, tenant).get("cases", case_id)
    if output is Format.JSON:
        print_json(case)
        return
    print_fields({name: value for name, value in case.items() if not isinstance(value, list | dict)})
    if case["canary"]:
        print_rows(output, [case["canary"]], _CANARY, empty="", title="canary")
    print_rows(output, case["history"], _STEP, empty="no history", title="history")
    print_rows(output, case["candidates"], _CANDIDATE, empty="no candidates", title="candidates")
    print_rows(output, case["windows"], _WINDOW, empty="no closed windows", title="failures")
