"""The local store: an encrypted SQLite file with the ledger and the tables that are folded from it."""
