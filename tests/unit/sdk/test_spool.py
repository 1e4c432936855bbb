"""Records that wait on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.events.record import OutgoingRecord
from autodev.sdk.delivery.spool import Spool
from autodev.sdk.delivery.spool_file import SpoolFile


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


def record(text: str) -> OutgoingRecord:
    return OutgoingRecord("topic", b"acme/a", text.encode(), (("ce_id", text.encode()), ("gone", None)), 17)


def texts(records: Sequence[OutgoingRecord]) -> list[str]:
    return [(record.value or b"").decode() for record in records]


def drain(spool: Spool, at_once: int = 100) -> list[str]:
    arrived: list[str] = []
    while not spool.is_empty:
        records = spool.oldest(at_once)
        arrived += texts(records)
        spool.forget(len(records))
    return arrived


def test_nothing_is_on_disk_while_nothing_waits(tmp_path: Path) -> None:
    assert Spool(tmp_path / "spool").is_empty
    assert list(tmp_path.iterdir()) == []


def test_records_come_back_as_they_were_in_order(spool: Spool) -> None:
    records = [record("one"), record("two"), OutgoingRecord("topic", b"key", None)]
    assert spool.append(records) == 3
    assert spool.oldest(10) == records


def test_records_stay_until_they_are_known_to_have_arrived(spool: Spool) -> None:
    spool.append([record("one"), record("two"), record("three")])
    spool.oldest(3)
    spool.forget(1)
    assert texts(spool.oldest(3)) == ["two", "three"]


def test_a_file_is_gone_when_all_of_it_has_arrived(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append([record("one")])
    drain(spool)
    assert list(tmp_path.iterdir()) == []


def test_what_a_process_leaves_behind_is_taken_over(tmp_path: Path) -> None:
    first = Spool(tmp_path)
    first.append([record("one")])
    first.close()
    second = Spool(tmp_path)
    second.append([record("two")])
    assert drain(second) == ["one", "two"]


def test_the_file_of_a_process_that_lives_is_left_alone(tmp_path: Path) -> None:
    living = Spool(tmp_path)
    living.append([record("mine")])
    other = Spool(tmp_path)
    assert other.is_empty
    other.append([record("theirs")])
    assert (drain(living), drain(other)) == (["mine"], ["theirs"])


def test_a_line_that_a_crash_cut_short_is_skipped(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.append([record("one"), record("two")])
    spool.close()
    [file] = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    assert drain(Spool(tmp_path)) == ["one"]


def test_a_file_of_nothing_but_garbage_is_removed(tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").write_bytes(b"\x00garbage\n[]\n")
    assert drain(Spool(tmp_path)) == []
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_can_not_be_opened_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "of-another.jsonl").mkdir()
    assert Spool(tmp_path).is_empty
    assert "of-another.jsonl can't be sent" in caplog.text


def test_a_full_spool_takes_the_first_records_only(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_bytes=400)
    assert spool.append([record(str(number)) for number in range(100)]) < 100
    assert spool.append([record("late")]) == 0
    assert drain(spool)[0] == "0"
    assert spool.append([record("room again")]) == 1
    spool.close()


def test_only_the_owner_may_read_it(spool: Spool, tmp_path: Path) -> None:
    spool.append([record("secret")])
    [file] = (tmp_path / "spool").iterdir()
    assert file.stat().st_mode & 0o077 == 0


@settings(deadline=None)  # it writes to disk
@given(st.lists(st.tuples(st.sampled_from(["append", "arrive", "restart"]), st.integers(1, 5)), max_size=10))
def test_whatever_happens_records_arrive_in_order(tmp_path_factory: object, steps: list[tuple[str, int]]) -> None:
    directory = tmp_path_factory.mktemp("spool")  # type: ignore[attr-defined]  # pytest does not export its type
    spool = Spool(directory)
    written = 0
    arrived: list[str] = []
    for step, count in steps:
        if step == "append":
            spool.append([record(str(written + number)) for number in range(count)])
            written += count
        elif step == "restart":
            spool.close()
            spool = Spool(directory)
        elif not spool.is_empty:
            records = spool.oldest(count)
            spool.forget(len(records))
            arrived += texts(records)
    arrived += drain(spool)
    assert list(dict.fromkeys(arrived)) == [str(number) for number in range(written)]
    spool.close()


def test_a_disk_that_is_nearly_full_takes_what_fits(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    room = 3

    def refuse_beyond(file: SpoolFile, lines: Sequence[bytes]) -> None:
        nonlocal room
        if len(lines) > room:
            raise OSError(28, "No space left on device")
        room -= len(lines)
        append(file, lines)

    append = SpoolFile.append
    monkeypatch.setattr(SpoolFile, "append", refuse_beyond)
    records = [record(str(number)) for number in range(10)]
    assert spool.append(records) == 3
    assert spool.oldest(10) == records[:3]
    with pytest.raises(OSError, match="No space"):
        spool.append(records[3:])
