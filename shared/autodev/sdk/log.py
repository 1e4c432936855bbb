"""One logger, and words that would repeat with every call said once."""

from __future__ import annotations

import logging
import sys

log = logging.getLogger("autodev")

_said: set[tuple[str, str]] = set()


def warn_once(subject: str, message: str) -> None:
    """Log `message` about `subject`, with the exception being handled, unless that was said before."""
    if (subject, message) in _said:
        return
    _said.add((subject, message))
    log.warning("%s: %s", subject, message, exc_info=sys.exc_info())
