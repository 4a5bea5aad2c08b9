"""Rejection codes: the closed set, and what each means to the person who dropped the file."""

from __future__ import annotations

from typing import Final

from copydesk_schemas.messages import Code

MEANING: Final[dict[Code, str]] = {
    "not_text": "The file is not text: it holds bytes that text has not (an image, a program).",
    "bad_encoding": "The text is in none of UTF-8, UTF-16 with BOM and Windows-1252.",
    "empty": "The file is empty, or holds nothing but white space.",
    "too_large": "The file is larger than 1 MiB, or the article made of it than a message.",
    "no_tags": "The file has no tag of an article (TITLE, URL, CONTENT and so on).",
    "missing_field": "A required field (TITLE, PUBLISHED_DATE, URL, CONTENT) is not there.",
    "empty_field": "A required field is there and holds nothing.",
    "duplicate_field": "A field stands in the file twice.",
    "unclosed_tag": "A field is opened and not closed before the next one, or the file's end.",
    "several_articles": "A second TITLE follows CONTENT: the file holds more than one article.",
    "bad_date": "PUBLISHED_DATE is no date, or leaves open which day, month or year is meant.",
    "bad_url": "URL is no absolute http or https address.",
    "bad_gzip": "The file is named .gz, or begins like one, and cannot be unpacked.",
    "unpacks_too_large": "The file unpacks to more than 4 MiB.",
    "refused_by_store": "The database refused the row, twice and alone.",
    "bad_message": "A message in the log is none of ours, or is not what its type demands.",
    "internal_error": "copydesk itself failed on this one; the log has the traceback. Report it.",
}
