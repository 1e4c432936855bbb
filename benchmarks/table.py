"""Results as Markdown, and the page that embeds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.measurement import Measurement, Unit
from benchmarks.results import Result, Results

BEGIN: Final = "<!-- measured: begin (`make bench ARGS=--write-docs` writes what follows) -->"
END: Final = "<!-- measured: end -->"


def embedded(page: str, table: str) -> str:
    """`page` with `table` between its markers.

    Raises:
        ValueError: the page has no such markers.
    """
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no lines {BEGIN!r} and {END!r}: put them where the table belongs")
    return f"{head}{BEGIN}\n\n{table}\n{END}{tail}"


def markdown(results: Results, before: Results) -> str:
    """A section for each benchmark, with a column for what it was `before` where that is known."""
    return "\n".join(
        line for name, result in results.results.items() for line in _section(name, result, before.results.get(name))
    )


def _section(name: str, result: Result, before: Result | None) -> Iterator[str]:
    earlier = {each.name: each for each in before.measurements} if before else {}
    machine = result.machine
    versions = ", ".join(f"{key} {value}" for key, value in machine.items() if key not in ("processor", "cores"))
    yield f"### {name}"
    yield ""
    yield f"`make bench ARGS='{name}{' --short' if result.short else ''}'`, {result.measured_on}:"
    yield f"{machine['cores']} cores of {machine['processor']}, {versions}."
    yield ""
    yield "| what | promised | before | now |"
    yield "|---|---:|---:|---:|"
    for each in result.measurements:
        was = _text(earlier[each.name]) if each.name in earlier else ""
        yield f"| {each.name} | {_promise(each)} | {was} | {_text(each)}{' ✗' if each.holds is False else ''} |"
    yield ""


def _promise(measurement: Measurement) -> str:
    if measurement.at_least is not None:
        return f"≥ {_number(measurement.at_least, measurement.unit)}"
    return "" if measurement.at_most is None else f"≤ {_number(measurement.at_most, measurement.unit)}"


def _text(measurement: Measurement) -> str:
    return _number(measurement.value, measurement.unit)


def _number(value: float, unit: Unit) -> str:
    digits = 0 if unit is Unit.PER_SECOND else 2 if unit in (Unit.RATIO, Unit.SECONDS) else 1
    return f"{value:,.{digits}f} {unit}".strip()
