"""What `autodev repair` found, for people and for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodev.cli.output import print_code, say

if TYPE_CHECKING:
    from autodev.repair.repairing import Repair


def told(done: Repair, *, interrupted: bool = False) -> dict[str, Any]:
    """As JSON: `code` is the whole module, so that it runs as it stands; `functions` are those that were rewritten."""
    return {
        "fixed": bool(done.ranked) or done.needless,
        "needless": done.needless,
        "interrupted": interrupted,
        "candidates": [
            {
                "code": each.candidate.module.text,
                "confidence": each.confidence,
                "edits": [
                    {"operator": edit.operator, "description": edit.description, "function": edit.function}
                    for edit in each.candidate.edits
                ],
                "functions": dict(each.candidate.codes),
                "size": each.candidate.size,
                "alike": each.alike,
            }
            for each in done.ranked
        ],
        "evaluated": done.evaluated,
        "seconds": round(done.seconds, 3),
        "best_share": round(done.best, 4),
        "failures": dict(done.failures),
    }


def show(done: Repair, file: Path) -> None:
    """The best version as a diff with its confidence, or how near the search came."""
    from autodev.repair.differences import diff

    if done.needless:
        say("nothing to repair: it is right on all cases")
        return
    if not done.ranked:
        say(
            f"not fixed: of {done.evaluated} candidates in {done.seconds:.1f} s the best is right on "
            f"{done.best:.0%} of the cases"
        )
        return
    best = done.ranked[0]
    print_code(diff(done.original.text, best.candidate.module.text, name=str(file)) + "\n", "diff")
    say(f"confidence {best.confidence:.2f}: {'; '.join(edit.description for edit in best.candidate.edits)}")
    say(
        f"{len(done.ranked)} right on all cases, of {done.evaluated} candidates in {done.seconds:.1f} s; "
        f"{best.alike} behave as this one"
    )
