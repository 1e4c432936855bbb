"""Search by mutation: of all edits of all versions that are known, the most promising that nobody has tried.

A generation is a pure function of what is stored, the versions seen and the fingerprints tried: a process that dies has
nothing to hand on.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Sequence
from functools import partial
from math import exp
from typing import Final

import structlog

from autodev.events.models.search import Seen
from autodev.ids import sha256
from autodev.repair import Edit, RepairError, fingerprint
from autodev.repair.running.mutating import mutate
from autodev.repair.search.case import Case
from autodev.repair.search.expanding import expand
from autodev.repair.search.experience import from_document
from autodev.repair.search.module import ModuleText
from autodev.repair.search.priors import shipped
from autodev.repair.search.smells import penalty
from services.proposals.domain.seen import edits_in, is_base, joined
from services.proposals.engines.engine import SearchRequest
from services.proposals.engines.options import Option, Remembered
from services.proposals.engines.versions import expectations, to_node

log = structlog.get_logger(__name__)

_REMEMBERED: Final = 32
"""Versions, of all cases together: a megabyte or two each."""
_DISCOUNT: Final = 0.5
"""Of each edit more: one that is right by itself is likelier."""
_LEAST: Final = 0.05
_OPERATOR: Final = 200
_DESCRIPTION: Final = 4_000


class MutationEngine:
    """Has nothing to propose until the sandbox has watched the unmodified skill."""

    name = "mutation"

    def __init__(self) -> None:
        self._remembered = Remembered(_REMEMBERED)

    def propose(self, request: SearchRequest) -> Sequence[Edit]:
        if not request.seen:
            return ()
        try:
            base = ModuleText.of(request.module_source, request.entrypoint)
            known = {fingerprint(base.code(request.entrypoint)), *request.known}
        except RepairError as error:
            log.info("nothing_to_propose", entrypoint=request.entrypoint, reason=str(error))
            return ()
        failing, none_is_good = expectations(request.calls)
        edits: list[Edit] = []
        for version, option in self._in_order(request, base):
            if len(edits) == request.limit:
                break
            if option.mark is not None and option.mark not in known:
                known.add(option.mark)
                before = base.code(request.entrypoint) if is_base(version) else version.candidate.code or ""
                edits.append(_edit(before, option, failing, none_is_good=none_is_good))
        return edits

    def _in_order(self, request: SearchRequest, base: ModuleText) -> Iterator[tuple[Seen, Option]]:
        """Options of all versions as one queue."""
        queues = [
            [
                (-option.next.promise * weight, number, place, version, option)
                for place, option in enumerate(self._options(request, base, version))
            ]
            for number, (version, weight) in enumerate(_weighed(request.seen))
        ]
        for *_, version, option in heapq.merge(*queues, key=lambda entry: entry[:3]):
            yield version, option

    def _options(self, request: SearchRequest, base: ModuleText, version: Seen) -> Sequence[Option]:
        calls = [call.call_id for call in request.calls]
        experience = json.dumps(request.experience)
        name = sha256("\x1f".join([base.text, request.entrypoint, version.model_dump_json(), experience, *calls]))
        return self._remembered.of(name, partial(_made, request, base, version))


def _made(request: SearchRequest, base: ModuleText, version: Seen) -> list[Option]:
    node, cases = to_node(version, base, request.entrypoint, request.calls)
    priors = shipped().moved_by(from_document(request.experience))
    return [
        Option(each, request.entrypoint)
        for each in expand(node, request.entrypoint, cases, mutate, priors, called=False)
    ]


def _weighed(seen: Sequence[Seen]) -> Iterator[tuple[Seen, float]]:
    """Each version with what its edits promise beside those of the unmodified skill, by how far it has come."""
    first, *further = seen
    yield first, 1.0
    for version in further:
        progress = (version.closeness - first.closeness) / max(1.0 - first.closeness, 1e-9)
        yield version, max(_LEAST, progress) * _DISCOUNT ** edits_in(version)


def _edit(before: str, option: Option, failing: Sequence[Case], *, none_is_good: bool) -> Edit:
    """Its risk is what its operators' experience and its smells leave to doubt."""
    candidate, code = option.candidate, option.candidate.module.code(option.entrypoint)
    smell = penalty(before, code, failing, none_is_good=none_is_good)
    last = candidate.edits[-1]
    earlier = candidate.edits[:-1]
    return Edit(
        code=code,
        operator=joined(*(each.operator for each in earlier), last.operator)[:_OPERATOR],
        description=" ".join(each.description for each in candidate.edits)[:_DESCRIPTION],
        size=candidate.size,
        risk=round(1.0 - candidate.prior * exp(-smell), 3),
        fixes=1,
    )
