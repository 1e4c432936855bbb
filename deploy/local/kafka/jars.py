"""Get Kafka's jars: downloaded by jgo once a machine, checked against the lock file at every start.

The lock file names every jar, so a download reads no POM and no jar can change unnoticed; resolving
dependencies anew is what `python -m deploy.local lock-jars` does.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.kafka.jar_lock import LOCK_FILE, LockedJar, parse, sha256_of
from deploy.local.processes.locking import exclusive

if TYPE_CHECKING:
    from jgo.maven import MavenContext

KAFKA = "org.apache.kafka:kafka_2.13:4.3.1"
_PARALLEL_DOWNLOADS = 8


def cache_directory() -> Path:
    """Where downloads that every checkout of this user shares are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "autodev-streams"


def kafka_class_path(on_download: Callable[[int, int], None] = lambda _done, _total: None) -> tuple[Path, ...]:
    """Paths of all of Kafka's jars, in class path order, downloading those that are missing or damaged.

    `on_download` is told how many jars of how many are there, while they come.

    Raises RuntimeError if a jar cannot be had or is not the one that the lock file names.
    """
    locked = parse(LOCK_FILE.read_text())
    directory = cache_directory() / "jars"
    with exclusive(cache_directory() / "jars.lock"):
        missing = [jar for jar in locked if not jar.matches(directory / jar.file_name)]
        if missing:
            _download(missing, directory, on_download)
    return tuple(directory / jar.file_name for jar in locked)


def _download(jars: list[LockedJar], directory: Path, on_download: Callable[[int, int], None]) -> None:
    from jgo.maven import MavenContext

    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory) as staging, ThreadPoolExecutor(_PARALLEL_DOWNLOADS) as pool:
        context = MavenContext(repo_cache=Path(staging))
        paths = pool.map(lambda jar: _fetch(context, jar.coordinate), jars)
        for done, (jar, path) in enumerate(zip(jars, paths, strict=True), start=1):
            on_download(done, len(jars))
            if not jar.matches(path):
                raise RuntimeError(
                    f"{jar.coordinate} is not the jar that {LOCK_FILE.name} names: expected sha256 {jar.sha256}, "
                    f"got {sha256_of(path)}. Nothing was installed; try again, and look into it if it stays"
                )
            path.replace(directory / jar.file_name)


def _fetch(context: MavenContext, coordinate: str) -> Path:
    group, artifact, version = coordinate.split(":")
    try:
        return Path(context.project(group, artifact).at_version(version).artifact().resolve())
    except (OSError, RuntimeError) as error:
        raise RuntimeError(
            f"could not download {coordinate}: {error}. Check that this machine reaches Maven Central, "
            "or use a broker of your own with --kafka HOST:PORT"
        ) from error


def resolve_lock() -> tuple[LockedJar, ...]:
    """Resolve Kafka's dependencies anew, with the binding that sends its log lines to log4j."""
    import jgo
    from jgo.maven import MavenContext

    artifacts = list(jgo.resolve(KAFKA))
    log4j = next(artifact.version for artifact in artifacts if artifact.artifactId == "log4j-core")
    coordinates = [f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}" for artifact in artifacts]
    coordinates.append(f"org.apache.logging.log4j:log4j-slf4j-impl:{log4j}")
    staging = Path(tempfile.mkdtemp())
    try:
        context = MavenContext(repo_cache=staging)
        return tuple(LockedJar(name, sha256_of(_fetch(context, name))) for name in coordinates)
    finally:
        shutil.rmtree(staging)
