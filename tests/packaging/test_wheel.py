"""What agents install: one package, that needs little and is imported quickly."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OF_SERVICES = frozenset(
    {"alembic", "asyncpg", "click", "cloudevents", "docker", "fastapi", "faust", "libcst", "mode", "prometheus_client"}
    | {"pydantic_settings", "rich", "sqlalchemy", "stamina", "starlette", "structlog", "typer", "uvicorn"}
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    builder = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", builder, str(directory)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    [built] = directory.glob("*.whl")
    return built


def test_a_wheel_installs_the_package_autodev_and_nothing_else(wheel: Path) -> None:
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"autodev"}


def test_a_wheel_tells_type_checkers_that_it_is_typed(wheel: Path) -> None:
    assert "autodev/py.typed" in zipfile.ZipFile(wheel).namelist()


def imported_by(program: str) -> set[str]:
    """Top-level packages in memory after `program` ran."""
    show = "; import sys; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program + show], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_autodev_imports_no_third_party_package_at_all() -> None:
    bare = imported_by("pass")
    third_party = imported_by("import autodev") - bare - set(sys.stdlib_module_names) - {"autodev"}
    assert third_party == set()


def test_the_sdk_never_imports_what_services_are_made_of() -> None:
    modules = "autodev.sdk.background, autodev.sdk.kafka.transport, autodev.sdk.bus.handling, autodev.sdk.bus.emitting"
    assert imported_by(f"import {modules}, autodev.testing") & OF_SERVICES == set()
