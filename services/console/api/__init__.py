"""The HTTP API: one module a resource. It reads documents, and turns decisions into commands."""
