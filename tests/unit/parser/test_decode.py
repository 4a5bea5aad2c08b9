"""Bytes are read as what they are, and what is none of it is said to be so."""

from __future__ import annotations

import codecs
from random import Random

import pytest

from tests.unit.parser.articles import compose, parsed, rejected

FRENCH = (
    "Le maire a déclaré que l’été serait chaud dans la cité, où l’on espère payer 5 € de moins "
    "— « une épreuve », dit-il — avant la rentrée des élèves."
)
GERMAN = (
    "Die Bürgermeisterin erklärte, die Straße müsse für größere Fahrzeuge geöffnet werden. "
    "„Das wäre schön“, sagte sie am Dienstag."
)
ENGLISH = "The café on the quay will close in June, its owner said on Monday."


@pytest.mark.parametrize("text", [FRENCH, GERMAN, ENGLISH])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_each_encoding_gives_the_same_words(text: str, encoding: str) -> None:
    article = parsed(compose(CONTENT=text).encode(encoding, "strict"))
    assert article["content"] == [text]


def test_utf_16_is_read_in_both_orders() -> None:
    text = compose(CONTENT=FRENCH)
    for mark, encoding in [
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ]:
        assert parsed(mark + text.encode(encoding))["content"] == [FRENCH]


def test_what_was_decoded_is_counted() -> None:
    text = compose(CONTENT=ENGLISH)
    assert parsed(text.encode("cp1252"))["parser"]["repairs"]["encoding"] == 1
    assert "encoding" not in parsed(text.encode())["parser"]["repairs"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Мэр сообщил, что мост будет открыт в понедельник после долгого ремонта.", "cp1251"),
        ("Burmistrz powiedział, że most zostanie otwarty w poniedziałek, święta są.", "cp1250"),
        ("市長は橋が月曜日に開通すると述べた。住民は喜んでいる。", "shift-jis"),
        ("市长表示大桥将于周一开放，居民对此表示欢迎。", "gb18030"),
    ],
)
def test_other_encodings_are_refused_by_name_and_not_guessed(text: str, encoding: str) -> None:
    rejection = rejected(compose(CONTENT=text * 5).encode(encoding))
    assert rejection["code"] == "bad_encoding"
    assert "UTF-8" in rejection["reason"]


def test_broken_utf_8_is_refused_with_its_line() -> None:
    data = compose(CONTENT=f"\n{FRENCH}\n\nFin.").encode().replace(b"Fin", b"F\xe9n")
    rejection = rejected(data)
    assert rejection["code"] == "bad_encoding"
    assert rejection["line"] == data[: data.index(b"F\xe9n")].count(b"\n") + 1


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_text_without_its_mark_is_refused_with_advice(encoding: str) -> None:
    rejection = rejected(compose().encode(encoding))
    assert rejection["code"] == "bad_encoding"
    assert "save it as UTF-8" in rejection["reason"]


def test_utf_16_cut_in_a_character_is_bad_encoding() -> None:
    assert rejected(compose().encode("utf-16") + b"\0")["code"] == "bad_encoding"
    assert rejected(codecs.BOM_UTF16_LE + b"\x00\xd8a\0")["code"] == "bad_encoding"


def test_a_byte_that_no_encoding_has_is_bad_encoding() -> None:
    rejection = rejected(compose(CONTENT="The caf\x00 is open.").encode().replace(b"\0", b"\x81"))
    assert rejection["code"] == "bad_encoding"


NOISE = Random(1).randbytes(4000)  # noqa: S311 -- noise


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + NOISE, id="image"),
        pytest.param(b"PK\x03\x04" + NOISE, id="archive"),
        pytest.param(b"\x7fELF\x02\x01\x01" + bytes(2000), id="program"),
        pytest.param(NOISE, id="noise"),
        pytest.param(bytes(4000), id="zeros"),
        pytest.param(bytes(512) + compose().encode() + bytes(4096), id="tar"),
    ],
)
def test_what_is_no_text_is_not_text(data: bytes) -> None:
    assert rejected(data)["code"] == "not_text"


@pytest.mark.parametrize("data", [b"", b" \n\r\n\t ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_a_file_of_nothing_is_empty(data: bytes) -> None:
    assert rejected(data)["code"] == "empty"


def test_control_characters_go_and_the_words_stay() -> None:
    article = parsed(compose(CONTENT="One\0 wo\x08rd\x1b\x7f after\tanother\x0band\x0canother."))
    assert article["content"] == ["One word after another and another."]
    assert article["parser"]["repairs"] == {"control_characters": 4}


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_of_any_system_divide_paragraphs(end: str) -> None:
    text = compose(CONTENT="\nFirst.\n\nSecond\nline.\n").replace("\n", end)
    assert parsed(text)["content"] == ["First.", "Second line."]
