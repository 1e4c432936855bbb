"""What one tenant waits because another one floods the system."""
