"""The whole system at work: an agent fails on real flights and is fixed while it runs."""
