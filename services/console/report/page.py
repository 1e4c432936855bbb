"""The page of one case."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Final

from services.console.domain.candidate import Candidate
from services.console.domain.case import Case
from services.console.domain.difference import unified
from services.console.domain.story.telling import Story
from services.console.report.curve import curve
from services.console.report.markup import code, items, table, text
from services.console.report.tree import tree

_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:960px;margin:2em auto;padding:0 1em;color:#1b1f24}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:3px 10px 3px 0;"
    "border-bottom:1px solid #e3e6ea;overflow-wrap:anywhere}th{color:#59636e;font-weight:600}"
    "pre{background:#f6f8fa;padding:12px;overflow:auto}.added{color:#116329}.removed{color:#a40e26}.place{color:#0550ae}"
    "svg{width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:#1b1f24}.grid{stroke:#e3e6ea}"
    ".best{fill:none;stroke:#0550ae;stroke-width:2}.joint{fill:none;stroke:#afb8c1}"
    ".chosen{fill:#0550ae}.good{fill:#1a7f37}.bad{fill:#afb8c1}"
)
_DIGEST: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"
"""Nothing is loaded and nothing runs; the one style is named by what it holds."""


def page(case: Case, story: Story | None, chosen: Candidate | None) -> str:
    """One self-contained HTML document; `chosen` is the candidate that `story` chose, where there is one."""
    title = text(f"{case.error_type} in {case.skill or case.agent_id}", 200)
    body = _told(story, chosen) if story else "<p>Nothing was searched yet.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>{_head(case)}{body}"
        f"<h2>History</h2>{_history(case)}</body></html>\n"
    )


def _head(case: Case) -> str:
    last = case.history[-1] if case.history else None
    rows = [("case", case.case_id), ("agent", case.agent_id), ("signature", case.signature)]
    state = [("state", last.state.value), ("reason", last.reason), ("round", last.round)] if last else []
    return table(("fact", "value"), [*rows, *state])


def _history(case: Case) -> str:
    rows = [(step.changed_at.isoformat(), step.round, step.state.value, step.reason) for step in case.history]
    return table(("at", "round", "state", "reason"), rows, limit=200)


def _told(story: Story, chosen: Candidate | None) -> str:
    return "".join(
        f"<h2>{title}</h2>{content}"
        for title, content in (
            ("Where the fault is likely", _localised(story)),
            (f"Best fitness, {story.tried} candidates tried", curve(story.generations) + _stages(story)),
            ("Operators", _operators(story)),
            ("Plausible candidates", _ranking(story)),
            ("Why this one", _choice(story)),
            ("What it changes", _diff(chosen)),
            ("Lineage", tree(story.lineage)),
        )
    )


def _localised(story: Story) -> str:
    found = story.localisation
    if found is None:
        return "<p>not known</p>"
    lines = [(it.line, story.statements.get(it.line, ""), it.suspicion, it.failing, it.right) for it in found.lines]
    frames = [
        (it.function, it.line, it.statement or story.statements.get(it.line or 0, ""), it.error, it.calls)
        for it in found.frames
    ]
    cut = f"<p>{found.lines_cut} more lines</p>" if found.lines_cut else ""
    columns = ("line", "statement", "suspicion", f"of {found.failing} wrong calls", f"of {found.right} right ones")
    return table(columns, lines) + cut + table(("raised in", "line", "statement", "error", "calls"), frames)


def _stages(story: Story) -> str:
    rows = [
        (it.generation, it.tried, it.plausible, it.best_fitness, it.closest, it.decision, it.reason)
        for it in story.generations
    ]
    return table(("generation", "tried", "plausible", "best fitness", "closest", "decision", "reason"), rows, 300)


def _operators(story: Story) -> str:
    rows = [(it.operator, it.tried, it.plausible, it.best_fitness, it.closest) for it in story.operators]
    return table(("operator", "tried", "plausible", "best fitness", "closest"), rows)


def _ranking(story: Story) -> str:
    rows = [
        (it.place, it.state.value, it.operator, it.description, it.score.fitness, it.score.size, it.score.risk,
         f"{it.score.held_out_passed} of {it.score.held_out}")
        for it in story.ranking
    ]  # fmt: skip
    return table(("", "state", "operator", "description", "fitness", "size", "risk", "held out"), rows)


def _choice(story: Story) -> str:
    if story.choice is None:
        return "<p>none was chosen</p>"
    return f"<p>{text(story.choice.decision)}: {text(story.choice.reason)}</p>" + items(story.choice.because)


def _diff(chosen: Candidate | None) -> str:
    if chosen is None or chosen.proposal is None:
        return "<p>nothing</p>"
    proposal = chosen.proposal
    return code(unified(proposal.base_code, proposal.code, f"{proposal.skill}.py"))
