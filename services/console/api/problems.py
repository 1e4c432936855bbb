"""What the console's own errors become: problem+json, as everywhere (`autodev.service.problems`)."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from autodev.service.problems import Problem, answer_with_problems
from services.console.commands import KeyReusedError
from services.console.domain.review import RefusedError

log = structlog.get_logger(__name__)


class ProblemBody(BaseModel):
    """Body of every response that is no success."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    """Of a bad input: where it is, such as ``body.reviewer``."""


PROBLEMS: dict[int | str, dict[str, object]] = {
    status.value: {"model": ProblemBody, "description": status.phrase}
    for status in (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
}
"""What the routes' OpenAPI says of errors."""


def not_found(what: str, name: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, "Not found", f"this tenant has no {what} {name!r}")


def install_problems(api: FastAPI) -> None:
    """Answer every exception that a route may raise in the one form."""
    answer_with_problems(api)

    @api.exception_handler(RefusedError)
    async def refused(_request: Request, error: RefusedError) -> Response:
        return Problem(HTTPStatus.CONFLICT, "Refused", str(error)).response()

    @api.exception_handler(KeyReusedError)
    async def key_reused(_request: Request, _error: KeyReusedError) -> Response:
        detail = "this key came with another request before: use a new key for a new request"
        field = "header.Idempotency-Key"
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid request", detail, field=field).response()

    @api.exception_handler(SQLAlchemyError)
    @api.exception_handler(OSError)
    async def unavailable(_request: Request, error: Exception) -> Response:
        log.warning("database_trouble", reason=f"{type(error).__name__}: {error}")
        detail = "the console's database does not answer: see /readyz?verbose, then try again"
        return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "Database away", detail, headers={"Retry-After": "1"}).response()
