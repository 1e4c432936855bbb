"""What an agent process tells whoever started it, one JSON object a line on its standard output."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True)


class Counts(_Message):
    """Calls of one tool, and how they ended."""

    calls: int
    raised: int
    refused: int
    """Answers that the tool's property check refuses."""
    nones: int
    """Right answers that are None."""

    @property
    def failures(self) -> int:
        return self.raised + self.refused


class Started(_Message):
    """The agent is about to make its first call."""

    kind: Literal["started"] = "started"
    at: AwareDatetime
    versions: dict[str, str | None]
    """Of each tool, the promoted version that its first call will run."""


class Worked(_Message):
    """What happened since the message before this one."""

    kind: Literal["worked"] = "worked"
    at: AwareDatetime
    flights: int
    tools: dict[str, Counts]


class Switched(_Message):
    """From now on, a tool runs another version."""

    kind: Literal["switched"] = "switched"
    tool: str
    version: str | None
    """None is the original."""
    at: AwareDatetime
    first_failure_at: AwareDatetime | None
    """The first failure of the kind that this version repairs."""


class Measured(_Message):
    """The tools as written, and as they run now, on the same held-out flights."""

    kind: Literal["measured"] = "measured"
    before: dict[str, Counts]
    after: dict[str, Counts]


Message = Annotated[Started | Worked | Switched | Measured, Field(discriminator="kind")]
MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)

MEASURE = "measure"
"""The one command that an agent takes on its standard input, whose end tells it to stop."""
