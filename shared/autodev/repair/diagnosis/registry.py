"""Every diagnosis there is. A new one is a module with a `diagnose` function and a line here."""

from collections.abc import Callable, Iterable

from autodev.repair.diagnosis import (
    absence,
    bounds,
    conversion,
    division,
    domain,
    emptiness,
    index,
    key,
    mismatch,
    passed_on,
)
from autodev.repair.diagnosis.fault import Fault
from autodev.repair.diagnosis.suspect import Suspect

Diagnosis = Callable[[Fault], Iterable[Suspect]]

DIAGNOSES: tuple[Diagnosis, ...] = (
    conversion.diagnose,
    division.diagnose,
    key.diagnose,
    index.diagnose,
    absence.diagnose,
    mismatch.diagnose,
    emptiness.diagnose,
    domain.diagnose,
    bounds.diagnose,
)
FALLBACK: Diagnosis = passed_on.diagnose


def diagnose(fault: Fault) -> tuple[Suspect, ...]:
    """What can have been odd, by the first diagnosis that knows the error; the certain suspects first."""
    found = next(filter(None, (list(diagnosis(fault)) for diagnosis in DIAGNOSES)), [])
    if not found or not fault.direct:
        found += FALLBACK(fault)
    return tuple(sorted(found, key=lambda suspect: not suspect.certain))
