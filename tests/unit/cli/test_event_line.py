"""Every event has a line that says what happened."""

from __future__ import annotations

from typing import Any

import pytest

from autodev.cli.event_line import headline, summary, tenants
from autodev.events.envelope import Event
from autodev.events.models.failure import ClockTicked
from autodev.ids import TenantId
from tests.unit.console import story

STORY = story.whole_story()


@pytest.mark.parametrize("event", STORY, ids=[f"{index}-{headline(event)}" for index, event in enumerate(STORY)])
def test_an_event_says_more_than_its_key(event: Event[Any]) -> None:
    assert summary(event) != event.key
    assert tenants(event) == {story.TENANT}


def test_a_tombstone_names_what_is_gone() -> None:
    assert summary(story.tombstone()) == "acme/tools.speed is gone (tombstone)"


def test_a_tick_belongs_to_every_tenant_whose_time_it_tells() -> None:
    tick = story.event(ClockTicked(seconds={TenantId("acme"): 1, TenantId("globex"): 2}))
    assert tenants(tick) == {"acme", "globex"}
