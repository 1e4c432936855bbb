"""Where in an event something is wrong, and why, as text that can be shown.

Senders choose the names of their fields, and what they put there may be secret: neither is repeated as it came.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic_core import ErrorDetails

_MAX_NAME = 64
_MAX_NAMES = 12


def dotted(names: Sequence[object]) -> str:
    """``call.arguments.args.0``; "data" for the whole. Cut to fit a header, control characters written out."""
    shown = [_printable(str(name)[: _MAX_NAME + 1]) for name in names[:_MAX_NAMES]]
    return ".".join([*shown, "…"] if len(names) > _MAX_NAMES else shown) or "data"


def reason(error: ErrorDetails) -> str:
    """Why a model refused a value, without the value."""
    if error["type"] == "union_tag_invalid":  # the one message that repeats what it was given
        return f"Input tag should be one of {error['ctx']['expected_tags']}"
    return error["msg"].removeprefix("Value error, ")  # the models' parser's word before every reason of our own


def _printable(name: str) -> str:
    cut = name if len(name) <= _MAX_NAME else name[:_MAX_NAME] + "…"
    if cut.isprintable():
        return cut
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in cut)
