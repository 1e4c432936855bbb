"""The source that is reported is the source that runs."""

from __future__ import annotations

import functools
import importlib.util
import linecache
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from autodev.ids import sha256
from autodev.sdk.skills.source import NoSourceError, identify

SOURCE = '''\
"""Tools."""
import functools


def other():
    return 1


@functools.lru_cache(
    maxsize=None,
)
def speed(miles, hours):
    return miles / hours


def outer():
    def inner():
        return 1
    return inner
'''


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    path = tmp_path / "imported_tools.py"
    path.write_text(SOURCE)
    return load(path)


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def speed_of(module: ModuleType) -> FunctionType:
    function = module.speed.__wrapped__
    assert isinstance(function, FunctionType)
    return function


def test_the_module_is_hashed_as_a_whole(module: ModuleType) -> None:
    identity = identify(speed_of(module))
    assert (identity.module, identity.module_source) == ("imported_tools", SOURCE)
    assert identity.content_hash == sha256(SOURCE)


def test_the_function_is_hashed_with_its_decorators(module: ModuleType) -> None:
    assert identify(speed_of(module)).function_source == (
        "@functools.lru_cache(\n    maxsize=None,\n)\ndef speed(miles, hours):\n    return miles / hours\n"
    )


def test_an_edit_elsewhere_in_the_module_leaves_the_functions_hash(module: ModuleType, tmp_path: Path) -> None:
    edited = tmp_path / "edited_tools.py"
    edited.write_text(SOURCE.replace("return 1", "return 1 + 1\n\n\nSPEED = 2", 1))
    before, after = identify(speed_of(module)), identify(speed_of(load(edited)))
    assert before.function_hash == after.function_hash
    assert before.content_hash != after.content_hash


def test_a_file_changed_since_its_import_is_not_the_source(module: ModuleType) -> None:
    Path(str(module.__file__)).write_text(SOURCE.replace("miles / hours", "miles // hours"))
    with pytest.raises(NoSourceError, match="was changed after it was imported"):
        identify(speed_of(module))


def test_a_file_that_no_longer_parses_is_not_the_source(module: ModuleType) -> None:
    Path(str(module.__file__)).write_text("def speed(:\n")
    with pytest.raises(NoSourceError, match="no longer parses"):
        identify(speed_of(module))


def test_a_file_that_is_gone_is_no_source(module: ModuleType) -> None:
    Path(str(module.__file__)).unlink()
    linecache.clearcache()
    with pytest.raises(NoSourceError, match="can't be read"):
        identify(speed_of(module))


def test_a_nested_function_has_no_identity(module: ModuleType) -> None:
    with pytest.raises(NoSourceError, match="inside a function"):
        identify(module.outer())


def test_a_function_that_a_decorator_has_wrapped_has_no_identity() -> None:
    def wrapper() -> None:
        """What another decorator made."""

    functools.update_wrapper(wrapper, identify)
    assert isinstance(wrapper, FunctionType)
    with pytest.raises(NoSourceError, match="next to its def"):
        identify(wrapper)


def test_a_form_feed_ends_no_line(tmp_path: Path) -> None:
    path = tmp_path / "old_style_tools.py"
    path.write_text("\f\nSEPARATOR = '\x1c'\n\f\ndef speed(miles):\n    return miles\n")
    function = load(path).speed
    assert identify(function).function_source == "def speed(miles):\n    return miles\n"
