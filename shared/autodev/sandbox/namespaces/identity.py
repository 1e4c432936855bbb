"""Who the guest is to the kernel: never root, never the supervisor's equal."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LeasedUser:
    """A uid and gid of no account, for one run; the guest's process 1 takes it before it reads anything."""

    uid: int


@dataclass(frozen=True, slots=True)
class OwnUser:
    """The supervisor's unprivileged user, inside a user namespace that gives it nothing."""


Identity = LeasedUser | OwnUser


def guest_identity() -> Identity:
    """An identity for the next run.

    Root leases a uid, so that limits per uid hold for each run alone. It is dropped inside, after the mounts are
    made: a user who may not see root's files could not bind an interpreter that lives among them.
    """
    return LeasedUser(_random_uid()) if os.geteuid() == 0 else OwnUser()


def _random_uid() -> int:
    """From the upper half of the largest range that this user namespace maps, far from all accounts."""
    ranges = [[int(field) for field in line.split()] for line in Path("/proc/self/uid_map").read_text().splitlines()]
    first, _, count = max(ranges, key=lambda fields: fields[2])
    return first + count // 2 + secrets.randbelow(count - count // 2 - 1)
