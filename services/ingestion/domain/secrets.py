"""How secrets are told: by their look in a text, or by the name of what holds them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

SCRUBBED: Final = "[scrubbed]"

_SECRET_NAME = re.compile(
    r"(?i)(?:^|[_.-])(?:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|authorization|cookie"
    r"|credentials?)(?:$|[_.-])"
)
# Every run is bounded and begins where a word does: one hostile text must not take the time of many.
_SECRET_TEXT = re.compile(
    r"""
    (?P<pem>-----BEGIN\ [A-Z ]{0,30}PRIVATE\ KEY-----[^-]{0,16384}(?:-----END\ [A-Z ]{0,30}PRIVATE\ KEY-----|\Z)?)
    | (?P<scheme>\b(?:Bearer|Basic)\ )[A-Za-z0-9._~+/=-]{8,4096}
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b
    | (?<![A-Za-z0-9_-])(?:ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs]|sk|pk|rk|ad)[-_][A-Za-z0-9_-]{16,512}
    | (?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,2048}\.[A-Za-z0-9_-]{8,2048}\.[A-Za-z0-9_-]{0,2048}
    | (?P<userinfo>(?<![A-Za-z0-9+.-])[a-z][a-z0-9+.-]{0,31}://[^\s:/@]{0,256}:)[^\s@/]{1,256}(?=@)
    | (?P<assigned>\b(?:password|passwd|secret|token|api_?key)["']?\s{0,8}[=:]\s{0,8}["']?)[^\s"',;&]{4,1024}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SHORTEST = 7
"""No secret that is told by its look, with what introduces it, is shorter."""

_SMALLEST_FIELD: Final = 200
"""Characters that any field for texts has room for."""


def holds_secret(text: str) -> bool:
    """Whether something in `text` looks like a secret."""
    return len(text) >= _SHORTEST and _SECRET_TEXT.search(text) is not None


def scrub_text(text: str) -> str:
    """`text` with keys, tokens and passwords replaced, and what introduces them kept.

    Where that makes it longer it is cut: a text that had room in its field has room there afterwards.
    """
    if not holds_secret(text):
        return text
    return _SECRET_TEXT.sub(_replacement, text)[: max(len(text), _SMALLEST_FIELD)]


def is_secret_name(name: str) -> bool:
    """Whether what is called `name` is a secret, whatever it looks like."""
    return _is_secret_name(name[:256])  # no more than that is remembered of what anybody may send


@lru_cache(maxsize=4_096)
def _is_secret_name(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


def _replacement(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return (groups["scheme"] or groups["userinfo"] or groups["assigned"] or "") + SCRUBBED
