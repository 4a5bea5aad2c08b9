"""A seeded load of files, and a memory of what was put where: the harness judges by it."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.pipeline import article

TOO_LARGE = article("https://news.example/long", "Long", "Far too long. " * 80_000)
BAD: dict[str, Callable[[str], bytes]] = {
    "no_tags": lambda mark: f"Shopping list {mark}: milk, bread, a bell.\n".encode(),
    "empty": lambda _: b"",
    "not_text": lambda mark: b"\x00\x01\xfe\xff\x00" * 40 + mark.encode(),
    "missing_field": lambda mark: article("x", mark).replace(b"<URL>x</URL>\n", b""),
    "unclosed_tag": lambda mark: article(url(mark), mark).replace(b"</CONTENT>\n", b""),
    "bad_date": lambda mark: article(url(mark), mark).replace(b"2025-06-03", b"Friday"),
    "bad_url": lambda mark: article("not an address", mark),
    "bad_gzip": lambda mark: gzip.compress(mark.encode() * 9)[:-9],
    "too_large": lambda _: TOO_LARGE,
}
"""By the code that it must be rejected with, content that is no article."""


def url(name: str) -> str:
    """The address of the article called `name`."""
    return f"https://news.example/{name}"


def url_of(path: str) -> str:
    """The address of the article that the file at `path` holds, whatever its version."""
    return url(path.rpartition("/")[2][:5])


@dataclass(frozen=True)
class Content:
    """Bytes that were put into the folder. `title` of a good article; `code` of a bad one."""

    data: bytes
    title: str | None = None
    code: str | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Load:
    """Puts files into `inbox`, one thing at a time; each path has an article address of its own."""

    inbox: Path
    random: random.Random
    last: dict[str, Content] = field(default_factory=dict)
    """By path, what was put there last: nobody but the pipeline has touched it since."""
    puts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By path and digest, how often that content was put there."""
    contents: dict[str, Content] = field(default_factory=dict)
    """By digest, every content there ever was."""
    done: int = 0

    def step(self) -> None:
        """Do one thing that a user or another program might do."""
        self.done += 1
        actions = (
            self.new,
            self.change,
            self.replace,
            self.touch,
            self.repeat,
            self.spoil,
            self.hammer,
        )
        chosen = self.random.choices(actions, weights=(59, 9, 9, 6, 6, 10, 1))[0]
        (chosen if self.last else self.new)()

    def new(self) -> None:
        """A file of a new name, written in place or renamed there, sometimes in a sub-folder."""
        folder = self.random.choice(["", "", "agency/", "agency/europe & asia/"])
        suffix = self.random.choice([".txt", ".txt", ".txt", ".gz", " ü\udcff\n.txt"])
        path = f"{folder}{self.done:05}{suffix}"
        self._put(path, self._good(path), self.random.choice([self._write, self._rename]))

    def change(self) -> None:
        """New content, written over the old."""
        path = self._known()
        self._put(path, self._good(path), self._write)

    def replace(self) -> None:
        """New content, renamed over the old."""
        path = self._known()
        self._put(path, self._good(path), self._rename)

    def touch(self) -> None:
        """The same file, a newer time."""
        target = self._target(self._known())
        if os.path.exists(target):  # noqa: PTH110 -- bytes
            try:
                os.utime(target)
            except FileNotFoundError:  # the pipeline was faster
                return

    def repeat(self) -> None:
        """The same bytes again, under the same name."""
        path = self._known()
        self._put(path, self.last[path], self.random.choice([self._write, self._rename]))

    def hammer(self) -> None:
        """New content again and again, while the pipeline is busy with the one before."""
        path = self._known()
        for _ in range(10):
            self.done += 1
            self._put(
                path, self._good(path), self.random.choice([self._write_slowly, self._rename])
            )
            self._pause()

    def spoil(self) -> None:
        """Something that is no article, as a new file or in an old one's place."""
        code = self.random.choice(list(BAD))
        path = self._known()
        if path.endswith(".gz") or self.random.random() < 0.7:
            path = f"{self.done:05}.{'gz' if code == 'bad_gzip' else 'txt'}"
        content = Content(BAD[code](f"{self.done:05}"), code=code)
        self._put(path, content, self.random.choice([self._write, self._rename]))

    def _good(self, path: str) -> Content:
        title = f"Council meets for the {self.done}th time"
        data = article(url_of(path), title)
        return Content(gzip.compress(data) if path.endswith(".gz") else data, title=title)

    def _known(self) -> str:
        """A path that was used before, often one that the pipeline is busy with right now."""
        return self.random.choice(list(self.last)[-self.random.choice((3, 200)) :])

    def _target(self, path: str) -> bytes:
        return os.fsencode(self.inbox) + b"/" + os.fsencode(path)

    def _put(self, path: str, content: Content, how: Callable[[bytes, bytes], None]) -> None:
        target = self._target(path)
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 -- bytes
        self.contents[content.digest] = content
        self.puts[path][content.digest] += 1
        self.last[path] = content
        how(target, content.data)

    def _write(self, target: bytes, data: bytes) -> None:
        with open(target, "wb", buffering=0) as file:  # noqa: PTH123 -- bytes
            file.write(data[:100])
            file.write(data[100:])

    def _write_slowly(self, target: bytes, data: bytes) -> None:
        with open(target, "wb", buffering=0) as file:  # noqa: PTH123 -- bytes
            for start in range(0, len(data), 100):
                file.write(data[start : start + 100])
                self._pause()

    def _pause(self) -> None:
        time.sleep(self.random.uniform(0, 0.02))

    def _rename(self, target: bytes, data: bytes) -> None:
        folder, name = os.path.split(target)
        hidden = os.path.join(folder, b"." + name + b".x1Y2z3")  # noqa: PTH118 -- bytes
        with open(hidden, "wb") as file:  # noqa: PTH123 -- bytes
            file.write(data)
        os.replace(hidden, target)  # noqa: PTH105 -- bytes
