"""Running untrusted Python in isolation, on its own: no broker, no database.

    engine = namespace_engine()
    report = await engine.run(Program(source, "speed"), [CallInput("1", Arguments(args=(…,)))], Policy())

Every run gets namespaces, an unprivileged user, resource limits and a system call filter of its own, and nothing of it
is left afterwards; each call runs in its own fork, so none can reach another's result. `engine.search` tries many
versions of a function at a fraction of the cost, to find those worth a run; `engine.check_properties` judges answers.

`engines.ENGINES` has them all by name, strongest first; what differs between them is in the sandbox service's README.
`execute_raw_python` runs a whole program as the developer guide does.

No isolation, no run: `IsolationUnavailable` says which control failed and how to fix it. There is no fallback.
"""

from autodev.events.models.call import Arguments
from autodev.events.models.search import PropertyVerdict, Verdict
from autodev.sandbox.canary import CapabilityReport, ControlResult, examine, prove
from autodev.sandbox.engine import Engine
from autodev.sandbox.engines import docker_engine, namespace_engine
from autodev.sandbox.errors import IsolationUnavailable, SandboxError
from autodev.sandbox.policy import Policy
from autodev.sandbox.program import CallInput, Program, PropertyInput
from autodev.sandbox.raw_python import RawPythonSandbox, execute_raw_python
from autodev.sandbox.report import CallFacts, Output, PropertyFacts, PropertyReport, RunReport, Usage

__all__ = [
    "Arguments",
    "CallFacts",
    "CallInput",
    "CapabilityReport",
    "ControlResult",
    "Engine",
    "IsolationUnavailable",
    "Output",
    "Policy",
    "Program",
    "PropertyFacts",
    "PropertyInput",
    "PropertyReport",
    "PropertyVerdict",
    "RawPythonSandbox",
    "RunReport",
    "SandboxError",
    "Usage",
    "Verdict",
    "docker_engine",
    "examine",
    "execute_raw_python",
    "namespace_engine",
    "prove",
]
