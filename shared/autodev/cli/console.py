"""The console's HTTP API, as the commands use it."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from autodev.cli.exits import CommandError, ExitCode
from autodev.cli.local_stack import CONSOLE_URL

SECONDS: Final = 10.0

Tenant = Annotated[str, typer.Option("--tenant", envvar="AUTODEV_TENANT", help="The workspace.")]
ConsoleUrl = Annotated[str, typer.Option("--console", envvar=CONSOLE_URL, help="Base URL of the console service.")]
By = Annotated[str, typer.Option("--by", envvar="AUTODEV_USER", help="Who decides; your login name unless given.")]
DEFAULT_TENANT: Final = "default"
DEFAULT_URL: Final = "http://127.0.0.1:8080"

_EXITS: Final[Mapping[int, ExitCode]] = {
    404: ExitCode.NOT_FOUND,
    409: ExitCode.REFUSED,
    422: ExitCode.USAGE,
    503: ExitCode.UNREACHABLE,
}


def person(given: str) -> str:
    """The name that a decision is recorded under."""
    return given or getpass.getuser()


@dataclass(frozen=True)
class Console:
    """One tenant's part of the API.

    Every method raises CommandError: unreachable, or the exit code that the answer's status stands for.
    """

    url: str
    tenant: str

    def get(self, *path: str, **query: object) -> Any:
        """The JSON below ``/v1/tenants/<tenant>/<path>``; None in `query` is left out."""
        return self._ask("GET", path, query={name: value for name, value in query.items() if value is not None})

    def get_bytes(self, *path: str) -> bytes:
        """What is below ``/v1/tenants/<tenant>/<path>``, as it is."""
        return bytes(self._ask("GET", path, read=lambda response: response.content))

    def send(self, method: str, *path: str, body: Mapping[str, Any]) -> str:
        """Send a decision; return the id of the event that it became."""
        return str(self._ask(method, path, body=body)["event_id"])

    def _ask(
        self,
        method: str,
        path: tuple[str, ...],
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        read: Callable[[Any], Any] = lambda response: response.json(),
    ) -> Any:
        import httpx2

        place = "/".join(quote(part, safe="") for part in ("v1", "tenants", self.tenant, *path))
        url = f"{self.url.rstrip('/')}/{place}"
        try:
            response = httpx2.request(method, url, params=query, json=body, timeout=SECONDS)
            if response.is_success:
                return read(response)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise CommandError(
                ExitCode.UNREACHABLE,
                f"the console at {self.url} does not answer: {error}",
                "start it ('make up' or 'autodev run console'), or name it with --console or AUTODEV_CONSOLE_URL",
            ) from None
        raise _refusal(response.status_code, _problem(response))


def _problem(response: Any) -> Mapping[str, Any]:
    try:
        problem = response.json()
    except ValueError:
        problem = None
    return problem if isinstance(problem, dict) else {"detail": f"HTTP {response.status_code}"}


def _refusal(status: int, problem: Mapping[str, Any]) -> CommandError:
    where = f"{problem['field']}: " if problem.get("field") else ""
    return CommandError(_EXITS.get(status, ExitCode.FAILED), f"{where}{problem.get('detail', '')}")
