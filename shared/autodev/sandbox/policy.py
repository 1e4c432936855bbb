"""What one isolation may use. The same object holds for every engine."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_MIB = 1 << 20

Seconds = Annotated[float, Field(gt=0, le=3_600, allow_inf_nan=False)]


class Policy(BaseModel):
    """Limits of one run. There is no network and no host file under any policy.

    What counts per process and what for all of them together differs between engines: see the table of the sandbox's
    README.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    wall_seconds: Seconds = 10.0
    """Of the whole run, all its calls together, from the moment the guest is ready."""
    call_seconds: Seconds = 2.0
    """Wall clock of one call; the calls after it still run."""
    cpu_seconds: Annotated[int, Field(ge=1, le=3_600)] = 5
    """Of one process."""
    memory_bytes: Annotated[int, Field(ge=64 * _MIB, le=1 << 40)] = 512 * _MIB
    """Of all processes of a call together, scratch directory included; without control groups, of each process."""
    cpus: Annotated[float, Field(gt=0, le=1_024, allow_inf_nan=False)] = 1.0
    """Seconds of CPU that all processes of a call may take in a second; not bounded without control groups."""
    processes: Annotated[int, Field(ge=1, le=1_024)] = 16
    """Processes and threads that a call may have at one time, itself included."""
    file_bytes: Annotated[int, Field(ge=4_096, le=1 << 34)] = 16 * _MIB
    """Size of the scratch directory, and of the largest file in it."""
    inodes: Annotated[int, Field(ge=16, le=1 << 24)] = 4_096
    """Files and directories in the scratch directory."""
    open_files: Annotated[int, Field(ge=16, le=256)] = 64
    output_bytes: Annotated[int, Field(ge=0, le=64 * _MIB)] = 64 * 1024
    """Of a call's stdout and stderr each; more of it stops the call."""
    head_bytes: Annotated[int, Field(ge=0, le=64 * _MIB)] = 2 * 1024
    """Of a call's stdout and stderr each, how much of the beginning is kept."""
    tail_bytes: Annotated[int, Field(ge=0, le=64 * _MIB)] = 2 * 1024
    """Likewise of the end."""
    result_bytes: Annotated[int, Field(ge=1_024, le=64 * _MIB)] = 256 * 1024
    """Of what a call returns, as tagged JSON."""
    search_result_bytes: Annotated[int, Field(ge=1_024, le=1 << 32)] = 16 * _MIB
    """Of what all calls of all programs of a search return: each program has an equal share, of one result at least."""

    @model_validator(mode="after")
    def _a_call_fits_its_run(self) -> Self:
        if self.call_seconds > self.wall_seconds:
            raise ValueError(
                f"call_seconds ({self.call_seconds}) is more than wall_seconds ({self.wall_seconds}) of the whole run"
            )
        return self
