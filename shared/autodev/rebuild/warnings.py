"""What a rebuild can't make as it was, in words for whoever decides whether to commit it."""

from __future__ import annotations

from autodev.events.catalogue import SUBSCRIPTIONS, Cleanup
from autodev.rebuild.outputs import Outputs
from autodev.rebuild.turns import Turns


async def warnings_of(turns: Turns, outputs: Outputs) -> list[str]:
    """One line for each loss and each difference."""
    service = outputs.recipe.service
    compacted = {topic.name for topic in SUBSCRIPTIONS[service] if topic.cleanup is Cleanup.COMPACT}
    warnings = [
        f"{partition} starts at offset {extent.beginning}: what its older records said is not in the tables"
        for partition, extent in sorted(turns.logs.extents.items())
        if extent.beginning > 0 and partition.topic not in compacted
    ]
    if turns.coverage.begins_at is None and any(extent.end for extent in turns.logs.extents.values()):
        warnings.append("there is no journal: records of different partitions were taken in the order of their times")
    if outputs.differing:
        shown = ", ".join(outputs.examples)
        warnings.append(
            f"{outputs.differing} events were emitted with other content than is on their topics ({shown}): this code"
            " decides otherwise than the code that wrote them, and the tables now say what it decides"
        )
    if outputs.letters:
        warnings.append(f"{len(outputs.letters)} records that were handled then become dead letters now")
    if (unmade := await outputs.not_made_again()) and not warnings and outputs.recipe.handler is not None:
        warnings.append(f"{unmade} events on the topics were not emitted again: this code decides otherwise than then")
    return warnings
