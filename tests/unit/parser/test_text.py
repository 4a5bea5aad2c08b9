"""Characters are repaired where they are damaged, and left alone where they are not."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from copydesk.parser.decode import beyond_ascii
from copydesk.parser.text import clean, is_tidy


def cleaned(text: str) -> str:
    return clean(text, Counter())


def repairs(text: str) -> dict[str, int]:
    counted: Counter[str] = Counter()
    clean(text, counted)
    return dict(counted)


LEFT_ALONE = [
    "“Curly,” she said, ‘and so it stays’ – or — this … and this.",
    "The oﬃce’s ﬁle and ﬂag keep their ligatures.",
    "Ｆｕｌｌ ｗｉｄｔｈ and ½ and № and ™ and x² stay.",
    "SÃO PAULO, ÅRHUS, MANHÃ, GARÇÃO, Âge, Éire, naïve, façade, Łódź, żółć, Ñandú, Ørsted",
    "“SÓ AMANHÔ, „ÞETTA ER ORГ, “É MANHÔ, ”NYT HYVÄ”, « LÀ », “está»…",
    "Il a dit : « Voilà… » — « Ça va ? » fatigué” café…",
    "Київ, Москва, Αθήνα, 東京、上海。서울",
    "می‌خواهم به خانه بروم",  # zero-width non-joiner
    "A family 👩‍👩‍👧 and a heart ❤️‍🔥 on a flag 🏳️‍🌈",
    "שלום עולם and مرحبا بالعالم",
    "नमस्ते दुनिया, ক্ষ, สวัสดี",
    "AT&T, R&D; Q&A, ?a=1&copy=2&para=3, Smith & Wesson, &notanentity; &;",
    "5 × 5 = 25°, £3, €4, §7, ¿Qué?, ¡Olé!",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_clean_text_is_left_alone(text: str) -> None:
    assert unicodedata.is_normalized("NFC", text)
    assert cleaned(text) == text
    assert repairs(text) == {}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Fish &amp; chips &lt;hot&gt; &quot;now&quot;", 'Fish & chips <hot> "now"'),
        ("caf&eacute; caf&#233; caf&#xE9; caf&#XE9;", "café café café café"),
        ("It&rsquo;s 5&nbsp;km &mdash; not &hellip;", "It’s 5 km — not …"),
        ("&#8217;&#146;", "’’"),
        ("soft&shy;ly", "softly"),
        ("one&#9;two&#10;three", "one two\nthree"),
        ("AT&AMP;T &copy; &unknown;", "AT&T © &unknown;"),
        ("&#0;&#xD800;&#9999999;", "���"),
    ],
)
def test_an_entity_becomes_its_character(text: str, meant: str) -> None:
    assert cleaned(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Marks &amp;amp; Spencer", "Marks & Spencer"),
        ("It&amp;#8217;s &amp;quot;over&amp;quot;", 'It’s "over"'),
        ("5&amp;amp;nbsp;km &#38;mdash; &#x26;amp;lt;", "5 km — <"),
        ("&amp;amp;amp;amp;", "&"),
        ("&amp;unknown;", "&unknown;"),
    ],
)
def test_what_was_escaped_several_times_is_unescaped_as_often(text: str, meant: str) -> None:
    assert cleaned(text) == meant
    assert cleaned(meant) == meant


def test_a_number_too_long_for_a_character_is_text() -> None:
    text = f"&#{'9' * 5000};"
    assert cleaned(text) == text


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text",
    [
        "It’s “over,” the mayor’s café said — at last…",
        "La señora Núñez cenó en São Tomé por 5 € más.",
        "Übergröße für die Straße nach Würzburg",
        "Żółta łódź w Świnoujściu",
        "Příliš žluťoučký kůň úpěl",
        "Мост откроют в понедельник",
        "A rocket 🚀 and a smile 😀",
    ],
)
def test_utf_8_that_was_read_as_something_else_is_restored(text: str, encoding: str) -> None:
    damaged = "".join(
        part.decode(encoding) if defined(part, encoding) else part.decode("latin-1")
        for part in (bytes([byte]) for byte in text.encode())
    )
    assert damaged != text
    assert cleaned(damaged) == text
    assert repairs(damaged)["mojibake"] == 1


def defined(byte: bytes, encoding: str) -> bool:
    try:
        return bool(byte.decode(encoding))
    except UnicodeDecodeError:
        return False


def test_only_the_damaged_lines_are_touched() -> None:
    good = "“Curly” oﬃce"
    assert cleaned(f"{good}\nThe mayorâ€™s cafÃ©\n{good}") == f"{good}\nThe mayor’s café\n{good}"


def test_a_damaged_line_keeps_what_is_not_damage() -> None:
    kept = "“Curly” ‘quotes’, the oﬃce’s ﬁle, Ｆｕｌｌ, &lt"
    assert cleaned(f"{kept} cafÃ©") == f"{kept} café"


@pytest.mark.parametrize("end", ["â€", "â€\ufffd", "â€\x9d", "\xe2\x80\x9d"])
@pytest.mark.parametrize("after", ["", " and left", ", he said", "! he said", "\nIt rained."])
def test_a_closing_quote_is_restored_although_its_last_byte_was_dropped(
    end: str, after: str
) -> None:
    assert cleaned(f"He said â€œno{end}{after}") == f"He said “no”{after}"


def test_a_dagger_is_no_closing_quote_and_what_is_inside_a_word_is_none() -> None:
    assert cleaned("Elder (1920â€\xa01990)") == "Elder (1920†1990)"
    assert "”" not in cleaned("A wellâ€known rule, it’s")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("âˆ’5 Â°C â†’ â‰¥ 3 â˜…", "−5 °C → ≥ 3 ★"),
        ("å¸‚é•·", "市長"),
        ("It costs 5\xe2\x84\xa2", "It costs 5™"),
        ("the cafeÂ and voilÃ  tout", "the cafe and voilà tout"),
    ],
)
def test_other_scripts_and_signs_are_restored(text: str, meant: str) -> None:
    assert cleaned(text) == meant


def test_windows_1252_that_was_read_as_latin_1_keeps_its_marks() -> None:
    assert cleaned("It\x92s \x93so\x94 \x96 wait\x85 \x8a5") == "It’s “so” – wait… Š5"
    assert repairs("It\x92s") == {"mojibake": 1}


def test_letters_and_their_accents_become_one() -> None:
    assert cleaned("cafe\u0301 \u212bngstro\u0308m") == "café Ångström"
    assert repairs("cafe\u0301") == {"normalization": 1}


@pytest.mark.parametrize(
    "litter", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u0081"]
)
def test_what_is_invisible_goes_and_its_word_stays_whole(litter: str) -> None:
    assert cleaned(f"ex{litter}traor{litter}{litter}dinary{litter}") == "extraordinary"
    assert repairs(f"ex{litter}tra") == {"invisible_characters": 1}


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u2009", "\u202f", "\u3000", "\u2028"])
def test_every_kind_of_space_is_a_blank(space: str) -> None:
    assert cleaned(f"20{space}000 people") == "20 000 people"


@pytest.mark.parametrize("text", [text for text in LEFT_ALONE if "&" not in text])
def test_the_gate_lets_through_only_what_needs_no_repair(text: str) -> None:
    special = beyond_ascii(text)
    for damage in ["cafe\u0301", "mayorâ€™s", "soft\u00adly", "5\u00a0km"]:
        assert not is_tidy(special + beyond_ascii(damage))


def test_ordinary_news_passes_the_gate() -> None:
    assert is_tidy(beyond_ascii("“It’s over,” she said — in São Tomé, at the café…"))
