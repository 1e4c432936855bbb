"""All drills, in the order in which they run."""

from __future__ import annotations

from pathlib import Path

from autodev.events.catalogue import SUBSCRIPTIONS
from tests.chaos.faults.clocks import JumpingClocks
from tests.chaos.faults.everything import KillEverything
from tests.chaos.faults.fault import Fault
from tests.chaos.faults.kills import KillsAtSteps, RandomKills, Undisturbed
from tests.chaos.faults.replicas import Rebalances, Zombies
from tests.chaos.faults.servers import Outage, Restart


def all_faults(seed: int, scratch: Path) -> list[Fault]:
    """`scratch` is an empty directory for what drills and services tell each other by files."""
    return [
        Undisturbed("undisturbed again"),
        *(RandomKills(service) for service in SUBSCRIPTIONS),
        *(KillsAtSteps(service, seed) for service in SUBSCRIPTIONS),
        Restart("broker restarts", lambda running: running.servers.kafka),
        Restart("database restarts", lambda running: running.servers.postgres),
        Outage(),
        KillEverything(),
        Rebalances(),
        Zombies(),
        Zombies("zombies without replicas", replicas=()),
        JumpingClocks(scratch),
    ]


def short_faults() -> list[Fault]:
    """What runs with every test suite."""
    return [KillEverything()]
