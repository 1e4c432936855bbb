"""Ingestion: what agents report becomes validated, scrubbed, deduplicated evidence."""
