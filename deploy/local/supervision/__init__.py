"""supervisord: its configuration and its calls."""
