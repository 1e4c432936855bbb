"""All that must hold of a run by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from tests.chaos.compare import Finding
from tests.chaos.invariants import agreement, counting, delivery, promotions
from tests.chaos.invariants.run import Run

_ALL: Final[tuple[Callable[[Run], Iterable[Finding]], ...]] = (
    delivery.an_id_says_one_thing,
    delivery.every_record_is_handled_or_a_dead_letter,
    delivery.every_position_is_at_the_end,
    delivery.the_journal_has_neither_gap_nor_overlap,
    delivery.the_outbox_is_what_was_published,
    counting.every_report_is_one_episode,
    counting.every_failure_is_counted_once,
    counting.every_request_has_one_case,
    agreement.everyone_agrees_on_where_cases_are,
    agreement.everyone_agrees_on_what_is_promoted,
    promotions.executions_of_versions_are_counted_exactly,
    promotions.counts_decide_what_becomes_of_a_version,
    promotions.what_is_taken_back_is_taken_back_once,
    promotions.a_person_is_heard_once,
    promotions.cases_end_as_the_workload_means_them_to,
)


def check(run: Run) -> list[Finding]:
    return [finding for holds in _ALL for finding in holds(run)]
