"""What goes into the image."""

from __future__ import annotations

import io
import os
import sys
import tarfile
from pathlib import Path

import pytest

from autodev.sandbox.docker.files import image_content, visible_paths
from autodev.sandbox.docker.image import content_digest, write_archive
from autodev.sandbox.guest_files import BOOT
from autodev.sandbox.harness import Harness
from autodev.sandbox.python_runtime import PythonRuntime


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    return image_content(PythonRuntime.of_host(), Harness(tmp_path_factory.mktemp("harness")).directory())


@pytest.fixture
def small(tmp_path: Path) -> dict[Path, Path]:
    """A program, data, and a symbolic link."""
    program, data, link = tmp_path / "program", tmp_path / "data", tmp_path / "link"
    program.write_text("#!")
    program.chmod(0o755)
    data.write_text("data")
    data.chmod(0o600)
    os.utime(data, (1_000_000, 1_000_000))
    link.symlink_to("data")
    return {Path("/usr/bin/program"): program, Path("/usr/data"): data, Path("/usr/link"): link}


def entries(content: dict[Path, Path]) -> dict[str, tarfile.TarInfo]:
    archive = io.BytesIO()
    write_archive(content, archive)
    archive.seek(0)
    with tarfile.open(fileobj=archive) as tar:
        return {entry.name: entry for entry in tar}


def test_python_and_what_it_needs_and_process_1_are_in_it(content: dict[Path, Path]) -> None:
    names = {path.name for path in content}

    assert {PythonRuntime.of_host().executable, BOOT} <= set(content)
    assert {"os.py", f"os.{sys.implementation.cache_tag}.pyc"} <= names
    assert any(name.startswith("libc.") for name in names)


def test_nothing_installed_nothing_of_the_host_and_no_tests_are_in_it(content: dict[Path, Path]) -> None:
    parts = {part for path in content for part in path.parts}

    assert not parts & {"site-packages", "dist-packages", "test", "ensurepip", ".git", ".venv"}
    assert {path.name for path in content if path.parts[1] == "etc"} <= {"ld.so.cache"}
    assert not [path for path, source in content.items() if not (source.is_file() or source.is_symlink())]


def test_a_guest_may_see_what_is_in_it_and_devices_that_do_nothing(content: dict[Path, Path]) -> None:
    visible = visible_paths(content)

    assert all(any(path.is_relative_to(top) for top in visible) for path in content)
    assert not {"/", "/dev", "/etc", "/proc", "/sys", "/tmp"} & set(visible)


def test_all_belongs_to_root_and_nobody_may_write_it(small: dict[Path, Path]) -> None:
    archived = entries(small)

    assert {(entry.uid, entry.gid) for entry in archived.values()} == {(0, 0)}
    assert (archived["usr/bin/program"].mode, archived["usr/data"].mode) == (0o555, 0o444)
    assert archived["usr/link"].linkname == "data"
    assert {entry.mode for name, entry in archived.items() if entry.isdir() and name != "tmp"} == {0o755}


def test_files_keep_their_time_which_compiled_modules_name(small: dict[Path, Path]) -> None:
    assert entries(small)["usr/data"].mtime == 1_000_000


def test_scratch_has_the_mode_that_its_mount_will_take(small: dict[Path, Path]) -> None:
    assert entries(small)["tmp"].mode == 0o1777


def test_the_digest_is_that_of_the_content(small: dict[Path, Path]) -> None:
    before = content_digest(small)
    assert content_digest(small) == before

    data = small[Path("/usr/data")]
    data.write_text("dada")
    os.utime(data, (1_000_000, 1_000_000))

    assert content_digest(small) != before
