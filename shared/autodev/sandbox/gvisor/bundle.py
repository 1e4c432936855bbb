"""An OCI bundle: what the guest sees of the host, which is its Python and nothing else. Pure but for `write`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from autodev.sandbox.guest_files import ENVIRONMENT, HARNESS, SCRATCH, guest_command, system_files
from autodev.sandbox.policy import Policy
from autodev.sandbox.python_runtime import PythonRuntime

NOBODY: Final = 65_534
_READ_ONLY: Final = ["rbind", "ro", "nosuid", "nodev"]
_NAMESPACES: Final = ("pid", "ipc", "uts", "mount", "network")


def write_bundle(directory: Path, runtime: PythonRuntime, harness: Path, policy: Policy) -> None:
    """Make `directory` a bundle: `config.json`, and a root that is empty but for the host's symbolic links."""
    links = {target: source.readlink() for source, target in system_files(runtime) if source.is_symlink()}
    root = directory / "root"
    root.mkdir(parents=True)
    for target, points_to in links.items():
        link = root / target.relative_to("/")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(points_to)
    (directory / "config.json").write_text(json.dumps(configuration(root, runtime, harness, policy)))


def configuration(root: Path, runtime: PythonRuntime, harness: Path, policy: Policy) -> dict[str, Any]:
    """The OCI runtime specification of an isolation for `policy`; memory, processes and CPUs are the group's."""
    bound = [(source, target) for source, target in system_files(runtime) if not source.is_symlink()]
    scratch = f"size={policy.file_bytes}"
    return {
        "ociVersion": "1.0.2",
        "hostname": "sandbox",
        "root": {"path": str(root), "readonly": True},
        "process": {
            "terminal": False,
            "user": {"uid": NOBODY, "gid": NOBODY},
            "args": guest_command(runtime),
            "env": [f"{name}={value}" for name, value in ENVIRONMENT.items()],
            "cwd": str(SCRATCH),
            "capabilities": {},
            "noNewPrivileges": True,
        },
        "mounts": [
            *(_mount(target, "bind", str(source), _READ_ONLY) for source, target in [*bound, (harness, HARNESS)]),
            *(_mount(packages, "tmpfs", "tmpfs", ["ro", "size=4096"]) for packages in runtime.packages),
            _mount(SCRATCH, "tmpfs", "tmpfs", ["nosuid", "nodev", "noexec", "mode=1777", scratch]),
        ],
        "linux": {"namespaces": [{"type": kind} for kind in _NAMESPACES]},
    }


def _mount(target: Path, kind: str, source: str, options: list[str]) -> dict[str, Any]:
    return {"destination": str(target), "type": kind, "source": source, "options": options}
