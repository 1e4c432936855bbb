"""The stream runtime: at least once on the wire, once in effect (docs/architecture.md, "Delivery")."""
