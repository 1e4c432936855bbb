"""Run as a script by the guest's Python: process 1 begins here, and imports all the rest from one file.

A module of its own file takes a third of a millisecond to find, and there are twenty.
"""

import gc
import marshal
import sys
from _frozen_importlib import ModuleSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, ModuleType
    from typing import Any


class Harness:
    """Finds and loads modules; see `autodev.sandbox.harness`, which writes the file."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib would cost each start of the guest an import
            self._modules: dict[str, tuple[bool, CodeType]] = marshal.loads(file.read())  # noqa: S302 - the host's

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> "Any":
        if name not in self._modules:
            return None
        loader: Any = self
        return ModuleSpec(name, loader, is_package=self._modules[name][0])

    def create_module(self, spec: "Any") -> None:
        """None: a module like any other."""

    def exec_module(self, module: "ModuleType") -> None:
        exec(self._modules[module.__name__][1], module.__dict__)  # noqa: S102 - our own code


gc.disable()  # nothing that is made here ever goes
sys.meta_path.insert(0, Harness(sys.argv[1]))

from autodev.sandbox.guest.init import main  # noqa: E402

main()
