"""Batches as a producer in another language could store them."""

from __future__ import annotations

import gzip
import struct
from typing import Any, Final

from aiokafka.record.util import calc_crc32c

PLACEHOLDER: Final = "NAME!!"
"""A header name that is replaced by as many bytes that are no UTF-8."""
_NO_TEXT: Final = b"\xff\xfe\xff\xfe\xff\xfe"
_LENGTH: Final = 8
_CHECKSUM: Final = 17
_CHECKED: Final = 21
_RECORDS: Final = 61
_CODEC: Final = 22


def with_unreadable_names(batch: Any) -> None:
    """Build `batch`, of a producer of the client, with unreadable names in place of its placeholders."""
    batch._build()
    batch._buffer = spoiled(bytearray(batch._buffer))


def spoiled(stored: bytearray) -> bytearray:
    """`stored` with its placeholders replaced, and a checksum that fits."""
    is_gzip = stored[_CODEC] & 7 == 1
    records = gzip.decompress(stored[_RECORDS:]) if is_gzip else bytes(stored[_RECORDS:])
    records = records.replace(PLACEHOLDER.encode(), _NO_TEXT)
    stored[_RECORDS:] = gzip.compress(records) if is_gzip else records
    struct.pack_into(">i", stored, _LENGTH, len(stored) - _LENGTH - 4)
    struct.pack_into(">I", stored, _CHECKSUM, calc_crc32c(bytes(stored[_CHECKED:])))
    return stored
