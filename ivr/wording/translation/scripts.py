"""What a voice stumbles on: letters of another script, digits, signs that are read aloud or swallowed.

No engine may read a stray Latin word in an Arabic sentence unasked, and none knows what to do with a slash.
"""

import re
import unicodedata
from collections.abc import Iterator

from ivr.line.languages import find_script
from ivr.wording.translation.files import name_sign

BETWEEN_WORDS = re.compile(r"(?<!\w)-|-(?!\w)")
"""A hyphen that stands in no word: a dash."""


def find_stumbles(language: str, text: str) -> Iterator[str]:
    """What a voice would stumble on in a text, in words: whatever is no letter and no sign of the language."""
    words = re.sub(r"\{[^}]*\}", lambda found: " " * len(found[0]), text)  # every sign keeps its place
    if digits := sorted({sign for sign in words if sign.isdigit()}):
        yield f"holds the digit {digits[0]}. Write numbers as words."
    for at, sign in _find_strange_signs(language, words):
        yield f"holds {name_sign(sign)} at sign {at}, which a voice stumbles on. Say it in words, or leave it out."
    if strangers := _find_strangers(language, words):
        yield f"holds letters of another script: {strangers}. Write it as it is said, in this language's own letters."


def _find_strange_signs(language: str, words: str) -> Iterator[tuple[int, str]]:
    """Each sign that does not belong, once, with its place in the words (from one)."""
    script = find_script(language)
    told: set[str] = set()
    dashes = {found.start() for found in BETWEEN_WORDS.finditer(words)}
    for at, sign in enumerate(words):
        known = sign == " " or sign.isalpha() or sign.isdigit() or _is_mark(sign, script.letters)
        if (not known and sign not in script.signs) or at in dashes:
            if sign not in told:
                yield at + 1, sign
            told.add(sign)


def _is_mark(sign: str, letters: tuple[str, ...]) -> bool:
    """A mark on a letter of the script, such as an Arabic vowel."""
    return unicodedata.category(sign) == "Mn" and unicodedata.name(sign, "").split(" ")[0] in letters


def _find_strangers(language: str, text: str) -> str:
    allowed = find_script(language).letters
    letters = (sign for sign in text if sign.isalpha())
    strange = (sign for sign in letters if unicodedata.name(sign, "UNKNOWN").split(" ")[0] not in allowed)
    return "".join(dict.fromkeys(strange))[:12]
