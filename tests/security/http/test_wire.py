"""What is no good HTTP is answered as a problem, or cut off; it neither stops the server nor reaches the broker."""

from __future__ import annotations

import asyncio
import gzip
import json

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from autodev.service import connections
from autodev.service.bodies import JsonBodies
from tests.security.http.server import REPORT, Server, head, request

GOOD = json.dumps(REPORT).encode()


async def works(server: Server) -> bool:
    before = len(server.broker.records)
    return (await server.exchange(request(GOOD))).status == 202 and len(server.broker.records) == before + 1


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\xff\x16\x03\x01 no HTTP\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /v1/events HTTP/9.9\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nhost: a\r\nce-id: a\x00b\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\n\r\n",
        b"POST /\xff HTTP/1.1\r\nhost: a\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nhost: a\r\nx: " + b"x" * 100_000,
        head(transfer_encoding="chunked") + b"no chunk\r\n",
    ],
    ids=range(12),
)
async def test_what_is_no_http_is_refused_as_a_problem(server: Server, sent: bytes) -> None:
    answer = await server.exchange(sent)
    assert answer.problem
    assert 400 <= answer.status < 500 or answer.status == 501
    assert server.broker.records == []
    assert await works(server)


def of_size(size: int) -> bytes:
    """A good request whose head, with the blank line, is that many bytes."""
    without = len(request(GOOD, padding="")) - len(GOOD)
    return request(GOOD, padding="x" * (size - without))


async def test_a_head_of_32_kib_is_taken(server: Server) -> None:
    assert (await server.exchange(of_size(32_768))).status == 202


@pytest.mark.parametrize("size", [32_769, 60_000, 200_000])
async def test_a_larger_head_is_refused_even_if_it_arrives_at_once(server: Server, size: int) -> None:
    answer = await server.exchange(of_size(size))
    assert answer.problem["status"] == 431
    assert "a head of at most 32768 bytes" in answer.problem["detail"]
    assert server.broker.records == []


async def test_a_larger_head_behind_a_good_request_is_refused(server: Server) -> None:
    async with server.connected() as client:
        await client.send(request(GOOD) + of_size(60_000))
        assert [(await client.answer()).status for _ in range(2)] == [202, 431]
        assert await client.is_closed_by_the_server()


@pytest.mark.parametrize("method", [b"GET", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"BREW", b"post"])
async def test_other_methods_are_refused_as_problems(server: Server, method: bytes) -> None:
    answer = await server.exchange(head(method))
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert answer.problem


@pytest.mark.parametrize(
    "path",
    [
        b"/",
        b"/v2/events",
        b"/v1/events/x",
        b"/v1/events%00",
        b"/../../etc/passwd",
        b"//v1/events",
        b"/%ff",
        b"/<b>",
        b"*",
    ],
)
async def test_other_paths_are_refused_as_problems_that_do_not_repeat_them(server: Server, path: bytes) -> None:
    answer = await server.exchange(head(b"POST", path, content_length="0"))
    assert answer.status == 404
    assert answer.problem
    assert b"<b>" not in answer.body


async def test_probes_take_no_posts_and_say_so_as_a_problem(server: Server) -> None:
    answer = await server.exchange(head(b"POST", b"/readyz", content_length="0"))
    assert answer.status == 404
    assert answer.problem


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip"])
async def test_a_compressed_body_is_refused_and_not_inflated(server: Server, encoding: str) -> None:
    answer = await server.exchange(request(gzip.compress(GOOD), content_encoding=encoding))
    assert (answer.status, answer.problem["field"]) == (415, "content-encoding")


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
             "application/json; charset=utf-16", "application/json; profile=x; charset=utf-16",
             'application/json; profile="a;b" ;Charset = "UTF-16"', "application/json; charset=utf-8; charset=utf-16",
             "application/cloudevents-batch+json", "text/html"]
)  # fmt: skip
async def test_a_body_of_another_type_is_refused(server: Server, kind: str | None) -> None:
    answer = await server.exchange(request(GOOD, content_type=kind))
    assert (answer.status, answer.problem["field"]) == (415, "content-type")


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "Application/JSON; charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json; profile=x; charset=utf-8",
        'application/json; profile="a;charset=utf-16"',
    ],
)
async def test_json_in_utf_8_is_taken_however_it_is_spelt(server: Server, kind: str) -> None:
    assert (await server.exchange(request(GOOD, content_type=kind))).status == 202


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(server: Server) -> None:
    answer = await server.exchange(head(content_length="1048577"))
    assert (answer.status, answer.problem["field"]) == (413, "body")


async def test_a_length_beyond_any_number_is_refused(server: Server) -> None:
    assert (await server.exchange(head(content_length="9" * 19))).problem["status"] == 413


async def test_a_body_that_turns_out_too_large_is_refused_in_mid_stream(server: Server) -> None:
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    answer = await server.exchange(head(transfer_encoding="chunked"), *[chunk] * 17)
    assert (answer.status, answer.problem["field"]) == (413, "body")
    assert server.broker.records == []


async def test_a_body_in_pieces_is_one_body(server: Server) -> None:
    pieces = [b"1\r\n" + bytes([byte]) + b"\r\n" for byte in GOOD]
    answer = await server.exchange(head(transfer_encoding="chunked"), *pieces, b"0\r\n\r\n")
    assert answer.status == 202
    assert [record.value for record in server.broker.records] == [GOOD]


async def test_a_header_given_twice_is_refused_and_named(server: Server) -> None:
    twice = request(GOOD).replace(b"ce-id:", b"ce-id: other\r\nCE-ID:")
    answer = await server.exchange(twice)
    assert (answer.status, answer.problem["field"]) == (422, "ce-id")


async def test_a_header_that_is_not_utf_8_is_refused_and_named(server: Server) -> None:
    answer = await server.exchange(request(GOOD).replace(b"/agents/scout", b"/agents/\xff"))
    assert (answer.status, answer.problem["field"]) == (422, "ce-source")


@pytest.mark.parametrize("part", [b"POST /v1/events HTTP/1.1\r\nhost: a\r\n", head(content_length="500") + b"{"])
async def test_a_request_that_does_not_arrive_is_given_up(
    server: Server, part: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ARRIVAL_SECONDS", 0.2)
    async with server.connected() as client:
        await client.send(part)
        answer = await client.answer()
        assert answer.status == 408
        assert answer.problem
        assert await client.is_closed_by_the_server()
    assert server.broker.records == []


async def test_a_connection_that_says_nothing_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "ARRIVAL_SECONDS", 0.2)
    async with server.connected() as client:
        assert await client.is_closed_by_the_server()


async def test_what_still_comes_after_the_answer_does_not_hold_the_connection(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ARRIVAL_SECONDS", 0.5)
    async with server.connected() as client:
        await client.send(head(content_length="1048577"))
        assert (await client.answer()).status == 413
        assert await client.is_closed_by_the_server()


async def test_several_requests_go_over_one_connection(server: Server) -> None:
    async with server.connected() as client:
        for _ in range(3):
            await client.send(request(GOOD))
            assert (await client.answer()).status == 202
        await client.send(request(GOOD) * 2)
        assert [(await client.answer()).status for _ in range(2)] == [202, 202]
    assert len(server.broker.records) == 5


async def test_more_connections_than_are_taken_are_told_to_come_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 1)
    async with server.connected() as first:
        await first.send(request(GOOD))
        assert (await first.answer()).status == 202
        async with server.connected() as second:
            answer = await second.answer()
            assert answer.status == 503
            assert answer.problem


async def test_an_upgrade_is_not_made(server: Server) -> None:
    answer = await server.exchange(request(GOOD, connection="upgrade", upgrade="websocket", sec_websocket_key="x"))
    assert answer.status == 202


async def test_a_sender_that_leaves_in_mid_body_leaves_nothing_behind(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with server.connected() as client:
        await client.send(head(content_length="500") + b"{")
    assert await works(server)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_more_requests_at_once_than_are_taken_are_told_to_come_again() -> None:
    entered, going_on = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        entered.set()
        await going_on.wait()
        await PlainTextResponse("done")(scope, receive, send)

    transport = httpx2.ASGITransport(app=JsonBodies(slow, at_once=1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://service") as client:
        first = asyncio.create_task(client.post("/", json={}))
        await entered.wait()
        second = await client.post("/", json={})
        going_on.set()
        assert (second.status_code, second.headers["retry-after"]) == (503, "1")
        assert (await first).status_code == 200
        assert (await client.post("/", json={})).status_code == 200
