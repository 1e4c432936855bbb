"""A system call filter, assembled in Python: it needs no compiler and no library on the host."""
