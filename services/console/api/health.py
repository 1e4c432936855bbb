"""Whether the other services are ready, as they say themselves."""

from __future__ import annotations

import asyncio
from typing import Annotated

import httpx2
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, ValidationError

router = APIRouter(prefix="/v1/health", tags=["health"])
SECONDS = 2.0


class ServiceHealth(BaseModel):
    ready: bool
    checks: dict[str, str] = Field(default_factory=dict)
    """Each check's answer; "ok" where all is well."""


class Health(BaseModel):
    ready: bool
    """All configured services are."""
    services: dict[str, ServiceHealth]


def service_urls(request: Request) -> dict[str, str]:
    urls = request.app.state.services
    assert isinstance(urls, dict)
    return urls


@router.get("")
async def health(urls: Annotated[dict[str, str], Depends(service_urls)]) -> Health:
    """Ask every service whose URL is configured (``AUTODEV_SERVICES__<NAME>``)."""
    async with httpx2.AsyncClient(timeout=SECONDS) as client:
        answers = await asyncio.gather(*(_ask(client, url) for url in urls.values()))
    services = dict(zip(urls, answers, strict=True))
    return Health(ready=all(service.ready for service in answers), services=services)


async def _ask(client: httpx2.AsyncClient, url: str) -> ServiceHealth:
    try:
        response = await client.get(f"{url.rstrip('/')}/readyz", params={"verbose": ""})
        return ServiceHealth.model_validate_json(response.content)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return ServiceHealth(ready=False, checks={"http": f"{type(error).__name__}: {error}"})
    except ValidationError:
        return ServiceHealth(ready=False, checks={"http": f"{url} does not answer as a service of ours"})
