"""The storage as one SQLite file."""
