"""What an event says, as a digest: by it the same event sent again is told from another under the same id."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

from autodev.events.binary import REPORTED
from autodev.events.envelope import Event
from autodev.events.plain_json import canonical
from autodev.events.record import Record
from autodev.events.structured import in_binary_mode

DIGEST_BYTES: Final = 16


def digest_of(event: Event[Any], record: Record) -> bytes | None:
    """Of what `event` says, which `record` carried in whatever mode: as `digest_of_data`."""
    return digest_of_data(event, in_binary_mode(record).value)


def digest_of_data(event: Event[Any], data: bytes | None) -> bytes | None:
    """Of type, key and data of `event`, whose `data` came as these bytes; equal however the JSON was laid out.

    The time is no part of it: over HTTP it may be that of the attempt. None for what a service derived from another
    event: made again by a replay, that may differ in what it took from the clock or from the batch it was made in, and
    stays the same event.
    """
    if event.causation_id is not None and event.type.topic not in REPORTED:
        return None
    name, key = event.type.name.encode(), event.key.encode()
    said = (len(name).to_bytes(4), name, len(key).to_bytes(4), key, canonical(data or b"null"))
    return blake2b(b"".join(said), digest_size=DIGEST_BYTES).digest()
