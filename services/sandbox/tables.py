"""The schema `sandbox` holds the runtime's tables and nothing else: results go out, none stay."""

from __future__ import annotations

from autodev.stream.postgres.tables import service_metadata

metadata = service_metadata("sandbox")
