"""What a voice stumbles on: letters of another script, digits, signs that are read aloud or swallowed.

No engine may read a stray Latin word in an Arabic sentence unasked, and none knows what to do with a slash.
"""

import re
import unicodedata
from collections.abc import Iterator

from ivr.line.languages import find_script

STUMBLING = re.compile(r"[/\\()\[\]<>&%\"“”„«»#*+=@|_~^`…–—]|(?<!\w)-|-(?!\w)")


def find_stumbles(language: str, text: str) -> Iterator[str]:
    """What a voice would stumble on in a text, in words."""
    words = re.sub(r"\{[^}]*\}", "", text)
    if digits := sorted({sign for sign in words if sign.isdigit()}):
        yield f"holds the digit {digits[0]}. Write numbers as words."
    if found := STUMBLING.search(words):
        yield f"holds the sign {found[0]}, which a voice stumbles on. Say it in words, or leave it out."
    if strangers := _find_strangers(language, words):
        yield f"holds letters of another script: {strangers}. Write it as it is said, in this language's own letters."


def _find_strangers(language: str, text: str) -> str:
    allowed = find_script(language).letters
    letters = (sign for sign in text if sign.isalpha())
    strange = (sign for sign in letters if unicodedata.name(sign, "UNKNOWN").split(" ")[0] not in allowed)
    return "".join(dict.fromkeys(strange))[:12]
