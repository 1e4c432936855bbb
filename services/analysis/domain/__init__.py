"""The pure fold over one partition's log. Neither Kafka, Faust, SQLAlchemy nor a clock is known here."""
