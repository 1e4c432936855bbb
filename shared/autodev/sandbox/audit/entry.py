"""What a record says of a run: hashes, closed vocabularies and numbers. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from autodev.sandbox.audit.chain import sha256
from autodev.sandbox.policy import Policy
from autodev.sandbox.report import PropertyReport, RunReport


class Kind(StrEnum):
    RUN = "run"
    SEARCH = "search"
    """Many programs in one isolation."""
    PROPERTIES = "properties"
    NOT_RUN = "not_run"
    """There was no isolation, so nothing ran."""
    FAILED = "failed"
    """The engine itself failed; what the guest did is not known."""
    CANCELLED = "cancelled"
    """The caller gave up; the guest, if it had begun, was killed."""


def asked(
    module_source: str, replacements: Sequence[str | None], policy: Policy, engine: str, image: str | None
) -> dict[str, Any]:
    """What was to be run, within which limits, on what."""
    return {
        "engine": engine,
        "image": image,
        "module_sha256": code_hash(module_source),
        "replacements_sha256": [None if each is None else code_hash(each) for each in replacements],
        "policy_sha256": policy_hash(policy),
        "limits": policy.model_dump(mode="json"),
    }


def ran(reports: Sequence[RunReport]) -> dict[str, Any]:
    """How it went, program by program."""
    return {"runs": [_ended(each, (call.verdict for call in each.calls)) for each in reports]}


def checked(report: PropertyReport) -> dict[str, Any]:
    """How property checks went: verdicts are of checks."""
    return {"runs": [_ended(report, (check.verdict for check in report.checks))]}


def code_hash(source: str) -> str:
    """SHA-256 of the source in UTF-8."""
    return sha256(source.encode("utf-8", "surrogatepass"))


def policy_hash(policy: Policy) -> str:
    """SHA-256 of the policy as JSON with sorted keys and without spaces."""
    return sha256(json.dumps(policy.model_dump(mode="json"), sort_keys=True, separators=(",", ":")).encode())


def _ended(report: RunReport | PropertyReport, verdicts: Iterable[StrEnum]) -> Mapping[str, Any]:
    return {
        "verdict": report.verdict.value,
        "calls": Counter(verdict.value for verdict in verdicts),
        "seconds": report.seconds,
        "take_seconds": report.take_seconds,
        "overshoot_seconds": report.overshoot_seconds,
        "usage": asdict(report.usage),
    }
