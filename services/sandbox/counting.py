"""The run that candidates share, with steps counted: an endless loop ends after milliseconds, not at its deadline.

Of a thousand mutations every tenth loops for ever. What counts is in the guest, as its word: nothing is proved here,
and who survives runs alone as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from autodev.events.models.search import Candidate, Generation
from autodev.repair.running.driver import SEARCHED, driven, replacement
from autodev.repair.running.steps import TRACED_STEPS


def counted(generation: Generation, candidates: Sequence[Candidate]) -> tuple[str, str, list[str | None]]:
    """Module, entrypoint and replacements to be run together; as they are where steps are not to be counted."""
    codes = [candidate.code for candidate in candidates]
    limit = generation.step_limit
    if not limit or None in codes:
        return generation.module_source, generation.entrypoint, codes
    module = driven(generation.module_source, generation.entrypoint, TRACED_STEPS)
    return module, SEARCHED, [replacement(code, limit) for code in codes if code is not None]
