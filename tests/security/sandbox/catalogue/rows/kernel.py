"""System calls that widen a guest's world are refused."""

from __future__ import annotations

import errno
import platform

from autodev.sandbox import Verdict
from autodev.sandbox.seccomp.machine import MACHINES
from tests.security.sandbox.catalogue.hostile import Hostile, ends, fails, returns, returns_such
from tests.security.sandbox.catalogue.programs import kernel

X86 = platform.machine() == "x86_64"
MACHINE = MACHINES[platform.machine()]
NUMBERS = MACHINE.refused
CAPGET = 125 if X86 else 90
NOTHING = returns([])
REFUSED = returns("EPERM")
EMULATED = {"gvisor": returns_such(lambda outcome: isinstance(outcome, str))}
"""gVisor may say yes: to its own emulation of it, which is no kernel's."""
NOT_THERE = {"gvisor": returns_such(lambda outcome: outcome in ("EPERM", "ENOSYS", "EACCES", "EINVAL"))}
NO_FILE_OF_THE_HOST = dict.fromkeys(("gvisor", "docker"), returns_such(lambda locked: isinstance(locked, list)))
"""An image and an emulated kernel have locks of their own."""
NEW_USER = 0x1000_0000

CALLS = (
    *((33, "unshare", (NEW_USER,)), (40, "chroot", ()), (60, "mknodat", (-100, 0, 0o60_666, 0x800))),
    *((61, "add_key", ()), (62, "bpf", ()), (63, "perf_event_open", ()), (64, "userfaultfd", ())),
    *((65, "io_uring_setup", (8,)), (66, "open_by_handle_at", ()), (67, "kexec_load", ()), (68, "reboot", ())),
    *((69, "sethostname", ()), (70, "clock_settime", ()), (None, "keyctl", ()), (None, "setns", (0, 0))),
    *((None, "memfd_secret", ()), (None, "name_to_handle_at", ()), (None, "pivot_root", ()), (None, "umount2", ())),
    *((None, "move_mount", ()), (None, "open_tree", ()), (None, "fsopen", ()), (None, "mount_setattr", ())),
    *((None, "init_module", ()), (None, "swapon", ()), (None, "acct", ()), (None, "syslog", (3, 0, 0))),
    *(
        (None, "quotactl", ()),
        (None, "personality", (0x0400_0000,)),
        (None, "vmsplice", ()),
        (None, "fanotify_init", ()),
    ),
    *(
        (None, "process_madvise", ()),
        (None, "kcmp", (1, 1, 0)),
        (None, "migrate_pages", (1,)),
        (None, "move_pages", (1,)),
    ),
)
EMULATED_CALLS = {"unshare", "mknodat", "io_uring_setup"}
NEWER = {"cachestat": 451, "statmount": 457, "lsm_list_modules": 461, "open_tree_attr": 467, "not given out yet": 600}

NUMBERED = tuple(
    Hostile(
        kernel.call,
        REFUSED,
        number,
        (NUMBERS[name], *arguments),
        name,
        on=EMULATED if name in EMULATED_CALLS else NOT_THERE,
    )
    for number, name, arguments in CALLS
)
NEW = tuple(
    Hostile(kernel.call, returns("ENOSYS"), arguments=(number, -1, 0, 0, 0, 0), label=name)
    for name, number in NEWER.items()
)
WHOLE = (
    Hostile(kernel.ptrace, NOTHING, 29, (NUMBERS["ptrace"],)),
    Hostile(kernel.ptrace_traceme, REFUSED, 30, (NUMBERS["ptrace"],), on=EMULATED),
    Hostile(kernel.memory_of_process_1, REFUSED, 31, (NUMBERS["process_vm_readv"],), on=NOT_THERE),
    Hostile(kernel.memory_of_process_1, REFUSED, None, (NUMBERS["process_vm_writev"],), "write", on=NOT_THERE),
    Hostile(
        kernel.file_of_process_1,
        NOTHING,
        None,
        (NUMBERS["pidfd_getfd"],),
        on={"gvisor": fails(errno.ENOSYS)},  # it has no `pidfd_open`
    ),
    Hostile(kernel.mount, NOTHING, 32, (NUMBERS["mount"],)),
    Hostile(
        kernel.unshare_user_and_mount,
        returns("no namespace"),
        34,
        (NUMBERS["unshare"], NUMBERS["mount"]),
        on={"gvisor": returns_such(lambda outcome: outcome != "made")},
    ),
    Hostile(kernel.clone3_with_a_user_namespace, returns("Function not implemented"), 35, (MACHINE.clone3,)),
    Hostile(kernel.clone_with_every_namespace, NOTHING, None, (MACHINE.clone,)),
    Hostile(kernel.undo_the_filter, NOTHING, None, (NUMBERS["seccomp"], NUMBERS["personality"])),
    Hostile(kernel.capabilities, returns([0, 0]), 38, (CAPGET,)),
    Hostile(kernel.filter_in_force, returns(2), 39, on={"gvisor": returns_such(lambda mode: mode in (0, 2))}),
    Hostile(kernel.type_into_a_terminal, REFUSED, 78),
    Hostile(kernel.be_told_of_changes, NOTHING, None, (NUMBERS["inotify_init1"],)),
    Hostile(kernel.where_mounts_come_from, returns("ENOSYS"), None, (458,)),
    # Known: files that every isolation binds can be locked by each, and so two that run at one time can signal.
    Hostile(kernel.lock_files_of_the_host, returns(["null", "library", "harness"]), on=NO_FILE_OF_THE_HOST),
)
DEADLY = ends(Verdict.KILLED_BY_SIGNAL, facts=lambda facts: facts.message == "SIGSYS")
SIDE_DOORS = (
    Hostile(kernel.call, DEADLY, None, (0x4000_0000 + 39,), "x32"),
    # mov eax, 20 (getpid); int 0x80; ret
    Hostile(
        kernel.code_in_memory,
        DEADLY,
        None,
        (bytes.fromhex("b814000000cd80c3"),),
        "as 32 bit",
        # gVisor takes it for its own system call of that number, filtered as such: writev(2) to no file.
        on={"gvisor": returns(-errno.EBADF)},
    ),
    # mov eax, 101 (ptrace); xor edi, edi; syscall; ret
    Hostile(kernel.code_in_memory, returns(-1), None, (bytes.fromhex("b86500000031ff0f05c3"),), "own system call"),
)
ROWS = (*NUMBERED, *NEW, *WHOLE, *(SIDE_DOORS if X86 else ()))
