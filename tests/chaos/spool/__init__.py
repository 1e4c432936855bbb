"""An agent whose disk is full while the broker is away."""
