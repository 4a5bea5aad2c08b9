"""What the SQLite log and the SQLite store have in common: one writer, and what went wrong."""
