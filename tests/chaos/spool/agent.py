"""The agent: so many calls for each number on standard input, a flush for `flush`; an answer a line in JSON."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass

import autodev

PAUSE_SECONDS = 0.002
FLUSH_SECONDS = 60.0


@autodev.skill
def speed(number: int, text: str) -> float:
    """Fails for every other call."""
    return number / int(text)


@dataclass
class Answer:
    """What calls came to, as the agent sees it."""

    failed: int = 0
    succeeded: int = 0
    wrong: int = 0
    slowest: float = 0.0
    """Seconds; without recording a call takes some microseconds."""


def call(numbers: range) -> Answer:
    answer = Answer()
    for number in numbers:
        started = time.perf_counter()
        try:
            result: object = speed(number, "NA" if number % 2 else "2")
        except ValueError:
            result = None
        answer.slowest = max(answer.slowest, time.perf_counter() - started)
        answer.wrong += result != (None if number % 2 else number / 2)
        answer.failed += number % 2
        answer.succeeded += 1 - number % 2
        time.sleep(PAUSE_SECONDS)
    return answer


def main() -> None:
    done = 0
    for line in sys.stdin:
        if line.strip() == "flush":
            found: object = autodev.flush(FLUSH_SECONDS)
        else:
            found = asdict(call(range(done, done + int(line))))
            done += int(line)
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
