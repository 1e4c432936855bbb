"""Messages by which a converter refuses a value: which converter it was, and which value."""

import ast
import re
from dataclasses import dataclass

_QUOTED = r"(?P<value>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_COMPLAINTS = {
    rf"could not convert string to float: {_QUOTED}": "float",
    r"float\(\) argument must be .* not '(?P<type>\w+)'": "float",
    rf"invalid literal for int\(\) with base \d+: {_QUOTED}": "int",
    r"int\(\) argument must be .* not '(?P<type>\w+)'": "int",
    r"<class 'decimal\.ConversionSyntax'>": "Decimal",
    r"conversion from (?P<type>\w+) to Decimal is not supported": "Decimal",
    rf"Invalid literal for Fraction: {_QUOTED}": "Fraction",
    rf"time data {_QUOTED} does not match format": "strptime",
    r"unconverted data remains": "strptime",
    r"strptime\(\) argument 1 must be str, not (?P<type>\w+)": "strptime",
    rf"Invalid isoformat string: {_QUOTED}": "fromisoformat",
    r"fromisoformat: argument must be str": "fromisoformat",
    r"badly formed hexadecimal UUID string": "UUID",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """The converter's name and the values (texts, or None) that it refused, as far as the message tells."""

    converter: str
    values: tuple[str | None, ...]


def refusal_in(message: str) -> Refusal | None:
    """What the message says, None if it is no converter's."""
    for pattern, converter in _COMPLAINTS.items():
        if found := re.search(pattern, message):
            return Refusal(converter, _values(found.groupdict()))
    return None


def refused(converter: str, value: object) -> bool:
    """Whether the number type itself refuses the value; of other converters only None is known to be."""
    if value is None:
        return True
    if type(value) is not str or converter not in ("float", "int"):
        return False
    try:
        _ = float(value) if converter == "float" else int(value)
    except ValueError:
        return True
    return False


def _values(named: dict[str, str | None]) -> tuple[str | None, ...]:
    if named.get("type") == "NoneType":
        return (None,)
    quoted = named.get("value")
    if quoted is None:
        return ()
    try:
        return (str(ast.literal_eval(quoted)),)
    except (ValueError, SyntaxError):
        return ()
