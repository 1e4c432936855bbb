"""What a row of the catalogue says: a hostile program, and what a good sandbox makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from autodev import values
from autodev.events.models.call import Raised, Returned
from autodev.sandbox import CallFacts, Policy, Verdict

Check = Callable[[Any], bool]

QUICK: Final = Policy(
    wall_seconds=40,
    call_seconds=15,
    cpu_seconds=30,
    processes=8,
    memory_bytes=128 << 20,
    file_bytes=1 << 20,
    inodes=1_024,
)
"""For what ends by itself: with time enough on a busy machine, where gVisor's clocks count waiting for a CPU as use."""
STOPPED: Final = QUICK.model_copy(update={"call_seconds": 0.8})
"""For what has to be stopped."""
ROOMY: Final = QUICK.model_copy(update={"memory_bytes": 1 << 30})
"""A thread that finds no memory for its first steps never says that it has begun, and who started it waits."""
ONE_SECOND: Final = QUICK.model_copy(update={"cpu_seconds": 1})
ON_GVISOR: Final = frozenset({"gvisor"})


@dataclass(frozen=True, slots=True)
class Expected:
    """How a call has to end on an engine: one of the verdicts, and what it delivers then."""

    verdicts: tuple[Verdict, ...]
    returned: Check | None = None
    """Of what it returned; None: nothing may come from it."""
    raised: str | None = None
    """Type of the exception that it ended in."""
    facts: Callable[[CallFacts], bool] | None = None
    """Of what the host saw of it: output, times, memory."""

    def assert_met_by(self, facts: CallFacts) -> None:
        assert facts.verdict in self.verdicts, facts
        if self.returned is not None:
            assert isinstance(facts.outcome, Returned), facts
            assert self.returned(values.decode(facts.outcome.value)), facts
        elif self.raised is not None:
            assert isinstance(facts.outcome, Raised), facts
            assert facts.outcome.type == self.raised, facts
        else:
            assert facts.outcome is None or isinstance(facts.outcome, Raised), facts
        assert self.facts is None or self.facts(facts), facts


def returns(value: Any, **more: Any) -> Expected:
    """Nothing was reached but this."""
    return Expected((Verdict.OK,), returned=lambda actual: _same(actual, value), **more)


def returns_such(check: Check, *verdicts: Verdict, **more: Any) -> Expected:
    return Expected(verdicts or (Verdict.OK,), returned=check, **more)


def raises(kind: str, verdict: Verdict = Verdict.GUEST_ERROR, **more: Any) -> Expected:
    return Expected((verdict,), raised=kind, **more)


def fails(error: int, **more: Any) -> Expected:
    """With the kernel's error, which the program did not catch."""

    def named(facts: CallFacts) -> bool:
        return isinstance(facts.outcome, Raised) and facts.outcome.message.startswith(f"[Errno {error}]")

    return raises("OSError", facts=named, **more)


def ends(*verdicts: Verdict, **more: Any) -> Expected:
    """Without a result."""
    return Expected(verdicts, **more)


def _same(actual: Any, value: Any) -> bool:
    return type(actual) is type(value) and actual == value


NOWHERE_ELSE: Final[Mapping[str, Expected]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hostile:
    program: Callable[..., Any]
    """Of a module in `programs`, whose text is run; the host never calls it."""
    expected: Expected
    number: int | None = None
    """In the catalogue of docs/sandbox-facts.md; None: an idea of our own."""
    arguments: tuple[Any, ...] = ()
    label: str = ""
    policy: Policy = QUICK
    on: Mapping[str, Expected] = field(default_factory=lambda: NOWHERE_ELSE)
    """Engines on which something else is as good, each of which says why."""
    ends_the_sandbox_on: frozenset[str] = frozenset()
    """Engines that bound process 1 and its calls together: it goes with the call, and no honest one comes after."""
    alone: bool = False
    """Measures time, so nothing else may run beside it."""

    @property
    def name(self) -> str:
        module = self.program.__module__.rpartition(".")[2]
        return f"{module}.{self.program.__name__}{f'[{self.label}]' if self.label else ''}"

    def expected_on(self, engine: str) -> Expected:
        return next((self.on[name] for name in _peculiar_as(engine) if name in self.on), self.expected)

    def ends_the_sandbox(self, engine: str) -> bool:
        return not self.ends_the_sandbox_on.isdisjoint(_peculiar_as(engine))


def _peculiar_as(engine: str) -> tuple[str, ...]:
    """Engines of whose peculiarities it has all: a container's gVisor is as peculiar as gVisor."""
    return (engine, "gvisor") if engine == "docker-gvisor" else (engine,)
