"""Connections that can't be held for ever: so many at once, and so long for a request to arrive."""

from __future__ import annotations

import asyncio
import sys
from http import HTTPStatus
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from autodev.service.problems import PROBLEM, Problem

MAX_CONNECTIONS: Final = 512
MAX_HEADERS_BYTES: Final = 32_768
ARRIVAL_SECONDS: Final = 20.0
"""From a request's first byte, or from the connection, to its last."""
_UNANSWERED: Final = (h11.IDLE, h11.SEND_RESPONSE)


class BoundedHeads(h11.Connection):
    """h11, whose own bound is for what is incomplete: a head that arrives in a single read would pass, however long."""

    def next_event(self) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        if self.their_state is not h11.IDLE:
            return super().next_event()
        waiting = len(self.trailing_data[0])
        event = super().next_event()
        if isinstance(event, h11.Request) and waiting - len(self.trailing_data[0]) > MAX_HEADERS_BYTES:
            too_large = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise h11.RemoteProtocolError("the head is too large", error_status_hint=too_large)
        return event


class BoundedConnection(H11Protocol):
    """uvicorn's HTTP/1.1, with a deadline for arriving requests and problem+json for what is no HTTP."""

    _deadline: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = BoundedHeads(h11.SERVER, MAX_HEADERS_BYTES)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "as many connections as this service takes are open")
        else:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._expect()
        super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._arrived()

    def send_400_response(self, msg: str) -> None:
        """Called where something was no HTTP."""
        status = getattr(sys.exc_info()[1], "error_status_hint", HTTPStatus.BAD_REQUEST)
        self._refuse(status, f"{msg} Is it HTTP/1.1, with a head of at most {MAX_HEADERS_BYTES} bytes?")

    def timeout_keep_alive_handler(self) -> None:
        self._arrived()
        super().timeout_keep_alive_handler()

    def _expect(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(ARRIVAL_SECONDS, self._too_late)

    def _arrived(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._refuse(HTTPStatus.REQUEST_TIMEOUT, f"the request did not arrive within {ARRIVAL_SECONDS:.0f} seconds")

    def _refuse(self, status: int, detail: str) -> None:
        """Answer, if nothing has been answered yet, and close."""
        self._arrived()
        if self.transport.is_closing():
            return
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in _UNANSWERED:
            body = Problem(status, "Request refused", detail).body()
            headers = [
                ("content-type", PROBLEM),
                ("content-length", str(len(body))),
                ("connection", "close"),
                ("x-content-type-options", "nosniff"),
            ]
            head = h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES.get(status, b""))
            for event in (head, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
