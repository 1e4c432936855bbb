"""Clearing a directory, whatever is in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodev.sandbox.guest.scratch import clear

names = st.lists(st.sampled_from(["a", "b", ".c"]), min_size=1, max_size=6)


@settings(deadline=None)  # a busy machine is no failure
@given(paths=st.lists(st.tuples(names, st.booleans()), max_size=12))
def test_nothing_is_left_of_any_tree(
    tmp_path_factory: pytest.TempPathFactory, paths: list[tuple[list[str], bool]]
) -> None:
    directory = tmp_path_factory.mktemp("scratch")
    for parts, closed in paths:
        path = directory.joinpath(*parts)
        if not any(parent.is_file() for parent in path.parents):
            path.mkdir(parents=True, exist_ok=True)
            (path / "file").write_text("x")
            path.chmod(0 if closed and os.geteuid() == 0 else 0o700)

    clear(str(directory))

    assert list(directory.iterdir()) == []


def test_links_are_removed_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "link").symlink_to(outside)

    clear(str(scratch))

    assert not list(scratch.iterdir())
    assert (outside / "kept").exists()


def test_depth_is_no_obstacle(tmp_path: Path) -> None:
    home = Path.cwd()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    try:
        os.chdir(scratch)
        for _ in range(1_200):
            Path("d").mkdir()
            os.chdir("d")
    finally:
        os.chdir(home)

    clear(str(scratch))

    assert not list(scratch.iterdir())


def test_nor_is_number(tmp_path: Path) -> None:
    for directory in (tmp_path / "scratch", tmp_path / "scratch" / "inner"):
        directory.mkdir()
        for number in range(2_500):
            (directory / f"{number}").touch()

    clear(str(tmp_path / "scratch"))

    assert not list((tmp_path / "scratch").iterdir())
