"""Numbers as a voice should say them: quantities and digits, in words, in each language.

A voice that is handed "6" may say it in another language, or in the wrong gender; words leave it no choice. Counting
words come from num2words where a person has seen that they are right; what it has wrong, or lacks, is written here with
its reason.
"""

from collections.abc import Callable, Mapping

from babel.units import format_unit
from num2words import num2words

MANDARIN_DIGITS = "零一二三四五六七八九"


def quantity(language: str, count: int, unit: str) -> str:
    """`count` (1 to 99) of a unit ("hour", "day", "week") in words: "six hours", "seis horas", "六个小时".

    Raises KeyError where nobody has written how the language counts: a library's guess may be another language's word.
    """
    own = QUANTITIES.get(language)
    if own is None:
        raise KeyError(f"how {language} counts hours, days and weeks is not written yet")
    return own(count, unit)


def _english(count: int, unit: str) -> str:
    phrase = format_unit(count, f"duration-{unit}", length="long", locale="en_US")
    return phrase.replace(str(count), num2words(count, lang="en"))


def _spanish(count: int, unit: str) -> str:
    """Hours and weeks are feminine: "una hora", "veintiuna horas"; days are masculine: "un día", "veintiún días"."""
    word = num2words(count, lang="es")
    if word.endswith("uno"):
        masculine = {"uno": "un", "veintiuno": "veintiún"}.get(word, word[:-1])
        word = masculine if unit == "day" else f"{word[:-1]}a"
    noun = {"hour": "hora", "day": "día", "week": "semana"}[unit]
    return f"{word} {noun}{'s' if count != 1 else ''}"


def _mandarin(count: int, unit: str) -> str:
    """num2words has no Mandarin that reads aloud; two things are 两, and days take no measure word."""
    tens, ones = divmod(count, 10)
    word = ("" if tens == 0 else "十" if tens == 1 else f"{MANDARIN_DIGITS[tens]}十") + (
        MANDARIN_DIGITS[ones] if ones else ""
    )
    word = "两" if count == 2 else word
    return word + {"hour": "个小时", "day": "天", "week": "个星期"}[unit]


QUANTITIES: Mapping[str, Callable[[int, str], str]] = {
    "en": _english,
    "es": _spanish,
    "zh": _mandarin,
}
"""How each language counts; a language without a row cannot be opened."""


def digits(text: str, word: Callable[[str], str], joiner: str = " ") -> str:
    """The digits of `text`, each in the word that `word` gives for it: "911" becomes "nine one one"."""
    return joiner.join(word(digit) for digit in text if digit.isdigit())
