"""Errors over HTTP, as application/problem+json (RFC 9457), with the field that is wrong."""

from __future__ import annotations

import json
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from autodev.events import place

PROBLEM = "application/problem+json"


class Problem(Exception):  # noqa: N818 - the RFC's own word
    """Raise it anywhere below a route; it becomes the answer."""

    def __init__(
        self, status: int, title: str, detail: str, *, field: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field
        self.headers = headers

    def body(self) -> bytes:
        """ASCII, so that whatever text is told can be told."""
        members = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        if self.field is not None:
            members["field"] = self.field
        return json.dumps(members).encode()

    def response(self) -> Response:
        return Response(self.body(), self.status, self.headers, PROBLEM)


def answer_with_problems(app: Starlette) -> None:
    """Turn every error of `app` into problem+json, also those that nobody thought of.

    A slash too many is one of them: to be sent on would mean to be sent to whatever host the request named.
    """
    app.router.redirect_slashes = False

    async def on_problem(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return error.response()

    async def on_invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        return Problem(422, "Invalid request", place.reason(first), field=place.dotted(first["loc"])).response()

    async def on_http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = dict(error.headers or {})
        return Problem(error.status_code, "Request refused", str(error.detail), headers=headers).response()

    async def on_anything(_request: Request, _error: Exception) -> Response:
        detail = "the request failed here, not through anything that you sent: the service's log says why"
        return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Failed", detail).response()

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_anything)
