"""There is nobody to talk to."""

from __future__ import annotations

import secrets
import socket

from tests.security.sandbox.catalogue.hostile import Hostile, returns, returns_such
from tests.security.sandbox.catalogue.programs import network

SOCKET = f"autodev-catalogue-{secrets.token_hex(4)}"
"""An abstract socket of the host's, at which somebody listens while the catalogue runs."""
EPERM = returns("EPERM")
EMULATED = {"gvisor": returns_such(lambda error: error != "made")}
"""gVisor has families of its own: another error is as good a refusal."""
OWN_STACK = dict.fromkeys(("gvisor", "docker"), returns_such(lambda error: error in ("made", "EPERM", "EACCES")))
"""A socket of a network namespace that nothing is connected to does no harm."""
OF_THE_MACHINE = {int(socket.AF_PACKET), int(socket.AF_ALG), int(socket.AF_VSOCK)}
"""Families that no network namespace holds, or that reach into the kernel."""
OWN_FAMILIES = dict.fromkeys(("gvisor", "docker"), returns_such(lambda found: not OF_THE_MACHINE & set(found)))

ROWS = (
    Hostile(network.open_socket, EPERM, 41, (int(socket.AF_INET), int(socket.SOCK_RAW), 1), "raw", on=EMULATED),
    Hostile(network.open_socket, EPERM, 42, (int(socket.AF_PACKET), int(socket.SOCK_RAW)), "packet", on=EMULATED),
    Hostile(network.open_socket, EPERM, 43, (int(socket.AF_NETLINK), int(socket.SOCK_RAW)), "netlink", on=OWN_STACK),
    Hostile(network.open_socket, EPERM, 44, (int(socket.AF_VSOCK), int(socket.SOCK_STREAM)), "vsock", on=EMULATED),
    Hostile(network.open_socket, EPERM, 45, (int(socket.AF_ALG), int(socket.SOCK_SEQPACKET)), "alg", on=EMULATED),
    Hostile(network.families, returns([int(socket.AF_UNIX)]), on=OWN_FAMILIES),
    Hostile(network.abstract_sockets, returns([]), 46, ([SOCKET],)),
    Hostile(network.every_abstract_socket_of_one_letter, returns([])),
    Hostile(network.connect, EPERM, 47, ("127.0.0.1", 1), "loopback", on=EMULATED),
    Hostile(network.connect, EPERM, 48, (network.METADATA, 80), "metadata", on=EMULATED),
    Hostile(network.listen_for_others, EPERM, on=OWN_STACK),
    Hostile(network.resolve, returns(False), 49),  # noqa: FBT003
    Hostile(network.interfaces, returns([]), 50),
    # gVisor has a /dev of its own, and in it a device for interfaces of its own network
    Hostile(network.socket_files_and_devices, returns([]), 51, on={"gvisor": returns(["/dev/net/tun"])}),
    Hostile(network.send_without_a_connection, returns("ENOENT")),
)
