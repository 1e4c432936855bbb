"""One thing that goes wrong at one statement, with all the failures that show it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from autodev.repair.model import Failure
from autodev.repair.source.function import FunctionSource
from autodev.repair.source.localise import failing_sites, is_direct
from autodev.repair.source.site import Site, sites

_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?")


@dataclass(frozen=True, eq=False)
class Fault:
    """Failures of one error at one of the function's `statements`.

    `direct` when the statement itself raised, not a function that it called.
    """

    function: FunctionSource
    site: Site
    statements: tuple[Site, ...]
    error_type: str
    failures: tuple[Failure, ...]
    direct: bool

    @property
    def messages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(failure.message for failure in self.failures))

    @property
    def message(self) -> str:
        return self.failures[0].message

    @property
    def error_name(self) -> str:
        """The exception's class without its module."""
        return self.error_type.rpartition(".")[2]


def faults(function: FunctionSource, entrypoint: str, failures: Iterable[Failure]) -> tuple[Fault, ...]:
    """Group failures by error, message without its literals, and place; most frequent first.

    A text that stands at several statements gives a fault for each. A failure without a matching frame
    gives one for every statement of the function: each could have raised it.
    """
    statements = sites(function)
    groups: dict[tuple[str, str, Site, bool], list[Failure]] = {}
    for failure in failures:
        direct = is_direct(entrypoint, failure)
        template = _LITERAL.sub("?", failure.message)
        for site in failing_sites(statements, entrypoint, failure) or statements:
            groups.setdefault((failure.error_type, template, site, direct), []).append(failure)
    found = [
        Fault(function, site, statements, error_type, tuple(members), direct)
        for (error_type, _, site, direct), members in groups.items()
    ]
    return tuple(sorted(found, key=lambda fault: -len(fault.failures)))
