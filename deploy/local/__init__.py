"""The whole system on one machine: a real Kafka, a real PostgreSQL, every service, kept alive by supervisord."""
