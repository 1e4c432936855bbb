"""One logger, and words that would repeat with every call said once."""

from __future__ import annotations

import logging
import sys

log = logging.getLogger("autodev")

THREAD = "autodev"
"""Name of the background thread."""

_said: set[tuple[str, str]] = set()


def warn_once(subject: str, message: str) -> None:
    """Log `message` about `subject`, with the exception being handled, unless that was said before."""
    if (subject, message) in _said:
        return
    _said.add((subject, message))
    log.warning("%s: %s", subject, message, exc_info=sys.exc_info())


def silence(library: str) -> None:
    """Keep what `library` logs on the background thread out of the agent's logs, unless ours are at DEBUG.

    A client that can't reach its broker says so many times a second; we say it once.
    """
    for name in list(logging.root.manager.loggerDict):
        if name == library or name.startswith(f"{library}."):
            logging.getLogger(name).addFilter(_is_for_the_agent)


def _is_for_the_agent(record: logging.LogRecord) -> bool:
    return record.threadName != THREAD or log.isEnabledFor(logging.DEBUG)
