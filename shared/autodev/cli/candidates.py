"""`autodev candidates`: read a repair, and say yes or no to it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from autodev.cli.console import DEFAULT_TENANT, DEFAULT_URL, By, Console, ConsoleUrl, Tenant, person
from autodev.cli.output import Format, Output, print_code, print_json, print_rows, say

app = typer.Typer(no_args_is_help=True, help="Candidates: read a repair, and say yes or no to it.")

Comment = Annotated[str, typer.Option(help="Recorded with the decision.")]
_LISTED = ("candidate_id", "state", "fitness", "skill", "operator", "description", "why")


@app.command("list")
def list_candidates(
    case: Annotated[str | None, typer.Option(help="Only candidates of that case.")] = None,
    state: Annotated[str | None, typer.Option(help="Only candidates in that state.")] = None,
    limit: int = 50,
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """Candidates of the workspace, last changed first."""
    found = Console(console, tenant).get("candidates", case_id=case, state=state, limit=limit)
    print_rows(output, found, _LISTED, empty="no candidates")


@app.command("diff")
def diff(
    candidate_id: str,
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """What a candidate changes, and why it is what it is worth."""
    candidate: dict[str, Any] = Console(console, tenant).get("candidates", candidate_id)
    if output is Format.JSON:
        print_json(candidate)
        return
    print_rows(output, [candidate], ("state", "fitness", "operator", "description", "why"), empty="")
    print_code(candidate["diff"], "diff")


@app.command("approve")
def approve(
    candidate_id: str,
    by: By = "",
    comment: Comment = "",
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """Have a candidate promoted that waits for approval, or whose promotion was rolled back."""
    _review("approve", candidate_id, by, comment, Console(console, tenant), output)


@app.command("reject")
def reject(
    candidate_id: str,
    by: By = "",
    comment: Comment = "",
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """Refuse a candidate."""
    _review("reject", candidate_id, by, comment, Console(console, tenant), output)


def _review(verb: str, candidate_id: str, by: str, comment: str, console: Console, output: Format) -> None:
    reviewer = person(by)
    body = {"reviewer": reviewer, "comment": comment}
    event_id = console.send("POST", "candidates", candidate_id, verb, body=body)
    if output is Format.JSON:
        print_json({"event_id": event_id, "candidate_id": candidate_id, "reviewer": reviewer})
    else:
        say(f"{'approved' if verb == 'approve' else 'rejected'} by {reviewer}, as event {event_id}")
