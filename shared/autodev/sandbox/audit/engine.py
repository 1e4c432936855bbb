"""An engine of whose every run there is a record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from autodev.sandbox.audit.entry import Kind, asked, checked, ran
from autodev.sandbox.audit.log import AuditLog
from autodev.sandbox.audit.tenant import tenant
from autodev.sandbox.engine import Engine
from autodev.sandbox.errors import IsolationUnavailable
from autodev.sandbox.policy import Policy
from autodev.sandbox.program import CallInput, Program, PropertyInput
from autodev.sandbox.report import PropertyReport, RunReport
from autodev.sandbox.script import source_of

T = TypeVar("T")


class AuditedEngine:
    """See `Engine`. A report is given once its record is on the disk, which a thread sees to; the loop never waits.

    Besides what `Engine` raises: `AuditError`, if there is no record. The run has happened then, in vain.
    """

    def __init__(self, engine: Engine, log: AuditLog) -> None:
        self._engine = engine
        self._log = log

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def image(self) -> str | None:
        return self._engine.image

    def close(self) -> None:
        self._engine.close()

    async def run(self, program: Program, calls: Sequence[CallInput], policy: Policy) -> RunReport:
        what = self._asked(source_of(program, calls), [program.replacement], policy)
        return await self._recorded(
            Kind.RUN, what, self._engine.run(program, calls, policy), lambda report: ran([report])
        )

    async def search(
        self,
        module_source: str,
        entrypoint: str,
        replacements: Sequence[str | None],
        calls: Sequence[CallInput],
        policy: Policy,
    ) -> Sequence[RunReport]:
        what = self._asked(module_source, replacements, policy)
        running = self._engine.search(module_source, entrypoint, replacements, calls, policy)
        return await self._recorded(Kind.SEARCH, what, running, ran)

    async def check_properties(
        self, program: Program, checks: Sequence[PropertyInput], policy: Policy
    ) -> PropertyReport:
        what = self._asked(program.module_source, [None], policy)
        running = self._engine.check_properties(program, checks, policy)
        return await self._recorded(Kind.PROPERTIES, what, running, checked)

    async def _recorded(
        self, kind: Kind, what: Mapping[str, Any], running: Awaitable[T], told: Callable[[T], Mapping[str, Any]]
    ) -> T:
        try:
            report = await running
        except IsolationUnavailable as error:
            await asyncio.to_thread(self._log.append, Kind.NOT_RUN, {**what, "control": error.control})
            raise
        except Exception as error:
            await asyncio.to_thread(self._log.append, Kind.FAILED, {**what, "error": type(error).__name__})
            raise
        except asyncio.CancelledError:
            # Whoever cancels is not kept waiting for the disk; the loop's end waits for its threads.
            asyncio.get_running_loop().run_in_executor(None, self._log.append, Kind.CANCELLED, what)
            raise
        await asyncio.to_thread(self._log.append, kind, {**what, **told(report)})
        return report

    def _asked(self, module_source: str, replacements: Sequence[str | None], policy: Policy) -> Mapping[str, Any]:
        return {"tenant": tenant(), **asked(module_source, replacements, policy, self.name, self.image)}
