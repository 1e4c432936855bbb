"""A generation that nobody of ours proposed: run in isolation, and answered with facts that readers take."""

from __future__ import annotations

from typing import Any

import pytest

from autodev.events.envelope import new_event
from autodev.events.models.call import Arguments
from autodev.events.models.search import CandidatesExecuted, CandidatesProposed, Verdict
from autodev.ids import CallId
from autodev.sandbox import namespace_engine
from autodev.sandbox.policy import Policy
from services.sandbox.domain.facts import executed
from services.sandbox.domain.quota import Quota
from services.sandbox.generation import GenerationRun
from services.sandbox.slots import FairSlots
from services.sandbox.spending import MeteredTenants
from tests.unit.sandbox_service import generations

pytestmark = pytest.mark.isolation
MODULE = "def speed(x):\n    return float(x)\n"


async def answered(**changes: Any) -> CandidatesExecuted:
    """The sandbox's answer, as its readers read it."""
    fields = {"module_source": MODULE, "entrypoint": "speed", **changes}
    another = generations.candidate("other").model_copy(update={"code": "def speed(x):\n    return 1.5\n"})
    given = generations.generation(another, calls=fields.pop("calls", generations.EVIDENCE))
    proposed = CandidatesProposed.model_validate({**dict(given), **fields})
    event = new_event(CandidatesProposed.read(proposed.write()), source="/anyone")
    assert event.data is not None
    runs = await GenerationRun(event.data, namespace_engine(), Policy(), FairSlots(2), MeteredTenants(Quota())).run()
    return CandidatesExecuted.read(executed(event.data, "namespaces", runs).write())


def with_arguments(*args: Any, **kwargs: Any) -> Any:
    first, *others = generations.EVIDENCE
    return (first.model_copy(update={"arguments": Arguments(args=args, kwargs=kwargs)}), *others)


@pytest.mark.parametrize(
    "changes",
    [
        {"module_source": "def speed(:\n"},
        {"module_source": "x = '\x00'\n"},
        {"module_source": "raise SystemExit(3)\n"},
        {"module_source": "(" * 5_000},
        {"module_source": ""},
        {"module_source": "speed = 5\n"},
        {"entrypoint": ""},
        {"entrypoint": "../../etc/passwd"},
        {"entrypoint": "__import__('os').system"},
        {"entrypoint": "speed\x00\n\x1b[31m"},
        {"calls": with_arguments({"$nothing": 1})},
        {"calls": with_arguments({"$int": "zz"})},
        {"calls": with_arguments({"$unencodable": {"type": "x", "repr": "y"}})},
        {"calls": with_arguments("\x00\x1b[31m")},
        {"calls": with_arguments(**{"not a name": 1, "": 2})},
        {"calls": with_arguments([[[{"$tuple": [{"$map": [[{"$set": []}, 1]]}]}]]])},
        {"calls": with_arguments("x" * 100_000)},
    ],
    ids=range(17),
)
async def test_it_is_answered_whatever_it_holds(changes: dict[str, Any]) -> None:
    facts = await answered(**changes)
    assert [run.candidate_id for run in facts.runs] == [each.candidate_id for each in facts.candidates]
    for run in facts.runs:
        assert run.message.replace("\n", " ").isprintable()
        assert {call.call_id for call in run.calls} <= {CallId(call.call_id) for call in facts.evidence}
        assert run.verdict in Verdict
