"""What is observed of a call, on the agent's own threads."""
