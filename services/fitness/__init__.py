"""Fitness: compares what candidates did with what is right, scores them, and decides what agents load."""
