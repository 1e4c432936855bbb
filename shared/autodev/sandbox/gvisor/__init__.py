"""Isolation by gVisor: the guest's system calls are answered by a kernel of its own, in user space."""
