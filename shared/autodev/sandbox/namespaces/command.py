"""The launcher's command line: what the guest sees of the host, which is its Python and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autodev.sandbox.guest_files import HARNESS, SCRATCH, guest_command, system_files
from autodev.sandbox.namespaces.identity import Identity, LeasedUser
from autodev.sandbox.python_runtime import PythonRuntime

_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")

_OWN_NAMESPACES = ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
_NEEDED = ("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN")
"""To become somebody else, and to bound the scratch directory; process 1 gives them up before it reads a job."""
_AS_ROOT = (*_OWN_NAMESPACES, "--cap-drop", "ALL", *(word for name in _NEEDED for word in ("--cap-add", name)))
_AS_USER = (*_OWN_NAMESPACES, "--unshare-user", "--disable-userns", "--cap-drop", "ALL")


def launcher_arguments(
    bubblewrap: str,
    runtime: PythonRuntime,
    harness: Path,
    identity: Identity,
    scratch_bytes: int,
    *,
    info_fd: int,
) -> list[str]:
    """Everything from the program's name to the guest's own arguments."""
    arguments = [bubblewrap, *(_AS_ROOT if isinstance(identity, LeasedUser) else _AS_USER)]
    # Without a reaper of its own the launcher leaves process 1 to us. No /proc: nothing to read, nothing to reopen.
    arguments += ["--as-pid-1", "--die-with-parent", "--new-session", "--hostname", "sandbox"]
    mounts = [*system_files(runtime), (harness, HARNESS)]
    arguments += _parents([target for _, target in mounts] + [Path(device) for device in _DEVICES])
    for source, target in mounts:
        arguments += _mount(source, target)
    for directory in runtime.packages:
        arguments += _tmpfs(directory, 4_096, "0755", read_only=True)
    for device in _DEVICES:
        arguments += ["--dev-bind", device, device]
    arguments += _tmpfs(SCRATCH, scratch_bytes, "1777", read_only=False)
    arguments += ["--remount-ro", "/", "--chdir", str(SCRATCH)]
    arguments += ["--info-fd", str(info_fd), "--"]
    return [*arguments, *guest_command(runtime)]


def _mount(source: Path, target: Path) -> list[str]:
    if source.is_symlink():
        return ["--symlink", str(source.readlink()), str(target)]
    return ["--ro-bind", str(source), str(target)]


def _parents(targets: Iterable[Path]) -> list[str]:
    """Directories on the way to the targets. The launcher would make them for its own user alone."""
    directories = {parent for target in targets for parent in target.parents if parent != Path("/")}
    return [argument for path in sorted(directories) for argument in ("--perms", "0755", "--dir", str(path))]


def _tmpfs(path: Path, size: int, mode: str, *, read_only: bool) -> list[str]:
    mounted = ["--perms", mode, "--size", str(size), "--tmpfs", str(path)]
    return [*mounted, "--remount-ro", str(path)] if read_only else mounted
