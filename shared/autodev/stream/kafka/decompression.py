"""Decompression that ends at a size: a mebibyte of zstd may hold thirty gibibytes.

The client decompresses without a limit and has no place for one, so its decoders are replaced by ones that ask whether
a limit holds. Where none does, as under Faust, which can not pass a batch over, they do what they always did.
"""

from __future__ import annotations

import gzip
import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any, Final

from aiokafka import codec
from aiokafka.errors import CorruptRecordException
from aiokafka.record import default_records, legacy_records

from autodev.events.catalogue import MIB

MAX_DECOMPRESSED: Final = 32 * MIB
"""Of one batch: twice the largest record of any topic."""
_FIRST_TRY: Final = 65_536
_GROWTH: Final = 4
_FULL: Final = "whole buffer"
"""What the library says of an output that is too small."""
_XERIAL_HEADER: Final = 16
_BLOCK_LENGTH: Final = struct.Struct(">I")


_library: Final[Any] = codec.cramjam
"""What the client decompresses with; None in an agent that was installed without it, and reads gzip only."""
_limited: Final = ContextVar("limited", default=False)


class OversizedBatchError(CorruptRecordException):  # type: ignore[misc]  # aiokafka ships no types
    """A batch holds more than `MAX_DECOMPRESSED` without its compression."""


@contextmanager
def limited_decompression() -> Iterator[None]:
    """Whatever this task decompresses within raises `OversizedBatchError` rather than exceed the limit."""
    token = _limited.set(True)
    try:
        yield
    finally:
        _limited.reset(token)


def _readers() -> list[Any]:
    """The modules that decompress, in Python and compiled, each with names of its own for the decoders."""
    used = [default_records.DefaultRecordBatch, legacy_records.LegacyRecordBatch]
    return [default_records, legacy_records, *(import_module(batch.__module__) for batch in used)]


def _gunzip(payload: Any) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(payload)) as stream:
        found = stream.read(MAX_DECOMPRESSED + 1)
    if len(found) > MAX_DECOMPRESSED:
        raise _oversized()
    return found


def _unsnappy(payload: Any) -> bytes:
    whole = memoryview(payload)
    blocks = [whole]
    if codec._detect_xerial_stream(whole):  # noqa: SLF001 - as the client's own decoder tells it
        blocks, start = [], _XERIAL_HEADER
        while start < len(whole):
            (length,) = _BLOCK_LENGTH.unpack_from(whole, start)
            start += _BLOCK_LENGTH.size
            blocks.append(whole[start : start + length])
            start += length
    if sum(_library.snappy.decompress_raw_len(block) for block in blocks) > MAX_DECOMPRESSED:
        raise _oversized()
    return bytes(codec.snappy_decode(payload))


def _growing(decompress_into: Callable[[Any, bytearray], int]) -> Callable[[Any], bytes]:
    def decode(payload: Any) -> bytes:
        size = max(_FIRST_TRY, _GROWTH * len(payload))
        while True:
            output = bytearray(min(size, MAX_DECOMPRESSED))
            try:
                length = decompress_into(payload, output)
            except _library.DecompressionError as error:
                if _FULL not in str(error):
                    raise
                if size >= MAX_DECOMPRESSED:
                    raise _oversized() from None
                size *= _GROWTH
            else:
                return bytes(memoryview(output)[:length])

    return decode


def _oversized() -> OversizedBatchError:
    return OversizedBatchError(f"a batch holds more than {MAX_DECOMPRESSED} bytes without its compression")


def _replace_decoders() -> None:
    decoders: dict[str, Callable[[Any], bytes]] = {"gzip_decode": _gunzip}
    if _library is not None:
        decoders |= {
            "snappy_decode": _unsnappy,
            "lz4_decode": _growing(_library.lz4.decompress_into),
            "zstd_decode": _growing(_library.zstd.decompress_into),
        }
    for module in _readers():
        for name, limited in decoders.items():
            if hasattr(module, name):
                setattr(module, name, _either(limited, getattr(codec, name)))


def _either(limited: Callable[[Any], bytes], unlimited: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    return lambda payload: limited(payload) if _limited.get() else unlimited(payload)


_replace_decoders()
