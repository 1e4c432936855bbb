"""Ways to others."""

from __future__ import annotations

import errno
import os
import socket
import time

from tests.security.sandbox.catalogue.programs import attempt

METADATA = "169.254.169.254"
ENDPOINTS = (
    *("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock"),
    *(
        "/run/dbus/system_bus_socket",
        "/run/systemd/private",
        "/tmp/.X11-unix/X0",
        "/dev/vsock",
        "/dev/kvm",
        "/dev/net/tun",
    ),
)


def open_socket(family: int, kind: int, protocol: int = 0) -> str:
    return attempt.outcome(lambda: socket.socket(family, kind, protocol).close())


def families() -> list[int]:
    """Numbers of all families of which a socket of any type can be made."""
    return [
        family
        for family in range(64)
        if any(attempt.outcome(lambda k=kind, f=family: socket.socket(f, k).close()) == "made" for kind in range(1, 7))  # type: ignore[misc]
    ]


def connect(address: str, port: int) -> str:
    return attempt.outcome(lambda: socket.create_connection((address, port), 2).close())


def resolve() -> bool:
    """Whether a name resolves; and it must fail fast."""
    started = time.monotonic()
    resolved = attempt.outcome(lambda: socket.getaddrinfo("example.com", 80)) == "made"
    return resolved or time.monotonic() - started > 3


def interfaces() -> list[str]:
    try:
        return [name for _, name in socket.if_nameindex() if name != "lo"]
    except OSError:
        return []


def abstract_sockets(names: list[str]) -> list[str]:
    """Those that somebody listens at."""
    found = []
    for name in names:
        with socket.socket(socket.AF_UNIX) as client:
            if attempt.outcome(lambda client=client, name=name: client.connect("\0" + name)) == "made":  # type: ignore[misc]
                found.append(name)
    return found


def every_abstract_socket_of_one_letter() -> list[str]:
    return abstract_sockets([chr(letter) for letter in range(33, 127)])


def socket_files_and_devices() -> list[str]:
    return [path for path in ENDPOINTS if os.path.lexists(path)]


def send_without_a_connection() -> str:
    """No connection that could be refused: a datagram, to where a resolver would be."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        return attempt.outcome(lambda: sender.sendto(b"x", "/run/systemd/journal/dev-log"))


def listen_for_others() -> str:
    try:
        with socket.socket(socket.AF_INET) as server:
            server.bind(("0.0.0.0", 8_080))
            return "made"
    except OSError as error:
        return errno.errorcode[error.errno or 0]
