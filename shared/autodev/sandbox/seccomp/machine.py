"""System call numbers of the machines we have a filter for (asm/unistd_64.h; asm-generic/unistd.h)."""

from __future__ import annotations

from dataclasses import dataclass

from autodev.sandbox.seccomp import allowed


@dataclass(frozen=True, slots=True)
class Machine:
    architecture: int
    """AUDIT_ARCH_* of linux/audit.h."""
    clone: int
    clone3: int
    socket: int
    ioctl: int
    fcntl: int
    setpriority: int
    allowed: dict[str, int]
    """Calls that programs need, by name."""
    refused: dict[str, int]
    """Calls that no skill needs, and that are refused rather than unknown: programs know how to do without."""
    of_a_process: dict[str, int]
    """Of those that change the process whose number comes first: a guest's user is process 1's as well."""
    signals: dict[str, int]
    """Likewise, by a signal."""
    foreign_from: int | None = None
    """Numbers from here on belong to another calling convention of the same machine (x32)."""


# The same on every machine: numbers given out since Linux 5.1.
_RECENT = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "quotactl_fd": 443,
    "memfd_secret": 447,
    "process_mrelease": 448,
    "set_mempolicy_home_node": 450,
}

_X86_64 = {
    "shmget": 29, "shmat": 30, "shmctl": 31, "semget": 64, "semop": 65, "semctl": 66, "msgget": 68, "msgsnd": 69,
    "msgrcv": 70, "msgctl": 71, "ptrace": 101, "syslog": 103, "mknod": 133, "uselib": 134, "personality": 135,
    "ustat": 136, "sysfs": 139, "vhangup": 153, "modify_ldt": 154, "pivot_root": 155, "_sysctl": 156, "adjtimex": 159,
    "chroot": 161, "acct": 163, "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168,
    "reboot": 169, "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173, "create_module": 174,
    "init_module": 175, "delete_module": 176, "get_kernel_syms": 177, "query_module": 178, "quotactl": 179,
    "nfsservctl": 180, "lookup_dcookie": 212, "semtimedop": 220, "clock_settime": 227, "mbind": 237,
    "set_mempolicy": 238, "mq_open": 240, "mq_unlink": 241, "kexec_load": 246, "add_key": 248, "request_key": 249,
    "keyctl": 250, "ioprio_set": 251, "inotify_init": 253, "inotify_add_watch": 254, "migrate_pages": 256,
    "mknodat": 259, "unshare": 272, "vmsplice": 278, "move_pages": 279, "inotify_init1": 294, "perf_event_open": 298,
    "fanotify_init": 300, "fanotify_mark": 301, "name_to_handle_at": 303, "open_by_handle_at": 304,
    "clock_adjtime": 305, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
    "finit_module": 313, "seccomp": 317, "memfd_create": 319, "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323,
}  # fmt: skip

_AARCH64 = {
    "lookup_dcookie": 18, "inotify_init1": 26, "inotify_add_watch": 27, "ioprio_set": 30, "mknodat": 33, "umount2": 39,
    "mount": 40, "pivot_root": 41, "nfsservctl": 42, "chroot": 51, "vhangup": 58, "quotactl": 60, "vmsplice": 75,
    "acct": 89, "personality": 92, "unshare": 97, "kexec_load": 104, "init_module": 105, "delete_module": 106,
    "clock_settime": 112, "syslog": 116, "ptrace": 117, "reboot": 142, "sethostname": 161, "setdomainname": 162,
    "settimeofday": 170, "adjtimex": 171, "mq_open": 180, "mq_unlink": 181, "msgget": 186, "msgctl": 187, "msgrcv": 188,
    "msgsnd": 189, "semget": 190, "semctl": 191, "semtimedop": 192, "semop": 193, "shmget": 194, "shmctl": 195,
    "shmat": 196, "add_key": 217, "request_key": 218, "keyctl": 219, "swapon": 224, "swapoff": 225, "mbind": 235,
    "set_mempolicy": 237, "migrate_pages": 238, "move_pages": 239, "perf_event_open": 241, "fanotify_init": 262,
    "fanotify_mark": 263, "name_to_handle_at": 264, "open_by_handle_at": 265, "clock_adjtime": 266, "setns": 268,
    "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "seccomp": 277,
    "memfd_create": 279, "bpf": 280, "userfaultfd": 282, "kexec_file_load": 294,
}  # fmt: skip

_X86_64_OF_A_PROCESS = {
    "sched_setparam": 142, "sched_setscheduler": 144, "sched_setaffinity": 203, "prlimit64": 302, "sched_setattr": 314,
}  # fmt: skip

_AARCH64_OF_A_PROCESS = {
    "sched_setparam": 118, "sched_setscheduler": 119, "sched_setaffinity": 122, "prlimit64": 261, "sched_setattr": 274,
}  # fmt: skip

_X86_64_SIGNALS = {"kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297}
_AARCH64_SIGNALS = {"kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240}

MACHINES = {
    "x86_64": Machine(
        architecture=0xC000_003E,
        clone=56,
        clone3=435,
        socket=41,
        ioctl=16,
        fcntl=72,
        setpriority=141,
        allowed=allowed.X86_64,
        refused=_X86_64 | _RECENT,
        of_a_process=_X86_64_OF_A_PROCESS,
        signals=_X86_64_SIGNALS,
        foreign_from=0x4000_0000,
    ),
    "aarch64": Machine(
        architecture=0xC000_00B7,
        clone=220,
        clone3=435,
        socket=198,
        ioctl=29,
        fcntl=25,
        setpriority=140,
        allowed=allowed.AARCH64,
        refused=_AARCH64 | _RECENT,
        of_a_process=_AARCH64_OF_A_PROCESS,
        signals=_AARCH64_SIGNALS,
    ),
}
"""By `platform.machine()`."""
