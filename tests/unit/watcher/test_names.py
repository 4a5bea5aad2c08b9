"""Names alone: which files are taken, and the words for those that are not."""

from __future__ import annotations

import pytest

from copydesk.watcher.names import Names


@pytest.mark.parametrize(
    "path",
    [
        *(b"a.txt", b"A.TXT", b"no extension", b"done.txt", b"sub/done", b"a~b.txt", b"temp.txt"),
        *(b"\xff\n.txt", b"error.json", b"4913", b"a.tmp/b.txt"),
    ],
)
def test_a_usual_name_is_taken(path: bytes) -> None:
    assert Names(("*",), (), "move").admits(path)


@pytest.mark.parametrize(
    "path",
    [
        *(b".hidden", b"sub/.a.txt.Xy12Zq", b"a.txt~", b"a.tmp", b"a.TMP", b"a.part", b"a.partial"),
        *(b".a.txt.swp", b"a.swp", b"#a.txt#", b"~$a.docx", b".~lock.a.odt#", b"a.crdownload"),
        *(b"a.filepart", b"a.txt.error.json"),
    ],
)
def test_a_hidden_or_unfinished_name_is_left_alone(path: bytes) -> None:
    names = Names(("*",), (), "move")
    assert not names.admits(path)
    assert names.why_not(path)


def test_a_pattern_without_a_slash_is_about_the_name_with_one_about_the_path() -> None:
    names = Names(("*.txt", "raw/*"), ("raw/old/*", "draft-?.txt"), "move")
    taken = [b"a.txt", b"deep/down/a.txt", b"raw/a.xml", b"raw/new/a.xml", b"draft-10.txt"]
    assert [path for path in taken if not names.admits(path)] == []
    left = [b"a.xml", b"deep/raw/a.xml", b"raw/old/a.txt", b"sub/draft-1.txt"]
    assert [path for path in left if names.admits(path)] == []


def test_a_question_mark_is_one_character_not_one_byte() -> None:
    assert Names(("?.txt",), (), "move").admits("ü.txt".encode())


@pytest.mark.parametrize("folder", [b"done", b"rejected", b".git", b"sub/.hidden"])
def test_its_own_folders_and_hidden_ones_are_not_entered(folder: bytes) -> None:
    names = Names(("*",), (), "move")
    assert not names.enters(folder)
    assert names.why_not(folder + b"/a.txt")


def test_done_below_the_top_and_with_keep_is_a_folder_like_any_other() -> None:
    assert Names(("*",), (), "move").enters(b"sub/done")
    assert Names(("*",), (), "keep").enters(b"done")
    assert Names(("*",), (), "keep").why_not(b"done/a.txt") is None
