"""What a person sees: progress, status, logs."""
