"""The result channel's frames: what is written is read, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.sandbox.guest import wire
from autodev.sandbox.supervision.call_frame import CallFrame, Captured, Ending, WireError, read_call_body
from autodev.sandbox.supervision.frames import FrameReader, Ready

NONCE = bytes(range(16))
MAX_BODY = 10_000
READY = wire.pack(NONCE, wire.READY, wire.ready_body("3.11\n[GCC]", "/usr/bin/python3"))

seconds = st.floats(min_value=0, max_value=1e6)
captured = st.builds(Captured, st.binary(max_size=50), st.binary(max_size=50), st.integers(0, 2**40))
call_frames = st.builds(
    CallFrame,
    st.just(0),
    st.sampled_from(Ending),
    st.integers(0, 255),
    seconds,
    seconds,
    st.integers(0, 2**40),
    st.integers(0, 1_000),
    st.integers(0, 1_000),
    st.integers(0, 1_000),
    st.binary(max_size=200),
    captured,
    captured,
)


def body_of(frame: CallFrame) -> bytes:
    """As the guest's process 1 writes it."""
    usage = wire.Usage(frame.cpu_seconds, frame.max_rss, frame.processes, frame.oom_kills, frame.refused_forks)
    streams = (wire.Captured(each.head, each.tail, each.dropped) for each in (frame.stdout, frame.stderr))
    return wire.call_body(
        wire.Frame(frame.call, frame.ending, frame.code, frame.seconds, usage, frame.payload, *streams)
    )


def packed(frame: CallFrame, nonce: bytes = NONCE) -> bytes:
    return wire.pack(nonce, wire.CALL, body_of(frame))


def a_call(number: int) -> CallFrame:
    return CallFrame(number, Ending.EXITED, 0, 0.1, 0.1, 0, 1, payload=b"{}")


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(call_frames, max_size=5), st.integers(1, 100))
def test_frames_arrive_whole_however_the_bytes_are_cut(frames: list[CallFrame], size: int) -> None:
    numbered = [replace(frame, call=index) for index, frame in enumerate(frames)]
    sent = READY + b"".join(map(packed, numbered))
    reader = FrameReader(NONCE, MAX_BODY)

    received = [frame for at in range(0, len(sent), size) for frame in reader.feed(sent[at : at + size])]

    assert received == [Ready("3.11\n[GCC]", "/usr/bin/python3"), *numbered]


@settings(deadline=None)  # a busy machine is no failure
@given(st.binary(min_size=64))
def test_bytes_of_a_stranger_are_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        FrameReader(NONCE, MAX_BODY).feed(data)


@settings(deadline=None)  # a busy machine is no failure
@given(st.binary(max_size=300))
def test_a_body_of_a_stranger_is_read_or_refused_and_never_crashes(body: bytes) -> None:
    try:
        frame = read_call_body(body)
    except WireError:
        return
    assert body_of(frame) == body or frame.seconds != frame.seconds or frame.cpu_seconds != frame.cpu_seconds


@settings(deadline=None)  # a busy machine is no failure
@given(st.binary(min_size=16, max_size=16).filter(lambda nonce: nonce != NONCE))
def test_another_runs_nonce_is_refused(nonce: bytes) -> None:
    reader = FrameReader(NONCE, MAX_BODY)
    reader.feed(READY)

    with pytest.raises(WireError, match="wrong nonce"):
        reader.feed(packed(a_call(0), nonce))


@pytest.mark.parametrize(
    ("frames", "complaint"),
    [
        ([READY, READY], "a frame of kind 1 has no place here"),
        ([packed(a_call(0))], "a frame of kind 2 has no place here"),
        ([READY, packed(a_call(1))], "call 1 answered where 0 was due"),
        ([READY, packed(a_call(0)), packed(a_call(0))], "call 0 answered where 1 was due"),
        ([READY, wire.pack(NONCE, wire.CALL, b"short")], "a call frame of 5 bytes is cut"),
        ([READY, wire.HEADER.pack(MAX_BODY + 1, NONCE, wire.CALL)], "a frame of 10001 bytes, more than the 10000"),
        ([READY, wire.HEADER.pack(0, NONCE, 9)], "a frame of kind 9 has no place here"),
        ([wire.pack(NONCE, wire.READY, b"\xff")], "the first frame is no text"),
    ],
)
def test_frames_out_of_place_are_refused(frames: list[bytes], complaint: str) -> None:
    with pytest.raises(WireError, match=complaint):
        FrameReader(NONCE, MAX_BODY).feed(b"".join(frames))


def test_a_frame_whose_parts_do_not_add_up_is_refused() -> None:
    with pytest.raises(WireError, match="do not add up"):
        read_call_body(body_of(a_call(0)) + b"more")
