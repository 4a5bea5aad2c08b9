"""copydesk: from a folder of article files to a stream and a database of clean articles."""

__version__ = "0.1.0"
