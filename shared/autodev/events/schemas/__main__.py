"""`write` the schemas anew, `check` that they are current and break no release, or `release` them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from autodev.events.schemas.drift import drift, write
from autodev.events.schemas.release import IncompatibleSchemaError, broken_contracts, release


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 if all is well, 1 if not, with the reasons on stderr."""
    parser = argparse.ArgumentParser(prog="python -m autodev.events.schemas", description=__doc__)
    parser.add_argument("command", choices=("write", "check", "release"))
    parser.add_argument("--directory", type=Path, default=Path("schemas"))
    options = parser.parse_args(arguments)
    if options.command == "write":
        write(options.directory)
        return 0
    if options.command == "check":
        return _report([*drift(options.directory), *broken_contracts(options.directory)], "run 'make schemas'")
    try:
        written = release(options.directory)
    except IncompatibleSchemaError as error:
        return _report(str(error).splitlines(), "raise its minor version, or give what breaks a new major one")
    sys.stdout.writelines(f"released {file}\n" for file in written)
    return 0


def _report(problems: list[str], remedy: str) -> int:
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    if problems:
        sys.stderr.write(f"{len(problems)} problems: {remedy}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
