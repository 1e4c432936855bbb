"""The host's files, network and kernel are out of a guest's reach."""

from __future__ import annotations

import os
import platform
import socket
import sys
from pathlib import Path

import pytest

import autodev.sandbox
from autodev.sandbox import Verdict
from autodev.sandbox.seccomp.machine import MACHINES
from tests.security.sandbox.attacks import Attack, raised, returned

pytestmark = pytest.mark.isolation
MACHINE = MACHINES[platform.machine()]
NEW_USER_NAMESPACE = 0x1000_0000


async def test_no_file_of_the_host_can_be_read(attack: Attack, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the supervisor's")
    secret.chmod(0o600)
    paths = [str(secret), __file__, autodev.sandbox.__file__, "/etc/shadow", "/etc/passwd", "/etc/hostname"]
    around = [f"/tmp/../..{path}" for path in paths]

    assert returned(await attack("boundaries.read_files", paths + around)) == []


async def test_nothing_is_visible_but_python_its_libraries_and_the_harness(attack: Attack) -> None:
    visible = set(returned(await attack("boundaries.everything_visible")))

    top = {f"/{Path(sys.base_prefix).parts[1]}", "/dev", "/etc", "/harness", "/lib", "/lib64", "/tmp", "/usr"}
    assert {name for name in visible if name.count("/") == 1} <= top
    assert {name for name in visible if name.startswith("/dev/")} == {
        "/dev/null",
        "/dev/random",
        "/dev/urandom",
        "/dev/zero",
    }
    assert {name for name in visible if name.startswith("/etc/")} <= {"/etc/ld.so.cache"}
    assert {name for name in visible if name.startswith("/harness/")} == {
        "/harness/boot.py",
        "/harness/guest.marshal",
    }


@pytest.mark.parametrize("directory", ["/", "/dev", "/dev/shm", "/usr/lib", "/harness", "/etc", sys.base_prefix])
async def test_nothing_can_be_written_outside_the_scratch_directory(attack: Attack, directory: str) -> None:
    outcome = returned(await attack("boundaries.write_files", [f"{directory}/mine"]))

    assert set(outcome.values()) <= {"EROFS", "EACCES", "ENOENT"}


async def test_the_scratch_directory_can_be_written(attack: Attack) -> None:
    assert returned(await attack("boundaries.write_files", ["/tmp/mine"])) == {"/tmp/mine": "written"}


async def test_the_harness_can_not_be_changed(attack: Attack) -> None:
    assert set(returned(await attack("boundaries.own_harness")).values()) <= {"EROFS", "EACCES"}


async def test_installed_packages_are_hidden(attack: Attack) -> None:
    assert returned(await attack("boundaries.installed_packages")) == []
    assert raised(await attack("boundaries.import_an_installed_package")).type == "ModuleNotFoundError"


async def test_the_environment_is_our_own_and_no_process_shows_another(
    attack: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODEV_SECRET", "hunter2")

    assert returned(await attack("boundaries.environment")) == {
        "LANG": "C.UTF-8",
        "HOME": "/tmp",
        "TZ": "UTC",
        "PWD": "/tmp",
    }
    assert returned(await attack("boundaries.read_files", ["/proc/1/environ", "/proc/self/environ"])) == []


async def test_no_file_of_the_supervisor_is_open(attack: Attack) -> None:
    assert returned(await attack("boundaries.open_descriptors")) == [0, 1, 2, 3]


async def test_the_guest_is_nobody_and_stays_so(attack: Attack) -> None:
    ids = returned(await attack("boundaries.identity"))

    assert 0 not in ids
    assert os.geteuid() not in ids or os.geteuid() != 0
    assert returned(await attack("boundaries.become", 0)) == "refused"
    assert returned(await attack("boundaries.become", 1_000)) == "refused"


async def test_the_host_has_no_name(attack: Attack) -> None:
    assert returned(await attack("boundaries.host_name")) == "sandbox"


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ("AF_INET", "SOCK_STREAM"),
        ("AF_INET", "SOCK_DGRAM"),
        ("AF_INET", "SOCK_RAW"),
        ("AF_INET6", "SOCK_STREAM"),
        ("AF_NETLINK", "SOCK_RAW"),
        ("AF_PACKET", "SOCK_RAW"),
        ("AF_VSOCK", "SOCK_STREAM"),
        ("AF_ALG", "SOCK_SEQPACKET"),
    ],
)
async def test_no_socket_leads_out(attack: Attack, family: str, kind: str) -> None:
    assert returned(await attack("boundaries.open_socket", family, kind)) == "EPERM"


async def test_names_do_not_resolve_and_fail_fast(attack: Attack) -> None:
    facts = await attack("boundaries.resolve", "example.com")

    assert returned(facts) == "gaierror"
    assert facts.seconds < 4


async def test_abstract_sockets_of_the_host_are_elsewhere(attack: Attack) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0autodev-security-test")
        server.listen()

        assert returned(await attack("boundaries.connect_abstract", "autodev-security-test")) == "ECONNREFUSED"


async def test_every_refused_system_call_is_refused(attack: Attack) -> None:
    outcome = returned(await attack("boundaries.system_calls", MACHINE.refused))

    assert outcome == dict.fromkeys(MACHINE.refused, "EPERM")


async def test_clone3_does_not_exist(attack: Attack) -> None:
    assert returned(await attack("boundaries.system_call", MACHINE.clone3, [0, 0])) == "ENOSYS"


async def test_clone_makes_no_namespace(attack: Attack) -> None:
    arguments = [NEW_USER_NAMESPACE | 17, 0, 0, 0, 0]

    assert returned(await attack("boundaries.system_call", MACHINE.clone, arguments)) == "EPERM"


async def test_nothing_is_typed_into_a_terminal(attack: Attack) -> None:
    assert returned(await attack("boundaries.type_into_terminal")) == "EPERM"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x86-64 has these side doors")
async def test_side_doors_into_the_kernel_are_deadly(attack: Attack) -> None:
    foreign = await attack("boundaries.system_call", 0x4000_0000 + 39, [])
    old = await attack("boundaries.call_kernel_as_32_bit")

    assert [(facts.verdict, facts.message) for facts in (foreign, old)] == [(Verdict.KILLED_BY_SIGNAL, "SIGSYS")] * 2
