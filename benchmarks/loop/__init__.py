"""How long it takes from a failure in an agent to the agent running the fix, by how many cases are open at once."""
