"""Whatever happens to a log's files is found, and whatever happens to its writers leaves a log that holds."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.sandbox.audit import AuditError, AuditLog, verify
from autodev.sandbox.audit.rotation import earlier_files

quick = settings(deadline=None, max_examples=60)  # every record is flushed to the disk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.jsonl"


def written(path: Path, records: int) -> Path:
    log = AuditLog(path)
    for number in range(records):
        log.append("run", {"number": number})
    return path


@pytest.fixture(scope="module")
def five() -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as directory:
        yield written(Path(directory) / "five", 5).read_bytes()


def placed(content: bytes) -> Path:
    """A file of its own that ends with the test run."""
    with tempfile.NamedTemporaryFile(prefix="audit-", delete=False) as file:
        file.write(content)
    return Path(file.name)


def numbers(path: Path) -> list[int]:
    """Of the records that are whole."""
    found = []
    for line in path.read_bytes().split(b"\n"):
        try:
            found.append(json.loads(line)["number"])
        except (ValueError, KeyError):
            continue
    return found


def test_a_log_holds_from_its_opening_to_its_last_record(path: Path) -> None:
    found = verify([written(path, 3)])
    assert (found.holds, found.lines, found.last.seq, found.cuts, found.cut_bytes) == (True, 4, 4, 0, 0)


def test_another_writer_goes_on_where_the_one_before_ended(path: Path) -> None:
    written(path, 2)
    found = verify([written(path, 2)])
    assert (found.holds, found.lines, numbers(path)) == (True, 5, [0, 1, 0, 1])


def test_a_log_is_its_owners_to_read(path: Path) -> None:
    assert written(path, 1).stat().st_mode & 0o777 == 0o600


@quick
@given(st.data())
def test_any_changed_byte_of_a_line_that_others_follow_is_found(five: bytes, data: st.DataObject) -> None:
    last_line = five[:-1].rfind(b"\n") + 1
    at = data.draw(st.integers(0, last_line - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != five[at]))
    changed = five[:at] + bytes([byte]) + five[at + 1 :]

    file = placed(changed)
    try:
        found = verify([file])
        line = five.count(b"\n", 0, at) + 1
        assert found.broken is not None
        assert line <= found.broken.line <= line + 1
    finally:
        file.unlink()


@pytest.mark.parametrize("index", range(5))
def test_a_missing_line_is_found(five: bytes, index: int) -> None:
    lines = five.splitlines(keepends=True)
    file = placed(b"".join(lines[:index] + lines[index + 1 :]))
    found = verify([file])
    file.unlink()
    assert found.broken is not None
    assert found.broken.line == index + 1


def test_lines_in_another_order_are_found(five: bytes) -> None:
    first, second, third, *others = five.splitlines(keepends=True)
    file = placed(b"".join([first, third, second, *others]))
    found = verify([file])
    file.unlink()
    assert found.broken is not None
    assert (found.broken.line, found.broken.reason) == (2, "its number is 3, and 2 comes next")


def test_of_a_last_record_that_lacks_its_newline_nothing_is_lost(five: bytes) -> None:
    file = placed(five[:-1])
    assert (verify([file]).lines, verify([file]).cut_bytes) == (6, 0)
    AuditLog(file).append("run", {"number": 5})
    found = verify([file])
    assert (found.holds, found.cuts, numbers(file)) == (True, 0, [0, 1, 2, 3, 4, 5])
    file.unlink()


@quick
@given(st.data())
def test_a_crash_in_mid_line_costs_that_record_alone(five: bytes, data: st.DataObject) -> None:
    kept = data.draw(st.integers(1, len(five) - 1))
    file = placed(five[:kept])
    try:
        unfinished = verify([file])
        assert unfinished.holds
        before = numbers(file)
        AuditLog(file).append("run", {"number": 99})
        found = verify([file])
        assert found.holds
        assert found.cuts == (unfinished.cut_bytes > 0)
        assert numbers(file) == [*before, 99]
    finally:
        file.unlink()


def test_a_crash_while_a_crash_is_noted_is_noted_too(path: Path) -> None:
    written(path, 2)
    with path.open("ab") as file:
        file.write(b'{"seq":4,"prev')
    whole = path.read_bytes()
    AuditLog(path).open()
    note = path.read_bytes()[len(whole) :]
    for length in range(1, len(note)):
        path.write_bytes(whole + note[:length])
        AuditLog(path).append("run", {"number": 5})
        found = verify([path])
        assert (found.holds, found.cuts) == (True, 1), f"{length} bytes of the note"
        assert numbers(path) == [0, 1, 5]


def test_who_calls_a_changed_line_cut_has_to_name_its_very_bytes(path: Path) -> None:
    written(path, 1)
    with path.open("ab") as file:
        file.write(b'{"seq":3')
    AuditLog(path).append("run", {})
    path.write_bytes(path.read_bytes().replace(b'{"seq":3\n', b'{"seq":4\n'))
    assert not verify([path]).holds


def test_a_full_file_is_put_aside_and_the_next_goes_on_from_it(path: Path) -> None:
    log = AuditLog(path, file_bytes=1_000)
    for number in range(30):
        log.append("run", {"number": number})
    files = [*earlier_files(path), path]
    assert len(files) > 5
    assert all(file.stat().st_size <= 1_000 for file in files)
    found = verify(files)
    assert (found.holds, found.begins_after.seq) == (True, 0)
    assert [number for file in files for number in numbers(file)] == list(range(30))


def test_a_file_between_two_that_is_missing_is_found(path: Path) -> None:
    log = AuditLog(path, file_bytes=1_000)
    for number in range(30):
        log.append("run", {"number": number})
    first, _, *others = earlier_files(path)
    found = verify([first, *others, path])
    assert found.broken is not None
    assert (found.broken.file, found.broken.line) == (others[0].name, 1)


def test_no_more_files_are_kept_than_asked_for_and_those_that_are_hold(path: Path) -> None:
    log = AuditLog(path, file_bytes=1_000, files=2)
    for number in range(30):
        log.append("run", {"number": number})
    files = [*earlier_files(path), path]
    assert len(files) == 3
    found = verify(files)
    assert found.holds
    assert found.begins_after.seq > 0


def test_a_log_goes_on_though_it_died_between_two_files(path: Path) -> None:
    written(path, 3)
    path.rename(path.with_name(f"{path.name}.000000000004"))
    written(path, 1)
    found = verify([*earlier_files(path), path])
    assert (found.holds, found.lines) == (True, 6)


def test_a_record_larger_than_a_file_has_one_of_its_own(path: Path) -> None:
    log = AuditLog(path, file_bytes=1_000)
    for number in range(3):
        log.append("run", {"number": number, "large": "x" * 2_000})
    assert verify([*earlier_files(path), path]).holds
    assert len(earlier_files(path)) == 2


def test_writers_at_once_take_turns(path: Path) -> None:
    def write() -> None:
        log = AuditLog(path, file_bytes=5_000)
        for number in range(25):
            log.append("run", {"number": number})

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = [*earlier_files(path), path]
    assert verify(files).holds
    assert sorted(number for file in files for number in numbers(file)) == sorted([*range(25)] * 4)


@pytest.mark.parametrize("content", ["def f(): ...\n", "a,b\n1,2\n", '{"a": 1}\n', "no newline"])
def test_another_file_is_refused_and_left_as_it_is(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(AuditError, match="not an audit log"):
        AuditLog(path).append("run", {})
    assert path.read_text() == content


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AuditError, match="no audit record was written"):
        AuditLog(path).append("run", {})


@quick
@given(st.binary(max_size=300))
def test_any_file_can_be_verified(content: bytes) -> None:
    file = placed(content)
    try:
        found = verify([file])
        assert found.lines == 0
        assert found.holds == (b"\n" not in content)
    finally:
        file.unlink()
