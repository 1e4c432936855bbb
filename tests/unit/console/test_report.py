"""The report of a case: one page that needs nothing else, on which hostile text is only text."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from autodev.events.models.case import CaseState
from services.console.domain.candidate import Candidate
from services.console.domain.case import Case, opened
from services.console.domain.story.telling import Story, told
from services.console.report.curve import curve
from services.console.report.page import POLICY, page
from services.console.report.tree import tree
from tests.unit.console import searched, story
from tests.unit.console.test_changes import fold
from tests.unit.console.test_search_story import STORY, generations

HOSTILE = '</title></svg><script src="https://evil.example/x.js"></script><img src=x onerror=alert(1)>\x1b[2J\u202e'
_PAGE = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "pre", "span", "ul", "li"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_DRAWING = {"svg", "line", "text", "polyline", "circle", "path", "g"}
ALLOWED = _PAGE | _TABLE | _DRAWING


class Tags(HTMLParser):
    """Every element of a page, and all attributes of all of them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def case() -> Case:
    step = story.changed(CaseState.SEARCHING)
    return opened(step).changed(story.event(step).id, step)


def hostile() -> tuple[Case, Story, Candidate]:
    """All that a guest or an agent may word, worded by an enemy."""
    bad = searched.candidate(f"def f():\n    return '''{HOSTILE}'''\n", HOSTILE[:200], HOSTILE)
    events = [
        story.event(searched.proposed(generation=0).model_copy(update={"module_source": f"{HOSTILE}\n" * 9})),
        story.event(searched.proposed(bad, generation=1)),
        story.event(
            searched.scored(
                searched.score(bad, 0.9, plausible=True).model_copy(update={"reason": HOSTILE}),
                generation=1,
                chosen=bad,
                seen=(searched.seen(searched.BASE, 0.1),),
            ).model_copy(update={"reason": HOSTILE})
        ),
    ]
    found = told(generations(events), {})
    chosen = fold(events)[Candidate, story.TENANT, bad.candidate_id]
    assert found is not None
    assert isinstance(chosen, Candidate)
    return case().model_copy(update={"error_type": HOSTILE, "signature": HOSTILE}), found, chosen


def test_hostile_text_adds_no_element_and_no_attribute() -> None:
    seen = Tags(page(*hostile()))
    assert seen.tags <= ALLOWED
    assert not {name for name in seen.attributes if name.startswith("on") or name in ("src", "href", "style")}


def test_control_characters_and_direction_marks_are_written_out() -> None:
    text = page(*hostile())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\x1b[2J" in text


def test_the_page_forbids_all_but_its_one_style() -> None:
    text = page(case(), STORY, None)
    assert f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">' in text
    assert POLICY.startswith("default-src 'none'; style-src 'sha256-")
    assert "http://" not in text
    assert "https://" not in text


def test_the_page_tells_the_whole_story() -> None:
    text = page(case(), STORY, None)
    for told_ in (
        "return km / hours",
        "wrong_name",
        "of 2 plausible ones its risk is 0.10",
        "closeness 0.700",
        "chosen",
    ):
        assert told_ in text


def test_a_case_without_a_search_has_a_page_too() -> None:
    assert "Nothing was searched yet." in page(case(), None, None)


@pytest.mark.parametrize("drawing", [curve(STORY.generations), tree(STORY.lineage), tree(hostile()[1].lineage)])
def test_drawings_are_well_formed(drawing: str) -> None:
    assert ET.fromstring(drawing).tag == "svg"
