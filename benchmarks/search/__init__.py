"""How fast candidates of one function are evaluated."""
