"""The launcher's command line."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from autodev.sandbox.namespaces.command import launcher_arguments
from autodev.sandbox.namespaces.identity import Identity, LeasedUser, OwnUser, guest_identity
from autodev.sandbox.python_runtime import PythonRuntime

RUNTIME = PythonRuntime.of_host()
HARNESS = Path("/made/harness")


def arguments(identity: Identity) -> list[str]:
    return launcher_arguments("/usr/bin/bwrap", RUNTIME, HARNESS, identity, 4_096, info_fd=7)


def has(command: list[str], *wanted: str) -> bool:
    return any(tuple(command[at : at + len(wanted)]) == wanted for at in range(len(command)))


def test_every_namespace_is_a_new_one() -> None:
    for identity in (LeasedUser(70_000), OwnUser()):
        command = arguments(identity)

        assert {"--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"} <= set(command)
        assert {"--die-with-parent", "--new-session", "--as-pid-1"} <= set(command)
        assert has(command, "--cap-drop", "ALL")


def test_an_unprivileged_supervisor_needs_a_user_namespace_that_makes_no_others() -> None:
    command = arguments(OwnUser())

    assert {"--unshare-user", "--disable-userns"} <= set(command)
    assert "--cap-add" not in command
    assert command[-2:] == ["/harness/boot.py", "/harness/guest.marshal"]


def test_root_leaves_process_1_what_it_needs_to_become_nobody_and_to_bound_its_scratch_directory_and_no_more() -> None:
    command = arguments(LeasedUser(70_000))

    added = [name for option, name in pairwise(command) if option == "--cap-add"]
    assert added == ["CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN"]


def test_nothing_is_bound_for_writing() -> None:
    command = arguments(OwnUser())

    assert "--bind" not in command
    writable = [target for option, target in zip(command, command[2:], strict=False) if option == "--dev-bind"]
    assert writable == ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"]


def test_the_root_is_made_read_only_after_the_last_mount() -> None:
    command = arguments(OwnUser())
    last_mount = max(at for at, option in enumerate(command) if option in ("--ro-bind", "--tmpfs", "--dev-bind"))

    assert has(command, "--remount-ro", "/")
    assert command.index("/", last_mount) > last_mount


def test_the_scratch_directory_has_the_policys_size() -> None:
    assert has(arguments(OwnUser()), "--perms", "1777", "--size", "4096", "--tmpfs", "/tmp")


def test_the_interpreter_is_bound_at_its_own_path() -> None:
    command = arguments(OwnUser())
    executable = str(RUNTIME.executable)

    assert has(command, "--ro-bind", executable, executable) or executable.startswith("/usr/lib")
    assert has(command, "--", executable, "-I", "-S", "-B")


def test_the_harness_is_bound_read_only() -> None:
    assert has(arguments(OwnUser()), "--ro-bind", "/made/harness", "/harness")


def test_a_leased_user_is_no_account_and_hardly_ever_the_same_twice() -> None:
    leased = {identity.uid for identity in (guest_identity() for _ in range(20)) if isinstance(identity, LeasedUser)}

    assert not leased or (len(leased) > 15 and min(leased) > 1_000)
