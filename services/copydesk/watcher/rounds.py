"""One round of work on the folder, in a thread: clear some files away, look at some others.

Nothing here waits for the log. What must be published is in the round's `Harvest`. Files are moved
before the log hears of it and the log has a version before its file is moved: killed between the
two, the next start finds either in the folder or in the ledger what is to be done.
"""

from __future__ import annotations

from collections.abc import Sequence

from copydesk.watcher.clearing import Clearing
from copydesk.watcher.closed import Skipped
from copydesk.watcher.disposal import Disposed, Disposer
from copydesk.watcher.harvest import Harvest
from copydesk.watcher.hints import Hint, Hints
from copydesk.watcher.known import unpack
from copydesk.watcher.ledger import Ledger
from copydesk.watcher.looking import Looking
from copydesk.watcher.options import WatcherOptions
from copydesk.watcher.outbox import Outbox
from copydesk.watcher.receipts import Settled
from copydesk.watcher.scan import Found, Gone, Pause, Walk


class Rounds:
    """The work on one inbox. Its methods are called one at a time, from any thread."""

    def __init__(
        self, root: bytes, options: WatcherOptions, outbox: Outbox, ledger: Ledger, hints: Hints
    ) -> None:
        staged: dict[bytes, float] = {}
        failed: dict[bytes, float] = {}
        self._ledger = ledger
        self._looking = Looking(root, options, outbox, ledger, hints, staged=staged, failed=failed)
        self.clearing = Clearing(
            Disposer(root, options.after),
            outbox,
            ledger,
            self._looking,
            staged=staged,
            failed=failed,
        )
        self.walks: list[Walk] = []
        """Walks in progress; the last one goes first."""

    def work(self, due: Sequence[Settled], hinted: Sequence[Hint]) -> Harvest:
        """Dispose of the files that are `due`, look at those `hinted` and at some of the walks'.

        Raises OSError where the inbox is away or the process lacks something.
        """
        harvest = Harvest()
        self.clearing.finish_staged(harvest)
        for path, rejection in due:
            self.clearing.dispose(path, rejection, harvest)
        self.clearing.empty_staging(harvest)
        for number, (path, finished) in enumerate(hinted):
            if harvest.full:
                harvest.unfinished.extend(hinted[number:])
                break
            self._looking.look(path, harvest, finished=finished)
        self._walk(harvest)
        self._looking.enter_all(harvest)
        return harvest

    def _walk(self, harvest: Harvest) -> None:
        """Go on with the last of the walks, up to its next pause."""
        while self.walks and not harvest.full:
            walk = self.walks[-1]
            finding = walk.next()
            if finding is None:
                harvest.finished_walks.append(self.walks.pop())
                return
            match finding:
                case Found(path):
                    self._looking.look(path, harvest)
                case Skipped():
                    harvest.skipped.append(finding)
                case Gone(path):
                    version = unpack(self._ledger.known[path]).version
                    self.clearing.forget(Disposed(path, version, "vanished"), harvest)
                case Pause():
                    return
