"""Secrets leave what agents report before it is stored or passed on."""

from __future__ import annotations

import re
from typing import Any, Final

SCRUBBED: Final = "[scrubbed]"

_SECRET_NAME = re.compile(
    r"(?i)(?:^|[_.-])(?:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|authorization|cookie"
    r"|credentials?)(?:$|[_.-])"
)
_SECRET_TEXT = re.compile(
    r"""
    (?P<pem>-----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z))
    | (?P<scheme>\b(?:Bearer|Basic)\ )[A-Za-z0-9._~+/=-]{8,}
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b
    | \b(?:ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs]|sk|pk|rk|ad)[-_][A-Za-z0-9_-]{16,}
    | \beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*
    | (?P<userinfo>\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(?=@)
    | (?P<assigned>\b(?:password|passwd|secret|token|api_?key)["']?\s*[=:]\s*["']?)[^\s"',;&]{4,}
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def scrub_text(text: str) -> str:
    """`text` with keys, tokens and passwords replaced, and what introduces them kept."""
    return _SECRET_TEXT.sub(_replacement, text)


def scrub(value: Any) -> Any:
    """JSON data with secrets replaced: by their look in any string, by their name as values of an object."""
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, (list, tuple)):
        return [scrub(item) for item in value]
    if isinstance(value, dict):
        return {
            key: SCRUBBED if isinstance(item, str) and item and _SECRET_NAME.search(key) else scrub(item)
            for key, item in value.items()
        }
    return value


def _replacement(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return (groups["scheme"] or groups["userinfo"] or groups["assigned"] or "") + SCRUBBED
