"""What a container is created with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autodev.sandbox import Policy
from autodev.sandbox.docker.runtime import GVISOR, USUAL
from autodev.sandbox.docker.seccomp_profile import seccomp_profile
from autodev.sandbox.docker.settings import container_config, host_limits, scratch_options
from autodev.sandbox.seccomp.bpf import ALLOW, fail_with
from autodev.sandbox.seccomp.filter import filter_program
from autodev.sandbox.seccomp.machine import MACHINES, Machine
from autodev.sandbox.supervision.transcript import Counts
from tests.unit.sandbox.bpf_machine import answer

POLICY = Policy(memory_bytes=100 << 20, cpus=0.5, processes=8, file_bytes=1 << 20, inodes=100, open_files=32)
CONFIG = container_config("sha256:1", ["/usr/bin/python", "boot.py"], 40_000, "mine", {"label": "x"})


def limits(policy: Policy = POLICY, cpus: int = 4) -> dict[str, Any]:
    return host_limits(policy, {"defaultAction": "SCMP_ACT_ALLOW"}, cpus)


def test_the_guest_is_nobody_without_rights_without_a_network_and_without_a_place_to_write() -> None:
    assert CONFIG["user"] == "40000:40000"
    settings = limits()
    assert (settings["network_mode"], settings["ipc_mode"]) == ("none", "none")
    assert (settings["cap_drop"], "cap_add" in settings, settings["privileged"]) == (["ALL"], False, False)
    assert settings["read_only"]
    assert "no-new-privileges" in settings["security_opt"]
    assert not {"binds", "mounts", "devices", "volumes_from", "links", "extra_hosts"} & set(settings)


def test_the_image_is_named_by_its_id_and_its_standard_input_ends_with_the_supervisor() -> None:
    assert CONFIG["image"].startswith("sha256:")
    # The SDK adds `StdinOnce` to just this.
    assert (CONFIG["stdin_open"], CONFIG["detach"]) == (True, False)


def test_process_1_is_ours_and_nothing_of_it_is_kept() -> None:
    settings = limits()

    assert (settings["init"], settings["auto_remove"]) == (False, True)
    assert settings["log_config"] == {"Type": "none"}


def test_the_environment_is_ours_and_the_daemons_own_is_taken_away() -> None:
    assert set(CONFIG["environment"]) == {"LANG=C.UTF-8", "HOME=/tmp", "TZ=UTC", "PATH", "HOSTNAME"}


def test_limits_are_the_policys() -> None:
    settings = limits(USUAL.bounds(POLICY))

    assert (settings["runtime"], settings["mem_limit"], settings["memswap_limit"]) == (None, 100 << 20, 100 << 20)
    assert settings["nano_cpus"] == 500_000_000
    assert settings["pids_limit"] == 8 + 1, "process 1 can't be left out"
    assert settings["tmpfs"] == {"/tmp": "rw,noexec,nosuid,nodev,size=1048576,nr_inodes=100,mode=1777"}
    ulimits = {each["Name"]: (each["Soft"], each["Hard"]) for each in settings["ulimits"]}
    assert (ulimits["core"], ulimits["fsize"], ulimits["nofile"]) == ((0, 0), (1 << 20, 1 << 20), (32, 32))
    assert ulimits["nproc"] == (18, 18), "the group refuses first"


def test_gvisor_in_a_container_has_room_of_its_own() -> None:
    settings = host_limits(GVISOR.bounds(POLICY), {}, 4, GVISOR.name)

    assert settings["runtime"] == "runsc"
    assert settings["mem_limit"] == settings["memswap_limit"] == (100 << 20) + (128 << 20)
    assert settings["pids_limit"] == 256 + 4 * 8
    assert settings["tmpfs"] == {"/tmp": scratch_options(POLICY)}
    assert settings["nano_cpus"] == 500_000_000


def test_refused_threads_of_gvisor_are_not_its_guests() -> None:
    counts = Counts(oom_kills=1, refused_forks=3)

    assert (USUAL.counted(counts), GVISOR.counted(counts)) == (counts, Counts(oom_kills=1))


@pytest.mark.parametrize(("asked", "there", "given"), [(64.0, 2, 2.0), (0.001, 2, 0.01), (1.5, 2, 1.5)])
def test_no_more_cpus_are_asked_for_than_there_are(asked: float, there: int, given: float) -> None:
    assert limits(Policy(cpus=asked), there)["nano_cpus"] == given * 1e9


def matches(condition: dict[str, Any], arguments: tuple[int, ...]) -> bool:
    """libseccomp's comparisons."""
    value = arguments[condition["index"]]
    if condition["op"] == "SCMP_CMP_NE":
        return bool(value != condition["value"])
    assert condition["op"] == "SCMP_CMP_MASKED_EQ"
    return bool(value & condition["value"] == condition["valueTwo"])


def profile_answer(profile: dict[str, Any], name: str, arguments: tuple[int, ...]) -> int:
    for rule in profile["syscalls"]:
        if name in rule["names"] and all(matches(condition, arguments) for condition in rule["args"]):
            return fail_with(rule["errnoRet"])
    return ALLOW


@pytest.mark.parametrize(("name", "machine"), MACHINES.items(), ids=MACHINES)
def test_the_profile_answers_as_our_own_filter_does(name: str, machine: Machine) -> None:
    profile, program = seccomp_profile(name), filter_program(machine)
    numbers = {
        **machine.refused, "clone": machine.clone, "clone3": machine.clone3, "socket": machine.socket,
        "ioctl": machine.ioctl,
    }  # fmt: skip
    interesting = [0, 1, 2, 17, 40, 0x5401, 0x5412, 0x541C, 0x3D_0F00, 0x120_0011, *(1 << bit for bit in range(32))]

    for call, number in numbers.items():
        for value in interesting:
            for arguments in ((value, 0), (0, value)):
                expected = answer(program, machine.architecture, number, *arguments)
                assert profile_answer(profile, call, arguments) == expected, (call, arguments)


def test_what_the_kernel_does_not_look_at_hides_no_terminal_request() -> None:
    assert profile_answer(seccomp_profile("x86_64"), "ioctl", (0, 0x1_0000_5412)) != ALLOW


def test_the_profile_is_in_the_settings_as_text() -> None:
    (option,) = [option for option in limits()["security_opt"] if option.startswith("seccomp=")]

    assert json.loads(option.removeprefix("seccomp=")) == {"defaultAction": "SCMP_ACT_ALLOW"}
