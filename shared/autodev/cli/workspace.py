"""`autodev workspace`: the settings of a tenant."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from autodev.cli.console import DEFAULT_TENANT, DEFAULT_URL, By, Console, ConsoleUrl, Tenant, person
from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.output import Format, Output, print_fields, print_json, say

app = typer.Typer(no_args_is_help=True, help="Settings of the workspace.")


@app.command("show")
def show(tenant: Tenant = DEFAULT_TENANT, console: ConsoleUrl = DEFAULT_URL, output: Output = Format.TABLE) -> None:
    """The workspace's settings, and who changed them last."""
    found: dict[str, Any] = Console(console, tenant).get("settings")
    if output is Format.JSON:
        print_json(found)
        return
    changed = f"{found['changed_by']}, {found['changed_at']}" if found["changed_by"] else "defaults"
    print_fields({**found["settings"], "changed_by": changed})


@app.command("set")
def set_(
    settings: Annotated[list[str], typer.Argument(metavar="KEY=VALUE...", help="Such as enabled=true.")],
    by: By = "",
    tenant: Tenant = DEFAULT_TENANT,
    console: ConsoleUrl = DEFAULT_URL,
    output: Output = Format.TABLE,
) -> None:
    """Change some settings; the others stay."""
    changes = dict(parse_setting(setting) for setting in settings)
    name = person(by)
    event_id = Console(console, tenant).send("PATCH", "settings", body={**changes, "changed_by": name})
    if output is Format.JSON:
        print_json({"event_id": event_id, "settings": changes, "changed_by": name})
    else:
        changed = ", ".join(f"{key}={value}" for key, value in changes.items())
        say(f"{changed} set by {name}, as event {event_id}")


def parse_setting(text: str) -> tuple[str, bool | int]:
    """The key and the value of ``KEY=VALUE``; a value is true, false or a whole number.

    Raises:
        CommandError: it is neither.
    """
    key, separator, value = text.partition("=")
    if separator and key:
        if value.lower() in ("true", "false"):
            return key, value.lower() == "true"
        if value.removeprefix("-").isdecimal():
            return key, int(value)
    raise CommandError(ExitCode.USAGE, f"{text!r} is no setting", "write KEY=true, KEY=false or KEY=NUMBER")
