"""Random data of every event type, valid by the models' own limits."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from polyfactory.factories.base import BaseFactory
from polyfactory.factories.pydantic_factory import ModelFactory
from pydantic import BaseModel, JsonValue

from autodev.events.catalogue import EventType
from autodev.events.models.agent import Outcome, SkillRegistered
from autodev.events.models.base import EventData
from autodev.events.models.failure import FailureBatched
from autodev.events.models.search import Candidate, CandidateRun, CandidatesExecuted, EvidenceCall, Generation
from autodev.ids import sha256

TAGGED: list[Any] = [None, True, -1, 2.5, "text ä", {"$tuple": [1, {"$float": "nan"}]}, [[], {}]]


class _Factory(ModelFactory[BaseModel]):
    __is_base_factory__ = True
    __randomize_collection_length__ = True
    __max_collection_length__ = 3

    @classmethod
    def get_provider_map(cls) -> dict[Any, Callable[[], Any]]:
        return super().get_provider_map() | {JsonValue: lambda: cls.__random__.choice(TAGGED)}


def random_data(event_type: EventType) -> EventData:
    """Data that is published as `event_type`."""
    data = _factory(event_type.data).build(**_given(event_type))
    assert isinstance(data, EventData)
    return data


@cache
def _factory(model: type[BaseModel]) -> type[BaseFactory[Any]]:
    return _Factory.create_factory(model)


def _given(event_type: EventType) -> dict[str, Any]:
    """What a model's own validators tie together, and little where its limits allow much."""
    choose = _Factory.__random__.choice
    if event_type.data is SkillRegistered:
        source = choose(["", "def f():\n    return 'ä'\n", "\x00"])
        return {"source": source, "content_hash": sha256(source)}
    if event_type.data is FailureBatched:
        return choose([{"signature": None, "case_id": None}, {"signature": "s", "case_id": "c"}])
    if issubclass(event_type.data, Generation):
        candidates, evidence = _factory(Candidate).batch(2), _factory(EvidenceCall).batch(2)
        runs = [_factory(CandidateRun).build(candidate_id=each.candidate_id, calls=()) for each in candidates]
        executed = {"runs": runs} if event_type.data is CandidatesExecuted else {}
        return {"candidates": candidates, "evidence": evidence, **executed}
    if event_type.name.startswith("dev.autodev.task."):
        succeeded = event_type.name == "dev.autodev.task.succeeded.v1"
        return {"outcome": Outcome.SUCCESS if succeeded else choose([Outcome.FAILURE, Outcome.PARTIAL])}
    return {}
