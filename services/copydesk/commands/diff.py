"""`copydesk diff`: the words that changed between two states of an article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from copydesk.commands.inbox import asked
from copydesk.commands.storage import archive_of
from copydesk.errors import Unusable
from copydesk.parser.rejected import Rejected
from copydesk.parser.urls import article_id, canonical
from copydesk.settings import Settings
from copydesk.sink.changes import Change, changes
from copydesk.sink.store import RevisionRow, TextRow
from copydesk.telemetry.harmless import harmless

_URL = re.compile(r"https?://", re.IGNORECASE)
_SHORT = 12
"""Characters of a revision that are shown; `trace` shows as many."""


def diff(settings: Settings, what: str, old: str | None, new: str | None) -> int:
    """Show what changed in the article `what` between the revisions that begin with `old`, `new`.

    Without `new` it is the present state, without `old` the one before the new one. The status is
    1 where there is no such article. Raises Unusable where storage cannot be read, or a
    revision is not one of the article's.
    """
    states, texts = asked(_read(settings, _identity(what), old, new))
    console = Console(highlight=False, soft_wrap=True)
    if len(texts) < len(("old", "new")):
        console.print(Text(_nothing(what, states)))
        return 0 if states else 1
    for state, sign, style in zip(states, "-+", ("red", "green"), strict=True):
        line = f"{sign} {state.revision[:_SHORT]}  {state.source_observed_at}  {state.source_path}"
        console.print(Text(harmless(line), style))
    found = list(changes(*texts))
    if not found:
        console.print(Text("No word changed, only how the text is divided into blocks."))
    field = ""
    for change in found:
        if change.field != field:
            field = change.field
            console.print(Text(field, "bold"))
        _print(change, console)
    return 0


def _identity(what: str) -> str:
    if not _URL.match(what):
        return what.lower()
    try:
        return article_id(canonical(what).canonical)
    except Rejected as error:
        raise Unusable(error.reason) from error


async def _read(
    settings: Settings, identity: str, old: str | None, new: str | None
) -> tuple[Sequence[RevisionRow], Sequence[TextRow]]:
    """The two states in question and their texts, the old one first; fewer where there are none."""
    async with archive_of(settings) as archive:
        states = await archive.revisions(identity)
        if len(states) < len(("old", "new")):
            return states, ()
        newer = _named(states, new) if new else next(state for state in states if state.current)
        others = [state for state in states if state is not newer]
        earlier = [one for one in others if one.source_observed_at < newer.source_observed_at]
        # A state may come back; then the one before it was seen first after it.
        older = _named(states, old) if old else (others if newer.current else earlier or others)[-1]
        texts = await archive.texts(identity, [older.revision, newer.revision])
        by_revision = {text.revision: text for text in texts}
        chosen = [older, newer]
        return chosen, [by_revision[state.revision] for state in chosen]


def _named(states: Sequence[RevisionRow], beginning: str) -> RevisionRow:
    """The one of `states` whose revision begins so. Raises Unusable."""
    found = [state for state in states if state.revision.startswith(beginning.lower())]
    if len(found) == 1:
        return found[0]
    known = ", ".join(state.revision[:_SHORT] for state in states)
    how = "several revisions begin" if found else "no revision begins"
    raise Unusable(f"{how} with {beginning}; the article has {known}")


def _nothing(what: str, states: Sequence[RevisionRow]) -> str:
    if not states:
        return f"No article {harmless(what)} is stored."
    return f"{harmless(states[0].title)} has one revision, so nothing changed."


def _print(change: Change, console: Console) -> None:
    """On a terminal one line with coloured words, elsewhere a line for each kind of words."""
    before, removed, added, after = (harmless(words) for words in change[1:])
    if console.is_terminal:
        parts = ((before, "dim"), (removed, "red strike"), (added, "green"), (after, "dim"))
        shown = [Text(words, style) for words, style in parts if words]
        console.print(Text("  ") + Text(" ").join(shown))
        return
    for sign, words in zip(" -+ ", (before, removed, added, after), strict=True):
        if words:
            console.print(Text(f"{sign} {words}"))
