"""What a request may bring: JSON that means one thing, of bounded size, from a bounded number of senders at once."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from autodev.events.plain_json import NotPlainError, require_plain
from autodev.service.problems import Problem

MAX_BODY: Final = 1_048_576
AT_ONCE: Final = 128
"""Requests with a body in work; each may hold `MAX_BODY` bytes."""
BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
JSON_TYPES: Final = frozenset({"application/json", "application/cloudevents+json"})
CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii"})
_PARAMETER: Final = re.compile(r';\s*([^\s;="]+)\s*=\s*("[^"]*"|[^;]*)')
"""Name and value; a semicolon within quotes begins no other."""


class JsonBodies:
    """Hands `app` requests whose whole body is there, and answers all others with the problem."""

    def __init__(self, app: ASGIApp, *, max_body: int = MAX_BODY, at_once: int = AT_ONCE) -> None:
        self._app = app
        self._max_body = max_body
        self._free = at_once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in BODILESS:
            await self._app(scope, receive, send)
            return
        if not self._free:
            detail = "as many requests as this service takes at once are in work: send it again"
            busy = Problem(HTTPStatus.SERVICE_UNAVAILABLE, "Busy", detail, headers={"Retry-After": "1"})
            await busy.response()(scope, receive, send)
            return
        self._free -= 1
        try:
            await self._take(scope, receive, send)
        finally:
            self._free += 1

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self._body(Request(scope, receive))
        except Problem as problem:
            await problem.response()(scope, receive, send)
        except ClientDisconnect:
            return
        else:
            await self._app(scope, _replay(body, receive), send)

    async def _body(self, request: Request) -> bytes:
        _check_encoding(request.headers)
        declared = request.headers.get("content-length", "0")
        if len(declared) > len(str(self._max_body)) or int(declared) > self._max_body:
            raise self._too_large()
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > self._max_body:
                raise self._too_large()
        if body:
            _check_type(request.headers)
            _check_meaning(bytes(body))
        return bytes(body)

    def _too_large(self) -> Problem:
        detail = f"a request takes {self._max_body} bytes: send less with it"
        return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Body too large", detail, field="body")


def _check_encoding(headers: Headers) -> None:
    if headers.get("content-encoding", "identity").lower() != "identity":
        detail = "bodies are taken as they are: send it without content-encoding"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Encoded body", detail, field="content-encoding")


def _check_type(headers: Headers) -> None:
    kind, _, _ = headers.get("content-type", "").partition(";")
    if (
        len(headers.getlist("content-type")) != 1
        or kind.strip().lower() not in JSON_TYPES
        or not _charsets(headers["content-type"]) <= CHARSETS
    ):
        detail = f"is none of {', '.join(sorted(JSON_TYPES))}, once and in UTF-8"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Body of another type", detail, field="content-type")


def _charsets(content_type: str) -> set[str]:
    """All that are named, wherever among the parameters."""
    named = ((name.lower(), value.strip().strip('"').lower()) for name, value in _PARAMETER.findall(content_type))
    return {value for name, value in named if name == "charset"}


def _check_meaning(body: bytes) -> None:
    try:
        require_plain(body)
    except NotPlainError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid request", error.reason, field=error.field) from None


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed
