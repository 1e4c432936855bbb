"""Files end at the scratch directory's bounds, nothing else is written, and nothing that was written is run."""

from __future__ import annotations

from autodev.sandbox import Verdict
from tests.security.sandbox.catalogue.hostile import ON_GVISOR, QUICK, ROOMY, Hostile, ends, returns, returns_such
from tests.security.sandbox.catalogue.programs import disk, executing, harness

NOTHING = returns([])
TOO_LARGE = returns("EFBIG")
INODES = returns_such(lambda made: 0 < made <= QUICK.inodes)
ROOM_FOR_PYTHON = QUICK.model_copy(update={"file_bytes": 64 << 20, "memory_bytes": 256 << 20})
BRIEF = ROOMY.model_copy(update={"cpu_seconds": 1})
"""Time for all inodes there are, where they are bounded."""
UNBOUNDED = {"gvisor": ends(Verdict.CPU_LIMIT)}
"""gVisor's scratch directory is bounded in bytes alone: names end with the call's time, or the sandbox's memory."""
MAPPED = {"gvisor": returns("made")}
"""gVisor refuses to execute a file of a `noexec` directory, and lets one be mapped as code: into its own guest."""

DISK = (
    Hostile(disk.disk_fill_scratch, returns_such(lambda written: 0 < written <= QUICK.file_bytes), 9),
    Hostile(disk.disk_fill_elsewhere, NOTHING, 10),
    Hostile(disk.sparse_file, TOO_LARGE, 12),
    Hostile(disk.sparse_file_by_seeking, TOO_LARGE),
    Hostile(disk.preallocated_file, TOO_LARGE, 13),
    Hostile(disk.files_without_names, returns_such(lambda written: 0 < written <= QUICK.file_bytes)),
    Hostile(disk.inode_exhaust, INODES, 14, policy=BRIEF, on=UNBOUNDED),
    Hostile(disk.inodes_by_directories, INODES, policy=BRIEF, on=UNBOUNDED),
    Hostile(disk.hard_links, INODES, policy=BRIEF, on=UNBOUNDED),
    Hostile(disk.file_descriptors, returns_such(lambda opened: 0 < opened <= QUICK.open_files), 15),
    Hostile(disk.deep_directories, INODES, 16, on={"gvisor": returns(2_000)}),  # as UNBOUNDED: as deep as it tries
    Hostile(
        disk.attributes_without_end,
        returns_such(lambda written: written <= QUICK.file_bytes),
        on={"gvisor": ends(Verdict.OOM)},  # counted as memory of its kernel, which is the sandbox's
        ends_the_sandbox_on=ON_GVISOR,
    ),
    Hostile(disk.names_nobody_can_spell, returns(253)),
    # these have a /proc, of the isolation's own processes: number 3 leads to the guest's own input, which is empty
    Hostile(disk.symlinks_out, NOTHING, 77, on=dict.fromkeys(("gvisor", "docker"), returns(["/tmp/3"]))),
    Hostile(disk.leave_files, NOTHING, 99),
)
EXECUTING = (
    Hostile(
        executing.gaining_rights,
        returns({"by exec": False, "by a file": False}),
        37,
        # gVisor tells none of a mount's flags, and an image's root has none; what counts, and is in force on both, is
        # that no program gives rights
        on=dict.fromkeys(("gvisor", "docker"), returns({"by exec": False, "by a file": True})),
    ),
    Hostile(executing.from_scratch, returns("EACCES"), 75),
    Hostile(executing.copy_of_the_interpreter, returns("EACCES"), policy=ROOM_FOR_PYTHON),
    Hostile(executing.by_the_loader, returns("refused"), policy=ROOM_FOR_PYTHON, on=MAPPED),
    Hostile(executing.library_from_scratch, returns("OSError"), on=MAPPED),
    Hostile(executing.mapped_from_scratch, returns("EPERM"), on=MAPPED),
    Hostile(executing.from_memory, returns("EPERM"), 76),
    Hostile(executing.shells, NOTHING, on={"docker": returns_such(lambda found: isinstance(found, list))}),
)
HARNESS = (
    Hostile(harness.write_the_harness, NOTHING, 98),
    Hostile(harness.remove_the_harness, NOTHING),
)
ROWS = (*DISK, *EXECUTING, *HARNESS)
