"""Analysis: from counted failures to closed windows and requests to learn, in event time."""
