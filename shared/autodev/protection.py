"""Words that no change may touch: what keeps generated code in bounds is not for generated code to change.

Fitness never chooses a candidate that does; the sandbox asks so that no other waits behind one.
"""

from __future__ import annotations

import re
from typing import Final

PROTECTED: Final = frozenset(
    {
        "ast_tripwire",
        "sandbox_config",
        "governance_config",
        "guardrails",
        "elevated_privileges",
        "autonomous_guardrails",
        "capability_gate",
    }
)


def touches_protected(code: str, base_code: str) -> bool:
    """Whether the change from `base_code` to `code` brings in, or takes out, a protected word."""
    changed = set(re.findall(r"\w+", code)) ^ set(re.findall(r"\w+", base_code))
    return not changed.isdisjoint(PROTECTED)
