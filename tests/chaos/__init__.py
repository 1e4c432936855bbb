"""Every fault that the system promises to survive, made on real processes and judged against an undisturbed run."""
