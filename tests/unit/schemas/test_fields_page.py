"""`docs/fields.md` maps every field of an event, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from copydesk_schemas.validation import schema

PAGE = Path(__file__).parents[3] / "docs" / "fields.md"


def test_the_page_maps_the_fields_of_an_event_in_their_order() -> None:
    mapped = re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert mapped == list(schema("article")["properties"])
