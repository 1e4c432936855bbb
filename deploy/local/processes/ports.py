"""Free TCP ports on the loopback interface."""

from __future__ import annotations

import random
import socket
from collections.abc import Collection

LOOPBACK = "127.0.0.1"

# Below the range the kernel hands to outgoing connections (from 32768 on), so that a server which is down for a
# moment finds its port free when it comes back.
_CANDIDATES = range(20_000, 30_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback interface now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_ports(count: int, *, taken: Collection[int] = ()) -> tuple[int, ...]:
    """`count` different free ports, none of them in `taken`; raises RuntimeError if there are not so many."""
    found: list[int] = []
    for port in random.sample(_CANDIDATES, len(_CANDIDATES)):
        if len(found) == count:
            break
        if port not in taken and is_free(port):
            found.append(port)
    if len(found) < count:
        raise RuntimeError(
            f"only {len(found)} of {count} ports are free between {_CANDIDATES.start} and {_CANDIDATES.stop}; "
            "stop other servers on this machine"
        )
    return tuple(found)
