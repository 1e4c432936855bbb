"""Nothing is skipped, nothing is taken twice, everything that was decided was published."""

from __future__ import annotations

from collections.abc import Iterable

from autodev.events.catalogue import INPUT_HANDLED, SUBSCRIPTIONS, dead_letter_topic
from tests.chaos.compare import Finding, Kind
from tests.chaos.invariants.findings import wrong
from tests.chaos.invariants.run import Run
from tests.chaos.topics import DEAD_LETTERS, TICKED, Identity

HANDLED = "dev.autodev.input.handled.v1"


def an_id_says_one_thing(run: Run) -> Iterable[Finding]:
    for topic, records in run.topics.records.items():
        if topic in DEAD_LETTERS:
            continue
        said: dict[Identity, set[bytes | None]] = {}
        for seen in records:
            if seen.identity is not None:
                said.setdefault(seen.identity, set()).add(seen.record.value)
        yield from wrong(Kind.DIFFERING, f"ids on {topic}", [each for each, values in said.items() if len(values) > 1])


def every_record_is_handled_or_a_dead_letter(run: Run) -> Iterable[Finding]:
    for group, topics in SUBSCRIPTIONS.items():
        handled = {(row["source"], row["id"]) for row in run.tables.rows[f"{group}.inbox"]}
        refused = {seen.refused_at for seen in run.topics.letters(dead_letter_topic(group).name)}
        read = [seen for topic in topics for seen in run.topics.records[topic.name]]
        lost = [seen.place for seen in read if seen.identity not in handled and seen.place not in refused]
        yield from wrong(Kind.LOST, f"inbox of {group}", lost)
        yield from wrong(Kind.DOUBLED, f"inbox of {group}", handled - {seen.identity for seen in read})


def every_position_is_at_the_end(run: Run) -> Iterable[Finding]:
    for group, topics in SUBSCRIPTIONS.items():
        names = {topic.name for topic in topics}
        rows = run.tables.rows[f"{group}.position"]
        positions = {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        behind = [at for at, end in run.ends.items() if at[0] in names and positions.get(at, 0) != end]
        yield from wrong(Kind.LOST, f"positions of {group}", behind)


def the_journal_has_neither_gap_nor_overlap(run: Run) -> Iterable[Finding]:
    """Each record of a service that keeps a journal was taken by one transaction, and by one alone."""
    taken: dict[tuple[str, str, int], list[tuple[int, int]]] = {}
    for seen in run.topics.events(INPUT_HANDLED.name):
        if seen.type == HANDLED:
            about = seen.data["service"], seen.data["topic"], seen.data["partition"]
            taken.setdefault(about, []).append((seen.data["first"], seen.data["following"]))
    for about, entries in taken.items():
        reached = 0
        for first, following in sorted(entries):
            if first != reached:
                kind = Kind.LOST if first > reached else Kind.DOUBLED
                yield Finding(kind, "journal", abs(first - reached), f"{about}: {first} after {reached}")
            reached = following
        if reached != run.ends[about[1:]]:
            yield Finding(Kind.LOST, "journal", run.ends[about[1:]] - reached, f"{about} ends at {reached}")


def the_outbox_is_what_was_published(run: Run) -> Iterable[Finding]:
    for group in SUBSCRIPTIONS:
        rows = run.tables.rows[f"{group}.outbox"]
        published = [each for row in run.tables.rows[f"{group}.published"] for each in row["seqs"]]
        waiting = [row["seq"] for row in rows if not any(each.lower <= row["seq"] < each.upper for each in published)]
        yield from wrong(Kind.LOST, f"outbox of {group}", waiting)
        kept = {(row["aggregatetype"], str(row["id"])) for row in rows if row["aggregatetype"] not in DEAD_LETTERS}
        told = {
            (topic, seen.identity[1])
            for topic in run.topics.records
            if topic not in DEAD_LETTERS
            for seen in run.topics.events(topic)
            if seen.identity and seen.identity[0].startswith(f"/services/{group}") and seen.type != TICKED
        }
        yield from wrong(Kind.LOST, f"published from the outbox of {group}", kept - told)
        yield from wrong(Kind.DOUBLED, f"published from the outbox of {group}", told - kept)
