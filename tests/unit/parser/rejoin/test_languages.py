"""Other languages: a small letter after a shortened word is joined, and nothing else."""

from __future__ import annotations

import pytest

from copydesk.parser.rejoin import rejoin_content
from tests.unit.parser.rejoin.damage import damage


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        (
            "de",
            "Der Umsatz stieg um ca. drei Prozent. Obst, z.B. reife Birnen, steht seit Nov. leer.",
            2,
        ),
        ("de-AT", "Der Bau kostet bzw. kostete Mio. und steht im Abs. drei. Das ist viel.", 2),
        (
            "fr",
            "Le maire, M. dupond, habite av. du Lac. Il part en janv. prochain.",
            2,
        ),
        ("es", "Vive en la avda. del Mar, núm. dos. El Sr. alcalde no vino. Llegó tarde.", 3),
        (
            "uk",
            "Завод коштує 5 млн. гривень. Він стоїть на вул. лісовій і т.д. поруч. Дощ ішов.",
            3,
        ),
        ("uk", "Він мовчав... потім пішов. Ніхто не знав.", 2),
        ("it", "L’art. quinto dice, ecc. ecc. e basta. Il sec. scorso finì.", 2),
        ("pt", "Custa aprox. dois euros. Mora na av. do Mar, pág. vinte. Choveu.", 3),
        ("nl", "Hij komt bijv. morgen, d.w.z. vroeg, of max. tien min. later. Mooi.", 2),
        ("pl", "Kosztuje ok. pięć tys. zł. To stoi na ul. długiej, tj. blisko.", 2),
        ("ru", "Мост стоит прим. два млн. рублей и три тыс. евро. Он на ул. лесной.", 2),
        ("cs", "Stojí to cca. pět mil. korun, např. zde, tzv. malý dům. Prší.", 2),
    ],
)
def test_a_small_letter_after_a_shortened_word_is_joined(
    language: str, text: str, sentences: int
) -> None:
    assert len(rejoin_content(damage(text), language).blocks) == sentences


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        ("da", "Broen åbner den 3. marts i byen. Det regner.", 2),
        ("cs", "Přišel 24. prosince večer. Mrzlo.", 2),
        ("pl", "W XIX. wieku stał tu młyn. Spłonął.", 2),
        ("de", "Am 3. Mai regnete es. Er blieb bis 2024. Dann ging er.", 4),
    ],
)
def test_a_small_letter_after_an_ordinal_is_joined(
    language: str, text: str, sentences: int
) -> None:
    assert len(rejoin_content(damage(text), language).blocks) == sentences


@pytest.mark.parametrize(
    ("language", "text", "blocks"),
    [
        ("fr", "« Je pars. » Il est parti. La nuit tombait.", 2),
        ("fr", "« Vraiment ? » demanda-t-elle. Il ne dit rien.", 2),
        ("fr", "Il a crié : « Assez ! »", 1),
        ("de", "Er schwieg. »Ich gehe«, sagte sie.", 2),
        ("sv", "Han teg. ”Jag går”, sade hon.", 2),
    ],
)
def test_a_closing_mark_goes_with_its_sentence_and_an_opening_one_does_not(
    language: str, text: str, blocks: int
) -> None:
    assert len(rejoin_content(damage(text), language).blocks) == blocks


def test_a_doubled_plural_stays_whole() -> None:
    text = "Viven en EE. UU. desde mayo. Las FF. AA. callan. Viajó a EE. UU. Luego volvió."
    assert rejoin_content(damage(text), "es").blocks == [
        "Viven en EE. UU. desde mayo.",
        "Las FF. AA. callan.",
        "Viajó a EE. UU.",
        "Luego volvió.",
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Er wohnt in den U.S. Dort ist es warm. Sie kam am 3. Mai."),
        ("fr", "Elle a vu le plan B. Personne ne l’a lu. Il est parti."),
        ("es", "Vino en dic. Nadie lo vio. Es el no. 3 de la lista."),
        ("uk", "Це було у ст. Київ. Там жив І. Франко."),
        ("nl", "Hij kocht een iPhone. iPhone is duur. Klaar."),
    ],
)
def test_a_capital_or_digit_is_never_joined(language: str, text: str) -> None:
    pieces = damage(text)
    assert rejoin_content(pieces, language).blocks == pieces


@pytest.mark.parametrize("language", ["en", "EN", "en-US", "en_GB", "und", "", None])
def test_english_and_no_language_get_the_english_rules(language: str | None) -> None:
    assert rejoin_content(["Mr.", "Oda ate."], language).blocks == ["Mr. Oda ate."]
