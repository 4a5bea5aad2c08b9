"""The floor: the script that everybody writes first. Reads, splits, inserts one by one.

It promises nothing: no durability until the end, no second run, no reason for what it drops.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from pathlib import Path

FIELD = re.compile(r"<([A-Z_]+)>(.*?)</\1>", re.DOTALL)
COLUMNS = ("TITLE", "PUBLISHED_DATE", "URL", "AUTHOR", "SUMMARY", "HIGHLIGHTS", "CONTENT")


def main(folder: Path, database: Path) -> None:
    """Insert every article below `folder` into `database`."""
    connection = sqlite3.connect(database)
    connection.execute(
        "CREATE TABLE articles (title, published_date, url PRIMARY KEY, author, summary,"
        " highlights, content)"
    )
    for path in sorted(folder.rglob("*.txt")):
        fields = {name: text.strip() for name, text in FIELD.findall(path.read_text("utf-8"))}
        if not {"TITLE", "URL", "CONTENT"} <= fields.keys():
            print("skipped", path)
            continue
        connection.execute(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)",
            [fields.get(column) for column in COLUMNS],
        )
    connection.commit()
    connection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
