"""The services, as their own readiness probes see them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from autodev.cli.checks.finding import Finding, Health
from autodev.cli.console import DEFAULT_URL
from autodev.cli.local_stack import CONSOLE_URL, INGESTION_URL, SERVICE_URL

SECONDS: Final = 3.0


def service_urls(environ: Mapping[str, str]) -> dict[str, str]:
    """The services whose base URL is known, by name."""
    known = {"console": environ.get(CONSOLE_URL, DEFAULT_URL), "ingestion": environ.get(INGESTION_URL)}
    named = {
        name.removeprefix(SERVICE_URL).lower(): url for name, url in environ.items() if name.startswith(SERVICE_URL)
    }
    return {name: url for name, url in {**known, **named}.items() if url}


async def check_services(names: tuple[str, ...], urls: Mapping[str, str]) -> list[Finding]:
    """One finding for each of `names`, in that order."""
    import httpx2

    async with httpx2.AsyncClient(timeout=SECONDS) as client:
        return list(await asyncio.gather(*(_check(client, name, urls.get(name)) for name in names)))


async def _check(client: Any, name: str, url: str | None) -> Finding:
    import httpx2

    if url is None:
        step = f"set {SERVICE_URL}{name.upper()} to its base URL, or run the local stack ('make up')"
        return Finding(name, Health.UNKNOWN, "nobody said where it is", step)
    try:
        response = await client.get(f"{url.rstrip('/')}/readyz", params={"verbose": ""})
        checks = response.json()["checks"]
        troubles = [f"{check}: {answer}" for check, answer in checks.items() if answer != "ok"]
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return Finding(name, Health.BROKEN, f"{url}: {error}", f"'make up' or 'autodev run {name}'")
    except (ValueError, LookupError, TypeError, AttributeError):
        return Finding(name, Health.BROKEN, f"{url} does not answer as a service of ours", "check the URL")
    if troubles:
        return Finding(name, Health.BROKEN, f"{url}: {'; '.join(troubles)}", "it goes on by itself once that is there")
    return Finding(name, Health.OK, url)
