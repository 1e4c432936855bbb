"""The API as one ASGI application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from autodev.service.bodies import JsonBodies
from services.console.api import agents, candidates, cases, health, settings, skills
from services.console.api.problems import install_problems

MAX_BODY: Final = 65_536
"""A decision with a comment, many times over."""


def create_api(engine: AsyncEngine, services: Mapping[str, str]) -> FastAPI:
    """The API on `engine`; `services` are the base URLs whose health it shows. OpenAPI at ``/openapi.json``."""
    # The interactive pages would load scripts from elsewhere.
    api = FastAPI(title="Auto-Dev console", version="1", docs_url=None, redoc_url=None)
    api.state.engine = engine
    api.state.services = dict(services)
    api.add_middleware(JsonBodies, max_body=MAX_BODY)
    install_problems(api)
    for resource in (cases, candidates, skills, settings, agents, health):
        api.include_router(resource.router)
    return api
