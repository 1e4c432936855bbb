"""What isolation costs, on every engine that works on this machine."""
