"""Whether the demo has shown what it is there to show, and where to look if not."""

from __future__ import annotations

from autodev.events.models.case import CaseState
from examples.flights.demo.story import Story, ToolStory
from examples.flights.messages import Counts, Measured

_FIXED = frozenset({CaseState.CANARY, CaseState.VERIFIED})


def shortcomings(story: Story, measured: Measured) -> list[str]:
    """For each tool that fails as written: why it is not fixed, and the next step. Empty if all are.

    Fixed is a tool that, on flights that nobody has seen, neither raises nor gives a single answer that its check
    refuses.
    """
    return [
        _shortcoming(name, story.tools[name], measured.after[name])
        for name in measured.before
        if measured.before[name].failures and measured.after[name].failures
    ]


def _shortcoming(name: str, tool: ToolStory, after: Counts) -> str:
    failing = f"{name} still fails: it raises in {after.raised} and is wrong in {after.refused} of {after.calls} calls"
    return "; ".join([failing, *(_unsolved(tool) or ["its failures are in no case: autodev doctor"])])


def _unsolved(tool: ToolStory) -> list[str]:
    return [
        f"{case.error_type} is {case.state}, {case.reason}: autodev cases show {case.case_id}"
        for case in tool.cases.values()
        if case.state not in _FIXED
    ]
