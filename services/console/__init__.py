"""Console: what the system knows, as read models over every topic, and what people decide, as events."""
