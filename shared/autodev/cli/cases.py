"""`autodev cases`: what fails, and where its repair stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from autodev.cli.console import DEFAULT_TENANT, DEFAULT_URL, Console, ConsoleUrl, Tenant
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.output import Format, Output, print_fields, print_json, print_rows, say
from autodev.cli.story import print_story

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
    """One case: its history, and the story of its search with the curve, the ranking and the lineage."""
    case: dict[str, Any] = Console(console, tenant).get("cases", case_id)
    if output is Format.JSON:
        print_json(case)
        return
    print_fields({name: value for name, value in case.items() if not isinstance(value, list | dict)})
    if case["canary"]:
        print_rows(output, [case["canary"]], _CANARY, empty="", title="canary")
    print_rows(output, case["history"], _STEP, empty="no history", title="history")
    if case.get("story"):
        print_story(case["story"])
    else:
        print_rows(output, case["candidates"], _CANDIDATE, empty="no candidates", title="candidates")
    print_rows(output, case["windows"], _WINDOW, empty="no closed windows", title="failures")


@app.command("report")
def report(
    case_id: str,
    out: Annotated[Path, typer.Option(help="Where to write it: FILE.html, or FILE.png.")],
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
) -> None:
    """One case as a page that needs nothing else, or as a picture of its curve and its lineage."""
    if out.suffix not in (".html", ".png"):
        raise CommandError(ExitCode.USAGE, f"{out} is neither .html nor .png", "name a file that ends so")
    api = Console(console, tenant)
    written = api.get_bytes("cases", case_id, "report") if out.suffix == ".html" else _picture(api, case_id)
    try:
        out.write_bytes(written)
    except OSError as error:
        raise CommandError(ExitCode.FAILED, f"{out} cannot be written: {error.strerror}") from None
    say(f"wrote {out}")


def _picture(api: Console, case_id: str) -> bytes:
    from autodev.cli.case_picture import picture

    case: dict[str, Any] = api.get("cases", case_id)
    if not case.get("story"):
        raise CommandError(ExitCode.REFUSED, f"nothing was searched for case {case_id} yet", "look again later")
    return picture(case, case["story"])
