"""Control groups, of either version: limits that hold for all processes of an isolation together."""
