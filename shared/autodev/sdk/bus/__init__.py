"""The event bus: emitters, and handlers in a consumer group."""
