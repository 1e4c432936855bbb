"""What may be a tenant's, an agent's or a skill's name: the rule of `autodev.ids`, without importing its models."""

from __future__ import annotations

import re
from typing import Final

RULE: Final = "letters, digits and ._:@+- only, at most 128, and the first a letter, a digit or _"
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._:@+-]{0,127}")


def is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None
