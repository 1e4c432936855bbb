"""One generation of a case's search on its way: proposed, executed, scored."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from autodev.events.models.agent import MAX_SOURCE
from autodev.events.models.base import EventData, Part, UtcDatetime
from autodev.events.models.call import Arguments, CallOutcome, Expectation, Message, Raised, ShortText, SkillRef
from autodev.ids import AgentField, CallField, CandidateField, CaseField, Sha256Field, TenantField

UnitInterval = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0)]
Tally = Annotated[int, Field(ge=0)]
Source = Annotated[str, Field(max_length=MAX_SOURCE)]
MAX_LINES = 2_000
"""That a way tells of one call; a module of which a call executes more is not localised."""


class Role(StrEnum):
    """What a call is evidence of, and by which outcome a candidate is judged on it."""

    FAILING = "failing"
    """The case's own failure: it must end in an answer that nothing refuses."""
    PASSING = "passing"
    """The skill did well: the recorded result must stay."""
    REGRESSION = "regression"
    """A failure that an earlier version fixed: what the base answers must stay."""


class Share(StrEnum):
    """Which part of the evidence a call belongs to; engines never see the held-out part."""

    SEARCH = "search"
    HELD_OUT = "held_out"


class EvidenceCall(Part):
    """A recorded call that candidates are run on."""

    call_id: CallField
    role: Role
    share: Share
    arguments: Arguments
    recorded: CallOutcome
    expected: Expectation | None = None
    violated: bool = False
    """The skill returned, and its own property check refused the result."""


class Candidate(Part):
    candidate_id: CandidateField
    code: Source | None
    """New source of the skill's function; None runs the module as it was registered."""
    code_hash: Sha256Field
    operator: ShortText
    description: Message
    size: Tally
    risk: UnitInterval


class Generation(EventData):
    """Candidates of one case and the evidence they are run on; self-contained, so no service waits for a join."""

    tenant_id: TenantField
    agent_id: AgentField
    case_id: CaseField
    round: Annotated[int, Field(ge=1)]
    """How often the case has been opened."""
    generation: Tally
    """0 runs the unmodified skill alone, to see whether the failure reproduces."""
    skill: SkillRef
    entrypoint: ShortText
    module_source: Source
    base_code: Source
    """The function that candidates grew from: the promoted one, else the registered one."""
    base_promoted: Sha256Field | None
    """Code hash of the promoted version they grew from; a promotion compares and sets it."""
    candidates: Annotated[tuple[Candidate, ...], Field(min_length=1, max_length=64)]
    evidence: Annotated[tuple[EvidenceCall, ...], Field(min_length=1, max_length=200)]
    first_failure_at: UtcDatetime
    step_limit: Tally | None = None
    """Lines that a call may execute in the run that candidates share, more is an endless loop; 0: they are not counted.
    None while nobody has seen the way of the unmodified skill."""

    @model_validator(mode="after")
    def _each_is_there_once(self) -> Self:
        if len({candidate.candidate_id for candidate in self.candidates}) != len(self.candidates):
            raise ValueError("a candidate is there twice")
        if len({call.call_id for call in self.evidence}) != len(self.evidence):
            raise ValueError("a call is there twice")
        return self

    def record_key(self) -> str:
        return self.case_id


class CandidatesProposed(Generation):
    """Run these."""


class Verdict(StrEnum):
    """How a run ended, by the supervisor's own evidence and never by the guest's word."""

    OK = "ok"
    GUEST_ERROR = "guest_error"
    WALL_TIMEOUT = "wall_timeout"
    CPU_LIMIT = "cpu_limit"
    OOM = "oom"
    PIDS_LIMIT = "pids_limit"
    OUTPUT_LIMIT = "output_limit"
    KILLED_BY_SIGNAL = "killed_by_signal"
    NO_RESULT = "no_result"
    PROTOCOL_ERROR = "protocol_error"
    ENGINE_ERROR = "engine_error"


class PropertyVerdict(StrEnum):
    HELD = "held"
    VIOLATED = "violated"
    BROKEN = "broken"
    """The check itself failed."""
    ABSENT = "absent"
    """The skill has no check, or the call gave no result to check."""


class CallRun(Part):
    call_id: CallField
    verdict: Verdict
    outcome: CallOutcome | None
    """None where the call gave neither a result nor an exception."""
    seconds: Seconds
    property: PropertyVerdict = PropertyVerdict.ABSENT
    property_message: Message = ""


class Place(Part):
    """A frame of a traceback by its line in the module, with the candidate's code in the place of the function."""

    function: ShortText
    line: Tally


class Way(Part):
    """How a call went through the module. The guest's word: it steers a search, and proves nothing."""

    call_id: CallField
    lines: Annotated[tuple[Tally, ...], Field(max_length=MAX_LINES)] = ()
    """Executed ones, in order; empty where they are not known."""
    frames: Annotated[tuple[Place, ...], Field(max_length=50)] = ()
    """Where it raised, outermost first."""
    steps: Tally = 0
    """How many lines were executed, repetitions counted."""


class CandidateRun(Part):
    candidate_id: CandidateField
    verdict: Verdict
    message: Message = ""
    seconds: Seconds
    calls: tuple[CallRun, ...]
    ways: tuple[Way, ...] = ()
    """On calls of the search part; of the unmodified skill and of the nearest candidates, where none was right."""


class CandidatesExecuted(Generation):
    """The generation with facts: what each candidate did on each call."""

    engine: ShortText
    runs: tuple[CandidateRun, ...]

    @model_validator(mode="after")
    def _every_candidate_ran_once(self) -> Self:
        if [run.candidate_id for run in self.runs] != [candidate.candidate_id for candidate in self.candidates]:
            raise ValueError("runs are not those of the candidates, in their order")
        if any(len({call.call_id for call in run.calls}) != len(run.calls) for run in self.runs):
            raise ValueError("a run has a call twice")
        return self


class Decision(StrEnum):
    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not_reproduced"
    CONTINUE = "continue"
    """Nothing plausible in this generation."""
    PROMOTED = "promoted"
    APPROVAL_REQUESTED = "approval_requested"
    STALE = "stale"
    """Another case changed the skill meanwhile; the search starts again on the new base."""


class CandidateScore(Part):
    """The fitness vector of one candidate, and what follows from it."""

    candidate_id: CandidateField
    fixed: Tally
    failing: Tally
    kept: Tally
    passing: Tally
    held_out_passed: Tally
    held_out: Tally
    oracle_calls: Tally
    """Fixed calls that an expectation or a property vouches for."""
    nones: Tally
    """Fixed calls answered with None."""
    latency_ratio: Annotated[float, Field(ge=0)] | None
    """Median seconds on kept calls over the base's; None without kept calls."""
    size: Tally
    risk: UnitInterval
    fitness: UnitInterval
    plausible: bool
    reason: Message


class ObservedFailure(Part):
    """How the base failed when it ran again in the sandbox: its frames are those of the code as it is now."""

    call_id: CallField
    raised: Raised


class Ended(StrEnum):
    """What a call of a candidate came to, as far as a search cares."""

    RIGHT = "right"
    WRONG = "wrong"
    """An answer that the evidence refuses."""
    RAISED = "raised"
    STOPPED = "stopped"
    """Neither an answer nor an exception."""


class SeenCall(Way):
    ended: Ended
    error: ShortText = ""
    """The exception's type."""
    message: Message = ""


class Seen(Part):
    """A version that is not right yet, and how it went: what further edits may start from."""

    candidate: Candidate
    closeness: UnitInterval
    """Of its answers to right ones, over the search part."""
    calls: tuple[SeenCall, ...]
    """Sound ones of the search part."""


class CandidatesScored(EventData):
    tenant_id: TenantField
    agent_id: AgentField
    case_id: CaseField
    round: Annotated[int, Field(ge=1)]
    generation: Tally
    skill: SkillRef
    decision: Decision
    reason: Message
    sound_calls: tuple[CallField, ...]
    """Calls whose recorded outcome the unmodified skill gave again; only these are evidence."""
    refuted_calls: tuple[CallField, ...] = ()
    """Calls that ended properly, with another outcome than was recorded: no evidence, now or later."""
    observed: tuple[ObservedFailure, ...] = ()
    scores: tuple[CandidateScore, ...]
    chosen: CandidateField | None = None
    seen: tuple[Seen, ...] = ()
    """The unmodified skill first, then candidates that come nearer; empty where nobody watched them."""

    def record_key(self) -> str:
        return self.case_id
