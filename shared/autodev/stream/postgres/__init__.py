"""The ledger on PostgreSQL, and the relay that empties its outbox."""
