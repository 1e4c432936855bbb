"""Every error as `application/problem+json` (RFC 9457): what is wrong, where, and what to do next."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from services.console.commands import KeyReusedError
from services.console.domain.review import RefusedError

log = structlog.get_logger(__name__)


class Problem(BaseModel):
    """Body of every response that is no success."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    field: str | None = None
    """Of a bad input: where it is, such as ``body.reviewer``."""


class NotFoundError(Exception):
    """The tenant has no such thing."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"this tenant has no {what} {name!r}")


def install_problems(api: FastAPI) -> None:
    """Answer every exception that a route may raise in the one form."""

    @api.exception_handler(NotFoundError)
    async def not_found(_request: Request, error: NotFoundError) -> JSONResponse:
        return _response(HTTPStatus.NOT_FOUND, str(error))

    @api.exception_handler(RefusedError)
    async def refused(_request: Request, error: RefusedError) -> JSONResponse:
        return _response(HTTPStatus.CONFLICT, str(error))

    @api.exception_handler(KeyReusedError)
    async def key_reused(_request: Request, _error: KeyReusedError) -> JSONResponse:
        detail = "this Idempotency-Key came with another request before: use a new key for a new request"
        return _response(HTTPStatus.UNPROCESSABLE_ENTITY, detail, field="header.Idempotency-Key")

    @api.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]  # without the input, which may be secret
        where = ".".join(str(part) for part in first["loc"])
        return _response(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}: {first['msg']}", field=where)

    @api.exception_handler(HTTPException)
    async def other(_request: Request, error: HTTPException) -> JSONResponse:
        return _response(HTTPStatus(error.status_code), str(error.detail))

    @api.exception_handler(SQLAlchemyError)
    @api.exception_handler(OSError)
    async def unavailable(_request: Request, error: Exception) -> JSONResponse:
        log.warning("database_trouble", exc_info=error)
        detail = "the console's database does not answer: see /readyz?verbose, then try again"
        return _response(HTTPStatus.SERVICE_UNAVAILABLE, detail)


PROBLEMS: dict[int | str, dict[str, object]] = {
    status.value: {"model": Problem, "content": {"application/problem+json": {}}, "description": status.phrase}
    for status in (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
}
"""What the routes' OpenAPI says of errors."""


def _response(status: HTTPStatus, detail: str, field: str | None = None) -> JSONResponse:
    problem = Problem(title=status.phrase, status=status, detail=detail, field=field)
    return JSONResponse(problem.model_dump(exclude_none=True), status, media_type="application/problem+json")
