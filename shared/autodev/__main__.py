"""`python -m autodev` is `autodev`."""

from __future__ import annotations

from autodev.cli.app import main

main()
