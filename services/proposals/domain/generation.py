"""What one generation holds, and how recorded failures look to an engine."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autodev.events.models.call import Arguments, Raised, SkillRef
from autodev.events.models.search import (
    Candidate,
    CandidatesProposed,
    EvidenceCall,
    ObservedFailure,
    Role,
    Share,
)
from autodev.ids import CallId, Sha256, candidate_id, sha256
from autodev.repair import Edit, Failure, Frame, Target, extract
from autodev.values import ValueCodecError, decode
from services.proposals.domain.case import Case

CANDIDATES = 63
"""Edits in one generation at most, beside the base: with it as many as the event holds."""
GENERATIONS = 24
CODE_BYTES = 2 << 20
"""Of all candidates of a generation together, which has to fit the topic's limit with its sources and its calls."""
UNMODIFIED = "unmodified"


@dataclass(frozen=True, slots=True)
class Base:
    """The program that candidates grow from: the registered module, or a promoted function within it."""

    skill: SkillRef
    entrypoint: str
    module_source: str
    promoted: Sha256 | None = None
    promoted_code: str | None = None

    def code(self) -> str:
        """Source of the function as it runs now.

        Raises:
            RepairError: the module does not parse or has no such function.
        """
        return self.promoted_code or extract(Target(self.module_source, self.entrypoint))

    def current_module(self) -> str:
        """The module with the promoted function in the place of the registered one, for engines to read."""
        return self.module_source if self.promoted_code is None else replaced(self)


def replaced(base: Base) -> str:
    """`base.module_source` with its function, decorators kept, replaced by the promoted code."""
    assert base.promoted_code is not None
    for node in ast.parse(base.module_source).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == base.entrypoint:
            lines = base.module_source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            # Only these end a line for `ast`; str.splitlines would also split at form feeds and within strings.
            promoted = base.promoted_code.rstrip("\n")
            return "\n".join([*lines[: node.lineno - 1], promoted, *lines[node.end_lineno :]])
    return base.module_source


def unmodified(case: Case, base: Base) -> Candidate:
    """The base itself as a candidate: what every other is measured against."""
    code_hash = sha256(base.code())
    return Candidate(
        candidate_id=candidate_id(case.case_id, code_hash),
        code=base.promoted_code,
        code_hash=code_hash,
        operator=UNMODIFIED,
        description="the skill as it runs now",
        size=0,
        risk=0.0,
    )


def candidates(case: Case, edits: Iterable[Edit]) -> list[Candidate]:
    return [
        Candidate(
            candidate_id=candidate_id(case.case_id, code_hash := sha256(edit.code)),
            code=edit.code,
            code_hash=code_hash,
            operator=edit.operator,
            description=edit.description,
            size=edit.size,
            risk=edit.risk,
        )
        for edit in edits
    ]


def proposal(
    case: Case,
    base: Base,
    evidence: Sequence[EvidenceCall],
    edits: Sequence[Candidate],
    step_limit: int | None = None,
) -> CandidatesProposed:
    return CandidatesProposed(
        tenant_id=case.tenant_id,
        agent_id=case.agent_id,
        case_id=case.case_id,
        round=case.round,
        generation=case.generation,
        skill=base.skill,
        entrypoint=base.entrypoint,
        module_source=base.module_source,
        base_code=base.code(),
        base_promoted=base.promoted,
        candidates=(unmodified(case, base), *edits),
        evidence=tuple(evidence),
        first_failure_at=case.first_failure_at,
        step_limit=step_limit,
    )


def fitting(edits: Mapping[str, Edit]) -> dict[str, Edit]:
    """The first of `edits`, as many as one event can carry; one at least, if there is any."""
    room = CODE_BYTES
    found: dict[str, Edit] = {}
    for mark, edit in edits.items():
        room -= len(edit.code.encode())
        if found and room < 0:
            break
        found[mark] = edit
    return found


def failures(base: Base, evidence: Sequence[EvidenceCall], observed: Mapping[CallId, ObservedFailure]) -> list[Failure]:
    """The search part's failures. What the sandbox just saw replaces what was recorded under an older version."""
    found = []
    for call in evidence:
        if call.role is not Role.FAILING or call.share is not Share.SEARCH:
            continue
        raised = observed[call.call_id].raised if call.call_id in observed else call.recorded
        if isinstance(raised, Raised):
            found.append(
                Failure(
                    error_type=raised.type,
                    message=raised.message,
                    frames=tuple(Frame(frame.function, frame.statement) for frame in raised.frames),
                    arguments=_by_name(base, call.arguments),
                )
            )
    return found


def _by_name(base: Base, arguments: Arguments) -> dict[str, Any] | None:
    """The decoded arguments by parameter, as far as a signature without defaults tells."""
    function = ast.parse(base.code()).body[0]
    assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
    names = [parameter.arg for parameter in (*function.args.posonlyargs, *function.args.args)]
    try:
        positional = dict(zip(names, (decode(value) for value in arguments.args), strict=False))
        return positional | {name: decode(value) for name, value in arguments.kwargs.items()}
    except ValueCodecError:
        return None
