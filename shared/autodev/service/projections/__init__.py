"""What several services keep of the same compacted topic, each in its own schema."""
