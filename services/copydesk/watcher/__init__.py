"""Folder → raw messages; receipts → done/ and rejected/."""
