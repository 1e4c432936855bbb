"""What the image is made of: the host's Python, what that needs, and the guest's process 1."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from autodev.sandbox.docker.libraries import shared_libraries
from autodev.sandbox.guest_files import HARNESS, SCRATCH
from autodev.sandbox.python_runtime import PythonRuntime

_DATA: Final = ("/etc/ld.so.cache", "/usr/share/zoneinfo", "/usr/lib/locale/C.utf8")
_LEFT_OUT: Final = frozenset(
    {
        *("_tkinter", "ensurepip", "idlelib", "localtime", "sitecustomize", "test", "tests", "tkinter", "turtledemo"),
        *("dist-packages", "site-packages"),
    }
)
"""What is no use without a screen or a network, the library's own tests, installed packages, and the host's place."""
_LEFT_OUT_FROM: Final = ("config-", "_ctypes_test", "_test")
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")

Content = Mapping[Path, Path]
"""Where each file or symbolic link goes, and where it is here."""


def image_content(runtime: PythonRuntime, harness: Path) -> dict[Path, Path]:
    """Every file at its own path, with the symbolic links on the way to it.

    Raises:
        IsolationUnavailable: nothing tells which libraries Python needs.
    """
    python = [path for part in runtime.parts for path in _files(part)]
    libraries = shared_libraries([runtime.executable, *(path for path in python if ".so" in path.suffixes)])
    data = [path for name in _DATA if Path(name).exists() for path in _files(Path(name))]
    is_link = cache(Path.is_symlink)  # of few directories, asked for thousands of files
    content = {place: place for path in (*python, *libraries, *data) for place in _on_the_way(path, is_link)}
    content |= {HARNESS / path.relative_to(harness): path for path in _files(harness)}
    return dict(sorted(content.items()))


def visible_paths(content: Content) -> tuple[str, ...]:
    """What a guest may see of a container: what is in the image, and the devices that do nothing."""
    top = {Path(*path.parts[:2]) for path in content if path.parts[1] != "etc"}
    etc = {path for path in content if path.parts[1] == "etc"}
    return (*map(str, sorted(top | etc)), *_DEVICES)


def directories(content: Content) -> list[Path]:
    """All that the files are in, and where scratch is mounted; parents first."""
    within = {parent for path in (*content, SCRATCH / "x") for parent in path.parents}
    return sorted(within - {Path("/")} - set(content))


def _files(top: Path) -> Iterator[Path]:
    if not top.is_dir():
        yield top
        return
    for path in sorted(top.iterdir()):
        if not _needed(path):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        else:
            yield path


def _needed(path: Path) -> bool:
    """Of compiled modules, only those that this interpreter looks for."""
    name = path.name
    if name.partition(".")[0] in _LEFT_OUT or name.startswith(_LEFT_OUT_FROM):
        return False
    return path.suffix != ".pyc" or name.endswith(f".{sys.implementation.cache_tag}.pyc")


def _on_the_way(path: Path, is_link: Callable[[Path], bool]) -> Iterator[Path]:
    """Symbolic links among the path's parts, and then the file itself, wherever they lead."""
    for place in (*reversed(path.parents), path):
        if is_link(place):
            yield place
            target = Path(os.path.normpath(place.parent.resolve() / place.readlink()))
            yield from _on_the_way(target / path.relative_to(place), is_link)
            return
    if path.is_file():  # a link to a directory of which all that is needed is there anyway, or to nothing
        yield path
