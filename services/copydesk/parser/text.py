"""Repairs of characters: entities, mojibake, composition, what is invisible, odd blanks.

Quotation marks, dashes and ligatures are the author's and stay. Each step has a gate that costs a
microsecond, because nearly every text needs none of them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from html.entities import html5

import ftfy

from copydesk.parser.decode import beyond_ascii

# An entity ends with a semicolon here: without one, `AT&T` and `?a=1&copy=2` are text. Numbers are
# short, as no character needs more digits and int() refuses thousands of them. The ampersand may
# itself have been escaped, once or more often.
_ENTITY = re.compile(
    r"&(?:(?:amp|#38|#[xX]26);)*(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_FROM_ENTITIES = str.maketrans(dict.fromkeys("\t\v\f\r\x1c\x1d\x1e\x1f", " ") | {"\x7f": None})

# UTF-8 read as Windows-1252 or Latin-1: a lead byte's character with a continuation byte's. At the
# end of a word in capitals, a letter and a mark may be just that (`“ATÉ AMANHÃ”`). The class in
# front lets the regular expression engine skip.
_CONTINUATION = "\x80-\xbf" + bytes(range(0x80, 0xC0)).decode("cp1252", "ignore")
_PAIRS = (
    "[\xc2-\xc5\xce-\xd1\xd7-\xd9\xe0-\xf0](?:"
    f"(?<=[\xc2-\xd9])(?!(?<=[A-Z][\xc3\xd0])[”“–—»](?![A-Za-z]))[{_CONTINUATION}]"
    "|(?<=\xe2)[\u20ac\u2020\u02c6\u2030\u02dc]|(?<=\xf0)\u0178|(?<=\xef)[\xbf\xbb]"
    f"|(?<=[\xe0-\xf0])(?:[{_CONTINUATION}]?[\x80-\x9f]"
    f"|[{_CONTINUATION}]{{2}}[\xe0-\xef][{_CONTINUATION}]{{2}})|"
)
_MOJIBAKE = re.compile(_PAIRS + "(?<=[a-z][\xc2\xc3]) )")
_PERHAPS_MOJIBAKE = re.compile(_PAIRS + "(?<=[\xc2\xc3]))")
# The last byte of ” is none of Windows-1252's, and so is often dropped, or replaced. Inside a word
# it may have been a hyphen's.
_CUT_OFF = re.compile(rf"\xe2[\u20ac\x80]\ufffd?+(?![\w{_CONTINUATION}])")
_CLOSING_QUOTE = "\xe2\u20ac\x9d"
# Windows-1252 read as Latin-1: controls that nobody meant.
_C1 = re.compile("[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]")
_FTFY = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    normalization=None,
)

# All of these are as NFC wants them, whatever their neighbours (DerivedNormalizationProps.txt).
_COMPOSED = (
    "\x80-\u02ff\u0400-\u0482\u048a-\u052f\u05d0-\u05ea\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2100-\u2125\u3001-\u3029\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60"
)
_PERHAPS_DECOMPOSED = re.compile(f"[^{_COMPOSED}\u200b-\u200d\u202f\ufeff]")

# Scripts that write with zero-width spaces and joiners (Hebrew to Khmer and Vedic, Meetei Mayek),
# and emoji. Between any others they are litter.
_JOINING = "\u0590-\u1cff\ua8e0-\uabff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
# C1 controls that Windows-1252 has not, soft hyphen, word joiner, byte order mark.
_LITTER = "\x81\x8d\x8f\x90\x9d\xad\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"
_INVISIBLE = re.compile(
    f"[{_LITTER}]|(?<![{_JOINING}])[\u200b-\u200d]++|[\u200b-\u200d]++(?![{_JOINING}])"
)
_SPACES = "\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SPACE = re.compile(f"[{_SPACES}]")
_GATES = (
    _PERHAPS_MOJIBAKE,
    _PERHAPS_DECOMPOSED,
    re.compile(f"[\x80-\x9f{_LITTER}{_SPACES}\u200b-\u200d]"),
)


def is_tidy(special: str) -> bool:
    """Whether a text whose characters beyond ASCII are `special` needs no repair but entities."""
    return not any(gate.search(special) for gate in _GATES)


def has_entities(text: str) -> bool:
    """Whether `text` needs the repair of entities; a lone `&` is none."""
    return "&" in text and ";" in text and _ENTITY.search(text) is not None


def clean(text: str, repairs: Counter[str]) -> str:
    """`text` repaired; of white space only blanks and line feeds are left, in any number.

    It holds no control characters of ASCII but line feeds. Counts in `repairs` what it did.
    """
    if "&" in text:
        text = _unescape(text, repairs)
    if text.isascii():
        return text
    special = beyond_ascii(text)
    if _PERHAPS_MOJIBAKE.search(special):
        text = _restore(text, repairs)
        special = beyond_ascii(text)
    if _C1.search(special):
        text, count = _C1.subn(lambda control: control[0].encode("latin-1").decode("cp1252"), text)
        special = beyond_ascii(text)
        repairs["mojibake"] += count
    if _PERHAPS_DECOMPOSED.search(special) and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        repairs["normalization"] += 1
    if _INVISIBLE.search(special):
        text, count = _INVISIBLE.subn("", text)
        if count:
            repairs["invisible_characters"] += count
    if _SPACE.search(special):
        text = _SPACE.sub(" ", text)
    return text


def _unescape(text: str, repairs: Counter[str]) -> str:
    """Entities turned into characters, however often escaped: a second pass finds none."""
    plain, count = _ENTITY.subn(_character, text)
    if plain == text:
        return text
    repairs["entities"] += count
    return plain.translate(_FROM_ENTITIES)


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name[0] == "#":
        return html.unescape(f"&{name};")
    return html5.get(f"{name};", f"&{name};")


def _restore(text: str, repairs: Counter[str]) -> str:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if _MOJIBAKE.search(line):
            restored = ftfy.fix_text(_CUT_OFF.sub(_CLOSING_QUOTE, line), _FTFY)
            if restored != line:
                lines[number] = restored
                repairs["mojibake"] += 1
    return "\n".join(lines)
