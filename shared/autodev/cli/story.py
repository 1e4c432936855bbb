"""The story of a case's search, as lines for people. Its texts are hostile: they are printed as cells and by `say`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from autodev.cli.output import Format, print_heading, print_rows, say

FIRST: Final = 5
LAST: Final = 15
ROWS: Final = 20
NODES: Final = 60
_WIDTH: Final = 40
_WORDS: Final = 100
_OPERATOR: Final = ("operator", "tried", "plausible", "best_fitness", "closest")
_RANKED: Final = ("place", "candidate_id", "state", "fitness", "held_out", "size", "risk", "operator", "description")
_LINE: Final = ("line", "suspicion", "wrong_calls", "right_calls", "statement")

Facts = Mapping[str, Any]


def print_story(story: Facts) -> None:
    """All that the console tells of a case's last search; long lists are cut, with a count of what was cut."""
    _localisation(story)
    stages = story["generations"]
    print_heading(f"search, round {story['round']}: {story['tried']} candidates in {len(stages)} generations")
    _print_lines(cut(curve_lines(stages), FIRST, LAST))
    _table("operators, those that came furthest first", story["operators"], _OPERATOR, "none tried yet")
    ranked = [
        it | it["score"] | {"held_out": _of(it["score"]), "description": it["description"][:_WORDS]}
        for it in story["ranking"]
    ]
    _table("plausible candidates, best first", ranked, _RANKED, "none yet")
    _choice(story["choice"])
    print_heading("lineage")
    _print_lines(cut(tree_lines(story["lineage"]), NODES, 0))


def curve_lines(stages: Sequence[Facts]) -> list[str]:
    """A line a generation: what it tried, and the best fitness so far as a bar."""
    return [
        f"{stage['generation']:>4}  tried {stage['tried']:>3}  best {_number(stage['best_so_far'])} "
        f"|{_bar(stage['best_so_far'])}|  {stage['decision'] or 'running'}"
        + (f", {stage['plausible']} plausible" if stage["plausible"] else "")
        for stage in stages
    ]


def tree_lines(nodes: Sequence[Facts]) -> list[str]:
    """A line a node, indented below its parent; what is left out below it is counted on a line of its own."""
    lines: list[str] = []
    waiting: list[tuple[int, int]] = []  # depth and count of what is cut, until a parent's children are through
    for node in nodes:
        while waiting and waiting[-1][0] > node["depth"]:
            lines.append(_cut_children(*waiting.pop()))
        lines.append(_node(node))
        if node["cut"]:
            waiting.append((node["depth"] + 1, node["cut"]))
    lines += [_cut_children(*each) for each in reversed(waiting)]
    return lines


def cut(lines: Sequence[str], first: int, last: int) -> list[str]:
    """The first and the last of `lines`, and between them how many there are more."""
    if len(lines) <= first + last:
        return list(lines)
    return [*lines[:first], f"      … {len(lines) - first - last} more", *lines[len(lines) - last :]]


def _node(node: Facts) -> str:
    known = [node["state"]] if node["state"] else []
    known += [f"{name} {_number(node[name])}" for name in ("fitness", "closeness") if node[name] is not None]
    known += [f"generation {node['generation']}"] if node["depth"] else []
    mark = " <- chosen" if node["chosen"] else ""
    name = f" {node['candidate_id']}" if node["candidate_id"] else ""
    words = f": {node['description'][:_WORDS]}" if node["description"] else ""
    return f"{'   ' * node['depth']}{node['operator'] or '?'} ({', '.join(known)}){mark}{name}{words}"


def _cut_children(depth: int, count: int) -> str:
    return f"{'   ' * depth}… {count} more"


def _localisation(story: Facts) -> None:
    found = story["localisation"]
    if found is None:
        return
    texts = story["statements"]
    lines = [
        {
            **line,
            "wrong_calls": f"{line['failing']} of {found['failing']}",
            "right_calls": f"{line['right']} of {found['right']}",
            "statement": texts.get(str(line["line"]), ""),
        }
        for line in found["lines"]
    ]
    _table("suspected lines", lines, _LINE, "no lines are known", more=found["lines_cut"])
    frames = [
        it | {"statement": it["statement"] or texts.get(str(it["line"]), ""), "raised_in": it["function"]}
        for it in found["frames"]
    ]
    columns = ("raised_in", "line", "statement", "error", "calls")
    _table("where it raised", frames, columns, "no frames are known", more=found["frames_cut"])


def _choice(choice: Facts | None) -> None:
    print_heading("why this one")
    if choice is None:
        say("none was chosen")
        return
    say(f"{choice['candidate_id']}: {choice['decision']}, {choice['reason']}")
    _print_lines([f"- {reason}" for reason in choice["because"]])


def _table(title: str, rows: Sequence[Facts], columns: Sequence[str], empty: str, more: int = 0) -> None:
    print_rows(Format.TABLE, rows[:ROWS], columns, empty=empty, title=title)
    if hidden := max(0, len(rows) - ROWS) + more:
        say(f"… {hidden} more")


def _print_lines(lines: Sequence[str]) -> None:
    for line in lines:
        say(line)


def _bar(fitness: float | None) -> str:
    return "#" * round((fitness or 0.0) * _WIDTH) + "." * (_WIDTH - round((fitness or 0.0) * _WIDTH))


def _number(value: float | None) -> str:
    return "  -  " if value is None else f"{value:.3f}"


def _of(score: Facts) -> str:
    return f"{score['held_out_passed']} of {score['held_out']}"
