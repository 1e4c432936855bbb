"""What the services keep in memory, at rest and under load, and whether it grows."""
