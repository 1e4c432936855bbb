"""How ports are chosen."""

from __future__ import annotations

import socket

from hypothesis import given
from hypothesis import strategies as st

from deploy.local.processes.ports import LOOPBACK, free_ports, is_free
from deploy.local.stack.new_state import assign_ports


def test_a_port_somebody_listens_on_is_not_free() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        assert not is_free(server.getsockname()[1])


def test_the_ports_handed_out_are_different_and_not_taken() -> None:
    first = free_ports(5)
    second = free_ports(5, taken=first)
    assert len({*first, *second}) == 10


def test_a_part_keeps_its_former_port() -> None:
    (former,) = free_ports(1)
    assert assign_ports(["console"], {"console": former}) == {"console": former}


def test_a_part_whose_former_port_is_in_use_gets_another() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        former = server.getsockname()[1]
        assert assign_ports(["console"], {"console": former})["console"] != former


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.sets(st.sampled_from("abcdef")))
def test_no_two_parts_share_a_port(parts: list[str], known: set[str]) -> None:
    former = dict(zip(sorted(known), free_ports(len(known)), strict=True))
    ports = assign_ports(parts, former)
    assert list(ports) == parts
    assert len(set(ports.values())) == len(parts)
