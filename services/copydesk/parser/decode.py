"""Bytes to text: UTF-8, UTF-16 with its mark, Windows-1252, and nothing by guesswork beyond."""

from __future__ import annotations

import codecs
from collections import Counter
from typing import NamedTuple

import chardet
from chardet.enums import EncodingEra

from copydesk.parser.rejected import Rejected

_ASCII = bytes(range(128))
_BEYOND_ASCII = bytes(range(128, 256))
_ORDINARY = b"\n\r" + bytes(range(32, 127))
# What no text needs. Left in are line ends and what separates words: those become blanks.
_CONTROLS = bytes([*range(9), *range(14, 28), 127])
_TO_BLANK = bytes.maketrans(b"\t\v\f\x1c\x1d\x1e\x1f", b" " * 7)

_MOST_CONTROLS = 0.05
"""Above this share of control characters it is no text. Random bytes have 0.09."""

_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


class Text(NamedTuple):
    """A decoded text, its lines ended by line feeds, without control characters of ASCII."""

    text: str
    special: str
    """What `beyond_ascii` gives of it: short, as a rule, so that a search for rare characters need
    not go through the whole text."""


def decode(data: bytes, repairs: Counter[str]) -> Text:
    """The text of `data`.

    Counts in `repairs` what it did. Raises Rejected `empty`, `not_text` or `bad_encoding`.
    """
    if data[:2] in _UTF_16 and not data.startswith(_UTF_32):
        data = _from_utf_16(data)
        repairs["encoding"] += 1
    data = data.removeprefix(codecs.BOM_UTF8)
    special = data.translate(None, _ORDINARY)
    if special.translate(None, _BEYOND_ASCII):
        data = _without_controls(data, repairs)
        special = data.translate(None, _ASCII)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        text = _from_windows_1252(data, error)
        special = beyond_ascii(text).encode()
        repairs["encoding"] += 1
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text or text.isspace():
        raise Rejected("empty", "The file is empty, or holds nothing but white space.")
    return Text(text, special.decode())


def beyond_ascii(text: str) -> str:
    """The characters of `text` that are not ASCII, in order; neighbours stay neighbours."""
    return text.encode().translate(None, _ASCII).decode()


def _from_utf_16(data: bytes) -> bytes:
    try:
        return data[2:].decode(_UTF_16[data[:2]]).encode()
    except UnicodeDecodeError:
        raise Rejected(
            "bad_encoding", "The file begins as UTF-16 does and is broken further on."
        ) from None


def _without_controls(data: bytes, repairs: Counter[str]) -> bytes:
    """`data` without control characters. Raises Rejected where there are too many of them."""
    plain = data.translate(_TO_BLANK, _CONTROLS)
    removed = len(data) - len(plain)
    if removed <= _MOST_CONTROLS * len(data):
        if removed:
            repairs["control_characters"] += removed
        return plain
    fewer, more = sorted(half.count(0) / (len(data) / 2) for half in (data[0::2], data[1::2]))
    if more > 0.7 and fewer < 0.6:  # noqa: PLR2004 -- Latin letters: all and none, or all and half
        raise Rejected(
            "bad_encoding",
            "The file looks like UTF-32, or UTF-16 without its mark; save it as UTF-8.",
        )
    raise Rejected("not_text", "The file is not text: it is full of control characters.")


def _from_windows_1252(data: bytes, error: UnicodeDecodeError) -> str:
    """The text of `data`, which is not UTF-8 because of `error`."""
    if _mostly_utf_8(data):
        raise Rejected(
            "bad_encoding",
            "The file is UTF-8 with broken characters in it; the line has the first one.",
            line=data.count(b"\n", 0, error.start) + 1,
        )
    # Without the restriction, old encodings (Mac, DOS) win over short Windows-1252 texts.
    found = chardet.detect(data, encoding_era=EncodingEra.MODERN_WEB)
    name = found["encoding"]
    if name is None:
        raise Rejected("not_text", f"The file is not text but {found['mime_type'] or 'binary'}.")
    if name != "Windows-1252":
        raise Rejected(
            "bad_encoding", f"The file looks like {name}, which is not read; save it as UTF-8."
        )
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as undefined:
        raise Rejected(
            "bad_encoding",
            "The file is neither UTF-8 nor Windows-1252; the line has a byte that neither has.",
            line=data.count(b"\n", 0, undefined.start) + 1,
        ) from None


def _mostly_utf_8(data: bytes) -> bool:
    """Whether more characters of `data` are good UTF-8 beyond ASCII than are not.

    Windows-1252 hardly ever has two bytes in a row that UTF-8 would take for a character.
    """
    high = data.translate(None, _ASCII).decode(errors="replace")
    return 2 * high.count("\ufffd") < len(high)
