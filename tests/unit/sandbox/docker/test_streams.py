"""Two streams in one, taken apart again; and the thread that keeps them flowing."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodev.sandbox.docker.drain import Drain
from autodev.sandbox.docker.streams import HEADER, STDERR, STDOUT, Demultiplexer, StreamError

parts = st.lists(st.tuples(st.sampled_from([STDOUT, STDERR]), st.binary(max_size=200)), max_size=20)


def sent(parts: list[tuple[int, bytes]]) -> bytes:
    return b"".join(HEADER.pack(stream, len(data)) + data for stream, data in parts)


def of(stream: int, pieces: list[tuple[int, bytes]]) -> bytes:
    return b"".join(data for each, data in pieces if each == stream)


@given(parts=parts, cuts=st.lists(st.integers(1, 50), min_size=1))
def test_each_stream_comes_out_whole_however_the_bytes_were_cut(
    parts: list[tuple[int, bytes]], cuts: list[int]
) -> None:
    demultiplexer, data, pieces, turn = Demultiplexer(), sent(parts), [], 0
    while data:
        size = cuts[turn % len(cuts)]
        pieces += demultiplexer.feed(data[:size])
        data, turn = data[size:], turn + 1

    for stream in (STDOUT, STDERR):
        assert of(stream, pieces) == of(stream, parts)


def test_a_part_is_passed_on_before_its_end() -> None:
    assert Demultiplexer().feed(HEADER.pack(STDOUT, 1 << 30) + b"begin") == [(STDOUT, b"begin")]


@given(stream=st.integers(0, 255).filter(lambda number: number not in (STDOUT, STDERR)))
def test_another_stream_is_an_error(stream: int) -> None:
    with pytest.raises(StreamError):
        Demultiplexer().feed(HEADER.pack(stream, 1))


def test_a_stream_that_nobody_reads_is_drained_to_its_end() -> None:
    """Else the daemon would wait for us, and everybody for the daemon."""
    ours, daemons = socket.socketpair()
    with ours, daemons:
        drain = Drain(ours, None, lambda: None)
        drain.start()
        os.close(drain.stdout)
        os.close(drain.stderr)
        for _ in range(64):
            daemons.sendall(sent([(STDOUT, b"x" * 65_536), (STDERR, b"y" * 1_000)]))
        daemons.shutdown(socket.SHUT_WR)
        drain.join(10)

        assert not drain.is_alive()


def test_readers_that_leave_while_the_pipe_is_full_do_not_stop_the_drain() -> None:
    ours, daemons = socket.socketpair()
    with ours, daemons:
        drain = Drain(ours, None, lambda: None)
        drain.start()
        daemons.sendall(sent([(STDOUT, b"x" * 150_000)]))  # more than a pipe takes, so that the drain waits
        os.close(drain.stdout)
        os.close(drain.stderr)
        daemons.sendall(sent([(STDOUT, b"x" * 1_000_000)]))
        daemons.shutdown(socket.SHUT_WR)
        drain.join(10)

        assert not drain.is_alive()


def test_the_end_of_the_streams_is_seen_after_the_death_was_counted() -> None:
    process, death = os.pipe()
    ours, daemons = socket.socketpair()
    counted: list[bool] = []
    with ours, daemons:
        drain = Drain(ours, process, lambda: counted.append(True))
        drain.start()
        daemons.shutdown(socket.SHUT_WR)
        os.close(death)
        os.set_blocking(drain.stdout, True)

        assert (os.read(drain.stdout, 1), counted) == (b"", [True])
        drain.join(10)
    for fd in (process, drain.stdout, drain.stderr):
        os.close(fd)
