"""Many runs of every kind, with supervisors killed among them, and a count of what is left."""
