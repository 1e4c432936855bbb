"""All drills, in the order in which they run."""

from __future__ import annotations

from autodev.events.catalogue import SUBSCRIPTIONS
from tests.chaos.faults.fault import Fault
from tests.chaos.faults.kills import KillsAtSteps, RandomKills, Undisturbed


def all_faults(seed: int) -> list[Fault]:
    return [
        Undisturbed("undisturbed again"),
        *(RandomKills(service) for service in SUBSCRIPTIONS),
        *(KillsAtSteps(service, seed) for service in SUBSCRIPTIONS),
    ]
