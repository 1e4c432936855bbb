"""What every service process shares: settings, probes, migrations, and its life from start to drain."""
