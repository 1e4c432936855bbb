"""Secrets leave what agents report before it is stored or passed on.

What agents report are tagged values (`autodev.values`): what is scrubbed stays one that decodes, of the same type.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any, Final

from autodev.values import tags
from services.ingestion.domain.secrets import SCRUBBED, holds_secret, is_secret_name, scrub_text


def scrub(value: Any) -> Any:
    """JSON data with secrets replaced: by their look in texts and bytes, by their name as values of objects and maps.

    An object's keys stay: they are names, also of arguments.
    """
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, (list, tuple)):
        return [scrub(item) for item in value]
    if isinstance(value, dict):
        if len(value) == 1:
            ((tag, payload),) = value.items()
            if tag in _TAGGED and (scrubbed := _TAGGED[tag](tag, payload)) is not None:
                return scrubbed
        return {key: _scrub_named(key, item) for key, item in value.items()}
    return value


def is_clean(value: Any) -> bool:
    """Whether `scrub` is known to change nothing of `value`: nearly always, for a third of what scrubbing costs."""
    pending = [value]
    for each in pending:  # and for what is added meanwhile
        kind = type(each)
        if kind is str:
            if holds_secret(each):
                return False
        elif kind is dict:
            for name, item in each.items():
                if name in _TAGGED or is_secret_name(name):
                    return False
                pending.append(item)
        elif kind is list or kind is tuple:
            pending.extend(each)
        elif kind not in _SCALARS:
            return False
    return True


def _scrub_named(name: str, item: Any) -> Any:
    """`item`, which is called `name`."""
    if not is_secret_name(name):
        return scrub(item)
    if isinstance(item, str):
        return SCRUBBED if item else item
    if isinstance(item, dict) and len(item) == 1:
        ((tag, payload),) = item.items()
        if payload and tag in _REPLACEMENTS:
            return _REPLACEMENTS[tag]
    return scrub(item)


def _scrub_map(tag: str, payload: Any) -> Any:
    if not (isinstance(payload, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in payload)):
        return None
    scrubbed = [[scrub(key), _scrub_named(_name(key), item)] for key, item in payload]
    return {tag: _distinct(payload, scrubbed, lambda pair: pair[0])}


def _scrub_set(tag: str, payload: Any) -> Any:
    return {tag: _distinct(payload, scrub(payload), lambda member: member)} if isinstance(payload, list) else None


def _distinct(original: Sequence[Any], scrubbed: list[Any], identity: Callable[[Any], Any]) -> list[Any]:
    """`scrubbed`, without what became the same as another: sets and maps that have it twice do not decode."""
    if scrubbed == original:
        return scrubbed
    return list({repr(identity(each)): each for each in scrubbed}.values())


def _scrub_bytes(tag: str, payload: Any) -> Any:
    """Bytes as they are, or replaced altogether: in the base64 of them no part can be."""
    return None if (content := _decoded(payload)) is None else _whole(tag, payload, content.decode("latin-1"))


def _scrub_surrogates(tag: str, payload: Any) -> Any:
    content = _decoded(payload)
    if content is None or len(content) % 2:
        return None
    return _whole(tag, payload, content.decode("utf-16-le", "surrogatepass"))


def _whole(tag: str, payload: str, text: str) -> Any:
    return {tag: payload} if scrub_text(text) == text else _REPLACEMENTS[tag]


def _decoded(payload: Any) -> bytes | None:
    try:
        return base64.b64decode(payload, validate=True) if isinstance(payload, str) else None
    except ValueError:
        return None


def _name(key: Any) -> str:
    """What `key` of a map calls its value; nothing if it is neither a text nor bytes."""
    if isinstance(key, str):
        return key
    content = _decoded(key.get(tags.BYTES)) if isinstance(key, dict) else None
    return (content or b"").decode("latin-1")


_SCALARS: Final = frozenset({type(None), bool, int, float})
_SCRUBBED_BYTES: Final = base64.b64encode(SCRUBBED.encode()).decode()
_REPLACEMENTS: Final[dict[str, Any]] = {
    tags.BYTES: {tags.BYTES: _SCRUBBED_BYTES},
    tags.BYTEARRAY: {tags.BYTEARRAY: _SCRUBBED_BYTES},
    tags.TEXT: SCRUBBED,
}
_TAGGED: Final[dict[str, Callable[[str, Any], Any]]] = {
    tags.MAP: _scrub_map,
    tags.SET: _scrub_set,
    tags.FROZENSET: _scrub_set,
    tags.BYTES: _scrub_bytes,
    tags.BYTEARRAY: _scrub_bytes,
    tags.TEXT: _scrub_surrogates,
}
"""None where the payload is none of its tag: then it is scrubbed as any JSON."""
