"""One call of a skill: what went in, and what came out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from autodev.events.models.base import Part, Tagged
from autodev.ids import Sha256Field, SkillField

ShortText = Annotated[str, Field(max_length=200)]
Person = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Who decided: a name without control characters."""
Message = Annotated[str, Field(max_length=4_000)]


class SkillRef(Part):
    """Which code ran. The source itself travels once, in `SkillRegistered`."""

    name: SkillField
    content_hash: Sha256Field
    """Of the module's source."""
    function_hash: Sha256Field
    """Of the function's own source: it survives edits elsewhere in the module."""
    promoted: Sha256Field | None = None
    """Code hash of the promoted version that ran in place of the original, if one did."""


class Frame(Part):
    """A line of a traceback without its number, which the next fix would move."""

    function: ShortText
    statement: Annotated[str, Field(max_length=500)]


class Returned(Part):
    kind: Literal["returned"] = "returned"
    value: Tagged


class Raised(Part):
    kind: Literal["raised"] = "raised"
    type: ShortText
    """The exception's class name, with its module unless it is a builtin or the skill's own."""
    message: Message = ""
    frames: Annotated[tuple[Frame, ...], Field(max_length=50)] = ()
    """Of the skill's own module, outermost first."""


CallOutcome = Annotated[Returned | Raised, Field(discriminator="kind")]


class Arguments(Part):
    args: tuple[Tagged, ...] = ()
    kwargs: dict[str, Tagged] = Field(default_factory=dict)


class Call(Part):
    entrypoint: ShortText
    """Qualified name of the function within its module."""
    arguments: Arguments
    outcome: CallOutcome


class Expectation(Part):
    """What the agent knows the call should have returned. Its own type, since None can be expected."""

    value: Tagged
