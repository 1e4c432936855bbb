"""An agent as a process of its own: one call a line on standard input, one answer a line on standard output."""

from __future__ import annotations

import json
import sys

import autodev


@autodev.skill
def speed(flight: dict[str, str]) -> float:
    """Miles an hour."""
    return float(flight["distance"]) / (float(flight["air_time"]) / 60)


def answer(flight: dict[str, str]) -> object:
    try:
        return speed(flight)
    except ValueError as error:
        return str(error)


def main() -> None:
    for line in sys.stdin:
        match json.loads(line):
            case {"ready": float(seconds)}:
                found: object = autodev.ready(seconds)
            case {"flush": float(seconds)}:
                found = autodev.flush(seconds)
            case flight:
                found = answer(flight)
        sys.stdout.write(json.dumps({"answer": found, "version": speed.version}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
