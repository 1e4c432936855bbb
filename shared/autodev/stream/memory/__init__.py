"""In-memory broker and ledger for unit tests; they pass the contract suite of the real ones."""
