"""How many events a second become durable: topic in, stored, topic out, beside a relay that stores nothing."""
