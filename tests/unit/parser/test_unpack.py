"""Packed files are read through, within limits."""

from __future__ import annotations

import gzip
import time
import zlib

import pytest

from copydesk.parser.unpack import MAX_FILE, MAX_UNPACKED
from tests.unit.parser.articles import compose, parsed, rejected

PACKED = gzip.compress(compose().encode())


@pytest.mark.parametrize("path", ["a.txt.gz", "A.TXT.GZ", "a.txt"])
def test_a_packed_article_is_that_article_whatever_its_name(path: str) -> None:
    assert parsed(PACKED, path)["content"] == parsed(compose())["content"]


def test_all_members_of_a_packed_file_are_read() -> None:
    data = compose().encode()
    assert parsed(gzip.compress(data[:100]) + gzip.compress(data[100:]))["authors"] == [
        "Ines Okafor"
    ]


def test_zeros_after_the_end_are_padding() -> None:
    assert parsed(PACKED + bytes(512))


@pytest.mark.parametrize(
    ("data", "path"),
    [
        pytest.param(PACKED[:-9], "a.gz", id="cut off"),
        pytest.param(PACKED[:12], "a.gz", id="nothing but a header"),
        pytest.param(PACKED[:2], "a.gz", id="nothing but the magic"),
        pytest.param(PACKED + b"and so on", "a.gz", id="followed by something else"),
        pytest.param(PACKED[:40] + b"\0\0\0\0" + PACKED[44:], "a.gz", id="damaged"),
        pytest.param(PACKED[:-8] + bytes(4) + PACKED[-4:], "a.gz", id="wrong checksum"),
        pytest.param(compose().encode(), "a.txt.gz", id="named .gz and not packed"),
    ],
)
def test_what_cannot_be_unpacked_is_bad_gzip(data: bytes, path: str) -> None:
    assert rejected(data, path)["code"] == "bad_gzip"


def test_an_empty_file_named_gz_is_empty() -> None:
    assert rejected(b"", "a.gz")["code"] == "empty"


def test_a_file_packed_twice_is_not_text() -> None:
    assert rejected(gzip.compress(PACKED))["code"] in {"not_text", "bad_encoding"}


def test_a_gzip_bomb_unpacks_too_large_and_takes_no_time() -> None:
    bomb = gzip.compress(bytes(200 << 20), compresslevel=9)
    began = time.process_time()
    assert rejected(bomb, "a.gz")["code"] == "unpacks_too_large"
    assert time.process_time() - began < 1


def test_a_million_empty_members_take_linear_time() -> None:
    member = zlib.compressobj(9, zlib.DEFLATED, 31).flush()
    many = member * (MAX_FILE // len(member))
    began = time.process_time()
    assert rejected(many, "a.gz")["code"] == "empty"
    assert time.process_time() - began < 20


def test_the_limits_are_as_promised() -> None:
    assert (MAX_FILE, MAX_UNPACKED) == (1_048_576, 4_194_304)
    filler = "x" * (MAX_UNPACKED - len(compose(CONTENT="")))
    assert parsed(gzip.compress(compose(CONTENT=filler).encode()))
    assert (
        rejected(gzip.compress(compose(CONTENT=filler + "x").encode()))["code"]
        == "unpacks_too_large"
    )


def test_a_file_over_a_mebibyte_is_too_large() -> None:
    filler = "x" * (MAX_FILE - len(compose(CONTENT="")))
    assert parsed(compose(CONTENT=filler))
    assert rejected(compose(CONTENT=filler + "x"))["code"] == "too_large"
