"""The storage in PostgreSQL, which several sinks may write at once."""
