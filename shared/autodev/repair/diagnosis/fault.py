"""One thing that goes wrong at one statement, with all the failures that show it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from autodev.repair.diagnosis.refusals import refusal_in
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
        """The class of the first exception, without its module."""
        return self.error_names[0]

    @property
    def error_names(self) -> tuple[str, ...]:
        """Classes of all exceptions, which are several where one operand was odd in several ways."""
        return tuple(dict.fromkeys(failure.error_type.rpartition(".")[2] for failure in self.failures))


def faults(function: FunctionSource, entrypoint: str, failures: Iterable[Failure]) -> tuple[Fault, ...]:
    """Group failures by error and place; most frequent first.

    A text that stands at several statements gives a fault for each. A failure without a matching frame
    gives one for every statement of the function: each could have raised it.
    """
    statements = sites(function)
    groups: dict[tuple[str, Site, bool], list[Failure]] = {}
    for failure in failures:
        direct = is_direct(entrypoint, failure)
        error = _error(failure)
        for site in failing_sites(statements, entrypoint, failure) or statements:
            groups.setdefault((error, site, direct), []).append(failure)
    found = [Fault(function, site, statements, tuple(members), direct) for (_, site, direct), members in groups.items()]
    return tuple(sorted(found, key=lambda fault: -len(fault.failures)))


def _error(failure: Failure) -> str:
    """The converter that refused, whatever it was given, or else type and message without its literals."""
    refusal = refusal_in(failure.message)
    if refusal is not None:
        return refusal.converter
    return f"{failure.error_type}: {_LITERAL.sub('?', failure.message)}"
