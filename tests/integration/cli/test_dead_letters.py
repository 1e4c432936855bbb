"""`autodev dlq` on a real broker."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from autodev.cli.exits import ExitCode
from autodev.events.binary import from_record, to_record
from autodev.events.catalogue import (
    DEAD_LETTER_HANDLED,
    TASK_REPORTED,
)
from autodev.events.envelope import new_event
from autodev.events.models.operations import DeadLetterDropped, DeadLetterRedriven
from autodev.events.record import OutgoingRecord
from autodev.stream.dead_letters import dead_letter
from autodev.visible import visible
from tests.integration.cli.post import Post, autodev, given_up, with_headers
from tests.unit.dead_letters.letters import DEFECT, original
from tests.unit.events.records import GRANT

pytestmark = pytest.mark.kafka

TASKS = TASK_REPORTED.name


def listed(*options: str) -> list[dict[str, Any]]:
    found = json.loads(autodev("dlq", "list", "-o", "json", *options).stdout)
    assert isinstance(found, list)
    return found


def ids(rows: Sequence[dict[str, Any]]) -> list[str]:
    return [row["letter"] for row in rows]


def redrive(*arguments: str, code: ExitCode = ExitCode.OK, **environment: str) -> dict[str, str]:
    """Letter → outcome."""
    done = json.loads(
        autodev("dlq", "redrive", *arguments, "--yes", "-o", "json", code=code, environment=environment).stdout
    )
    return {each["letter"]: each["outcome"] for each in done}


def test_what_waits_is_listed_newest_first_and_for_every_group(post: Post) -> None:
    earlier = datetime.now(UTC) - timedelta(minutes=1)
    post.put(given_up(offset=1, sent_at=earlier), given_up(offset=2), given_up("console", offset=3))
    rows = listed()
    assert sorted(ids(rows)) == ["console/0/0", "ingestion/0/0", "ingestion/0/1"]
    assert ids(listed("ingestion")) == ["ingestion/0/1", "ingestion/0/0"]
    assert ids(listed("ingestion", "--limit", "1")) == ["ingestion/0/1"]
    assert "and 1 older" in autodev("dlq", "list", "ingestion", "--limit", "1").stdout


def test_letters_are_found_by_what_they_are(post: Post) -> None:
    post.put(given_up(value=b'{"tenant_id": "acme", "word": "apple"}'), given_up(key=b"globex/x", value=b"\x00pear"))
    assert ids(listed("--tenant", "globex")) == ["ingestion/0/1"]
    assert ids(listed("--contains", "apple")) == ["ingestion/0/0"]
    assert len(listed("--topic", TASKS, "--error-class", "handler", "--group", "ingestion")) == 2
    assert listed("--error-class", "invalid") == listed("--since", "2999-01-01") == []


def test_nothing_that_a_letter_holds_reaches_the_terminal_raw(post: Post) -> None:
    evil = "\x1b[2J\x9b31m\x00\u202e"
    headers = (("x\x1b[0m", b"\xff\xfe\x1b"), ("y", None), (evil, evil.encode()))
    post.put(
        given_up(key=b"", value=evil.encode(), headers=headers),
        given_up(key=b"\x1b]0;title\x07", value=None),
        given_up(key=None, value=b"\xff\x00", headers=headers),
        with_headers(given_up(), dlq_error_message=evil.encode(), dlq_original_topic=evil.encode()),
        OutgoingRecord("ingestion.dlq", evil.encode(), None, headers),
    )
    shown = [autodev("dlq", "list", "--all", *option).output for option in ([], ["-o", "json"])]
    for letter in ids(listed()):
        shown += [autodev("dlq", "show", letter, *option).output for option in ([], ["-o", "json"])]
    assert len(shown) == 12
    assert "".join(shown) == visible("".join(shown), multiline=True)


def test_a_letters_value_is_shown_and_written_to_a_file_byte_by_byte(post: Post, tmp_path: Path) -> None:
    post.put(
        given_up(value=b"\x00\xff\r\n{}", headers=(("colour", b"blue"),)), given_up(key=b"k", value=None, offset=2)
    )
    shown = autodev("dlq", "show", "ingestion/0/0", "--raw", "value").output
    assert all(part in shown for part in ("ValueError: odd", "colour", "blue", "\\x00\\xff\\r"))
    assert (tmp_path / "value").read_bytes() == b"\x00\xff\r\n{}"
    assert "null" in autodev("dlq", "show", "ingestion/0/1", "--raw", "none", code=ExitCode.REFUSED).stderr


def test_a_letter_goes_back_as_it_was_and_the_audit_says_who_sent_it(post: Post) -> None:
    record = original(sent_at=datetime.now(UTC), value=b"\x00\xff", headers=(("ce_id", b"1"), ("odd", b"\xff")))
    post.put(dead_letter(record, "ingestion", DEFECT))
    assert redrive("ingestion/0/0", "--reason", "mended") == {"ingestion/0/0": "redriven"}
    (sent,) = post.written(TASKS)
    assert (sent.key, sent.value, sent.timestamp_ms) == (record.key, record.value, record.timestamp_ms)
    assert sent.headers == (*record.headers, ("dlq-redrive-count", b"1"))
    audit = from_record(post.written(DEAD_LETTER_HANDLED.name)[0]).data
    assert isinstance(audit, DeadLetterRedriven)
    assert (audit.record_key(), audit.handled_by, audit.reason) == ("ingestion/0/0", "anna", "mended")
    assert audit.original is not None
    assert audit.original.offset == record.offset


def test_a_letter_goes_back_once_however_often_it_is_sent(post: Post) -> None:
    post.put(given_up())
    redrive("ingestion/0/0")
    again = autodev("dlq", "redrive", "ingestion/0/0", "--by", "berta").stdout
    assert "already handled redriven at" in again
    assert "by anna" in again
    assert redrive("--all") == {}
    assert len(post.written(TASKS)) == len(post.written(DEAD_LETTER_HANDLED.name)) == 1
    assert listed() == []
    assert [row["state"] for row in listed("--all")] == ["redriven"]


def test_a_letter_that_was_written_twice_goes_back_once(post: Post) -> None:
    post.put(*[given_up(sent_at=datetime.now(UTC))] * 2)
    assert sorted(redrive("--all").values()) == ["already handled", "redriven"]
    assert len(post.written(TASKS)) == 1


def test_letters_go_back_by_filter_the_oldest_first(post: Post) -> None:
    now = datetime.now(UTC)
    sent = [now - timedelta(seconds=10 - each) for each in range(4)]
    post.put(*(given_up(offset=each, sent_at=sent[each], value=str(each).encode()) for each in range(4)))
    assert redrive("--group", "ingestion", "--limit", "3") == {f"ingestion/0/{each}": "redriven" for each in range(3)}
    assert [record.value for record in post.written(TASKS)] == [b"0", b"1", b"2"]
    assert ids(listed()) == ["ingestion/0/3"]


def test_more_than_one_needs_a_yes(post: Post) -> None:
    post.put(given_up(offset=1), given_up(offset=2))
    assert "add --yes" in autodev("dlq", "redrive", "--all", code=ExitCode.USAGE).stderr
    assert "nothing was done" in autodev("dlq", "drop", "--all", stdin="n\n", code=ExitCode.FAILED).stderr
    assert len(listed()) == 2
    assert "2 dropped" in autodev("dlq", "drop", "--all", stdin="y\n").stdout


def test_a_dry_run_says_what_would_be_done_and_does_nothing(post: Post) -> None:
    post.put(given_up(offset=1), given_up(offset=2, headers=(("dlq-redrive-count", b"5"),)))
    told = autodev("dlq", "redrive", "--all", "--dry-run", code=ExitCode.REFUSED).stdout
    assert "dry run: 1 redriven, 1 refused" in told
    assert post.written(TASKS) == post.written(DEAD_LETTER_HANDLED.name) == []


def test_a_dropped_letter_waits_no_more_and_never_goes_back(post: Post) -> None:
    post.put(given_up())
    autodev("dlq", "drop", "ingestion/0/0", "--reason", "an agent's bug")
    assert redrive("ingestion/0/0") == {"ingestion/0/0": "already handled"}
    assert isinstance(from_record(post.written(DEAD_LETTER_HANDLED.name)[0]).data, DeadLetterDropped)
    assert post.written(TASKS) == []
    assert listed() == []
    assert listed("--all")[0]["handled_reason"] == "an agent's bug"


@pytest.mark.parametrize("topic", [b"learning.skill.promoted.v1", b"operations.deadletter.handled.v1", b"a topic", b""])
def test_no_letter_goes_to_a_topic_that_a_forged_header_names(post: Post, topic: bytes) -> None:
    post.put(with_headers(given_up(), dlq_original_topic=topic), given_up(offset=2))
    assert redrive("--all", code=ExitCode.REFUSED) == {"ingestion/0/0": "refused", "ingestion/0/1": "redriven"}
    assert post.written("learning.skill.promoted.v1") == []
    assert len(post.written(DEAD_LETTER_HANDLED.name)) == 1


def test_above_the_redrive_limit_a_letter_is_refused_until_the_limit_is_raised(post: Post) -> None:
    post.put(given_up(headers=(("dlq-redrive-count", b"5"),)))
    refused = autodev("dlq", "redrive", "ingestion/0/0", code=ExitCode.REFUSED).stdout
    assert "sent back 5 times, and the limit is 5" in refused
    assert redrive("--all", AUTODEV_DEAD_LETTERS__REDRIVES="6") == {"ingestion/0/0": "redriven"}
    assert dict(post.written(TASKS)[0].headers)["dlq-redrive-count"] == b"6"


def test_a_letter_does_not_undo_what_a_compacted_topic_holds_by_now(post: Post) -> None:
    older, newer = (to_record(new_event(GRANT.model_copy(update={"reason": each}), source="/t")) for each in "ab")
    post.put(older, newer)
    for offset, sent in enumerate((older, newer)):
        now = datetime.now(UTC)
        post.put(given_up("proposals", topic=sent.topic, key=sent.key, value=sent.value, offset=offset, sent_at=now))
    assert redrive("--all", code=ExitCode.REFUSED) == {"proposals/0/0": "refused", "proposals/0/1": "redriven"}
    assert [record.value for record in post.written(older.topic)] == [older.value, newer.value, newer.value]


def test_an_id_that_is_not_there_stops_the_command_before_anything_is_done(post: Post) -> None:
    post.put(given_up())
    missing = autodev("dlq", "redrive", "ingestion/0/0", "ingestion/0/7", "--yes", code=ExitCode.NOT_FOUND)
    assert "there is no dead letter ingestion/0/7" in missing.stderr
    assert post.written(TASKS) == []


def test_topics_that_were_never_made_are_named_with_what_makes_them(
    kafka_bootstrap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"AUTODEV_KAFKA__BOOTSTRAP_SERVERS": kafka_bootstrap, "AUTODEV_KAFKA__TOPIC_PREFIX": "nothing."}
    assert "autodev topics apply" in autodev("dlq", "list", code=ExitCode.UNREACHABLE, environment=environment).stderr
