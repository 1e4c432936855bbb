"""From reports to records at the broker, on the background thread."""
