"""The search's `Runner` on a sandbox, and what it adds to the guest's module to watch it."""
