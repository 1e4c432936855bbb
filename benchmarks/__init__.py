"""What `make bench` runs: throughput, latency and memory of the whole system, each beside a bare peer."""
