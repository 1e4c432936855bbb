"""What an agent process tells whoever started it, one JSON object a line on its standard output."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True)


class Ready(_Said):
    """It is connected, and has called nothing yet."""

    kind: Literal["ready"] = "ready"


class Failed(_Said):
    """A skill is about to fail for the first time."""

    kind: Literal["failed"] = "failed"
    skill: str
    at: AwareDatetime


class Loaded(_Said):
    """From now on the skill runs a promoted version."""

    kind: Literal["loaded"] = "loaded"
    skill: str
    at: AwareDatetime


Message = Ready | Failed | Loaded
MESSAGE: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="kind")])
