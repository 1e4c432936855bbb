"""Runs a file as `python FILE` does, in the guest. Read as text and run there; the host never imports this module.

It is as easily fooled as any guest: what it says is a claim, like all a guest says.
"""

from __future__ import annotations

import atexit
import builtins
import sys
from _sitebuiltins import Quitter
from types import ModuleType

FILE = "/tmp/program.py"  # noqa: S108 - the isolation's own; where a file would be, had it one


class Source:
    """Where tracebacks and `inspect` find the program's text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_source(self, _name: str) -> str:
        return self._text


def run(source: str, variables: dict[str, object]) -> None:
    """Down to the threads that are waited for and the functions that are called at the end."""
    main = ModuleType("__main__")
    main.__file__ = FILE
    main.__dict__.update(variables, __loader__=Source(source))
    sys.modules["__main__"] = main
    sys.argv = [FILE]
    sys.path.insert(0, FILE.rpartition("/")[0])
    for name in ("exit", "quit"):
        setattr(builtins, name, Quitter(name, "Ctrl-D (i.e. EOF)"))
    failure: BaseException | None = None
    try:
        exec(compile(source, FILE, "exec", dont_inherit=True), main.__dict__)  # noqa: S102 - the purpose of the sandbox
    except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt are ends too
        failure = error
        tell(error)
    if threading := sys.modules.get("threading"):
        threading._shutdown()  # noqa: SLF001 - what the interpreter does at its end
    atexit._run_exitfuncs()  # noqa: SLF001 - likewise
    if failure is not None and not (isinstance(failure, SystemExit) and failure.code in (None, 0)):
        raise failure


def tell(error: BaseException) -> None:
    """On stderr, as the interpreter would at the end of a program."""
    if isinstance(error, SystemExit):
        if error.code is not None and not isinstance(error.code, int):
            print(error.code, file=sys.stderr)  # noqa: T201 - the program's last word
        return
    trace = error.__traceback__ and error.__traceback__.tb_next
    try:
        if sys.excepthook is not sys.__excepthook__:
            sys.excepthook(type(error), error, trace)
            return
        from traceback import print_exception

        print_exception(type(error), error, trace)
    except BaseException:  # noqa: BLE001, S110 - no memory is left, or the program's own hook failed
        pass
