"""The lock file of Kafka's jars."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.kafka.jar_lock import LOCK_FILE, LockedJar, parse, render

_NAMES = st.from_regex(r"[a-z][a-z0-9._-]{0,20}", fullmatch=True)
_JARS = st.builds(
    LockedJar,
    st.tuples(_NAMES, _NAMES, _NAMES).map(":".join),
    st.binary(max_size=8).map(lambda data: hashlib.sha256(data).hexdigest()),
)


@given(st.lists(_JARS))
def test_what_is_rendered_is_parsed_again(jars: list[LockedJar]) -> None:
    assert parse(render(jars)) == tuple(jars)


def test_a_jar_is_stored_under_its_artifact_and_version() -> None:
    assert LockedJar("org.apache.kafka:kafka_2.13:4.3.1", "0" * 64).file_name == "kafka_2.13-4.3.1.jar"


@pytest.mark.parametrize("line", ["a:b:c", "a:b sha256:" + "0" * 64, "a:b:c sha256:short", "a:b:c  sha256:" + "0" * 64])
def test_a_line_that_is_no_lock_is_refused_by_its_number(line: str) -> None:
    with pytest.raises(ValueError, match=r"line 2: expected"):
        parse(f"# a comment\n{line}\n")


def test_a_changed_file_does_not_match_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.jar"
    path.write_bytes(b"as locked")
    jar = LockedJar("a:a:1", hashlib.sha256(b"as locked").hexdigest())
    assert jar.matches(path)
    path.write_bytes(b"tampered")
    assert not jar.matches(path)


def test_a_missing_file_does_not_match_its_lock(tmp_path: Path) -> None:
    assert not LockedJar("a:a:1", "0" * 64).matches(tmp_path / "a.jar")


def test_the_committed_lock_names_the_broker_and_no_address() -> None:
    text = LOCK_FILE.read_text()
    assert any(jar.coordinate.startswith("org.apache.kafka:kafka_2.13:") for jar in parse(text))
    assert "://" not in text
