"""What must hold of every run by itself, with no other to compare it with."""
