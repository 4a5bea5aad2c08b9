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
    ],
)
def test_a_small_letter_after_a_shortened_word_is_joined(
    language: str, text: str, sentences: int
) -> None:
    assert len(rejoin_content(damage(text), language).blocks) == sentences


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
