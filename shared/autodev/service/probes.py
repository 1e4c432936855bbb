"""`/livez`, `/readyz` and `/metrics`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from autodev.service.connections import BoundedConnection
from autodev.service.readiness import Readiness
from autodev.service.settings import HttpSettings


def probe_routes(readiness: Readiness) -> list[Route]:
    async def livez(_request: Request) -> Response:
        """The process and its loop answer; a broker that is away is no reason to restart us."""
        return PlainTextResponse("ok\n")

    async def readyz(request: Request) -> Response:
        troubles = readiness.troubles()
        ready = not any(troubles.values())
        status = 200 if ready else 503
        if "verbose" in request.query_params or not ready:
            checks = {name: trouble or "ok" for name, trouble in troubles.items()}
            return JSONResponse({"ready": ready, "checks": checks}, status)
        return JSONResponse({"ready": ready}, status)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics)]


class HttpServer:
    """Serves one ASGI application inside a running loop, and leaves signals to the service."""

    def __init__(self, application: ASGIApp, settings: HttpSettings) -> None:
        self._server = _QuietServer(
            uvicorn.Config(
                application,
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                lifespan="off",
                http=BoundedConnection,
                ws="none",
                headers=[("x-content-type-options", "nosniff")],
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken.
        """
        self._task = asyncio.create_task(self._server.serve(), name="http")
        while not self._server.started:
            if self._task.done():
                config = self._server.config
                raise OSError(f"could not listen on {config.host}:{config.port}: is the port taken?")
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._task is not None:
            await self._task


class _QuietServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
