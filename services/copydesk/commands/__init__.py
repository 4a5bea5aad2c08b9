"""`copydesk NAME`, a file each: wiring and words, no logic."""
