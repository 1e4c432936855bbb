"""Python values as tagged JSON, and back, without loss.

Plain JSON stands for itself. Everything else is an object with exactly one key that starts with ``$``:
``{"$tuple": [1, 2]}``, ``{"$bytes": "…base64…"}``, ``{"$map": [[key, value], …]}`` (all: `values.tags`).
What cannot be carried is marked ``{"$unencodable": {"type": …, "repr": …}}`` and never silently changed.

Standard library only: the sandbox binds this package into the guest and runs the very same code there.
"""

from autodev.values.decode import decode
from autodev.values.encode import encode, is_complete
from autodev.values.tags import Encoded, Limits, Unencodable, ValueCodecError

__all__ = ["Encoded", "Limits", "Unencodable", "ValueCodecError", "decode", "encode", "is_complete"]
