"""Which rules a language tag asks for."""

_ENGLISH = frozenset([None, "", "en", "und"])


def is_english(language: str | None) -> bool:
    """Tell whether a BCP 47 tag is English, or none at all, which is read as English."""
    return language in _ENGLISH or (
        language is not None and language.lower().replace("_", "-").split("-", 1)[0] in _ENGLISH
    )
