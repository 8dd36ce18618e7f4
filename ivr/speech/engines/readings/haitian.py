"""Haitian Creole as it sounds, in Kokoro's letters.

eSpeak's Haitian takes "ou" apart and says n after a nasal vowel. The spelling that the country has used since 1979
needs no dictionary: each sound has its letters, and each letter sounds. What has to be known is when n is no sound of
its own: after a, e, o without an accent, unless a vowel follows ("an" is a nasal vowel, "àn" and "ane" have an n,
"ann" has both). The last syllable bears the stress, and a short word that leans on the next one ("pou", "nan") none.
"""

import re
import unicodedata
from functools import partial

from ivr.errors import SpeechError

NASALS = {"an": "ɑ̃", "en": "ɛ̃", "on": "ɔ̃"}
"""Where no vowel follows the n."""

GROUPS = {"tch": "ʧ", "dj": "ʤ", "ch": "ʃ", "ou": "u", "ui": "ɥi", "ng": "ŋ"}
"""Letters that are one sound together. ("ng" is one after i and ou only: "lang" is said with a g.)"""

LETTERS = {
    **{letter: letter for letter in "abdefhiklmnopstvwz"},
    **dict(zip("àèògjry", "aɛɔɡʒʁj", strict=True)),
    **dict(zip("cquçñœæöüûáâäéêëíîïóôùú", "kkysɲœeøyyaaaeɛeiiioouu", strict=True)),
    "x": "ks",
}
"""What stands after the second row is for names from elsewhere: the spelling itself does without these letters."""

LEANING = frozenset(
    ["a", "ak", "ap", "ba", "ki", "la", "li", "m", "n", "nan", "nou", "ou", "pou", "se", "si", "sou", "te", "yo", "yon"]
)
"""Said without a stress of their own, except as the last word of a phrase. (Not so "pa", not, and "de", two.)"""

_VOWELS = "aàáâäæeèéêëiíîïoòóôöœuùúûü"
_SPELLED = re.compile(rf"[aeo]n(?![{_VOWELS}])|tch|dj|ch|ou|ui|(?<=[iu])ng(?![{_VOWELS}])|(.)\1?")
_LAST_VOWEL = re.compile("[aeiouyɑɔɛøœ](?=[^aeiouyɑɔɛøœ]*$)")
_JOINTS = re.compile("[-‐‑'’]")


def write_sounds(phrase: str) -> str:
    """The words of `phrase` (blanks between them, no punctuation) in Kokoro's letters, one blank between words.

    What hyphens and apostrophes join is said as one word. Raises SpeechError for a sign that has no sound.
    """
    words = unicodedata.normalize("NFC", phrase).lower().split()
    sounds = ["".join(map(partial(_sound, phrase=phrase), _JOINTS.split(word))) for word in words]
    leaning = [word in LEANING and at < len(words) for at, word in enumerate(words, start=1)]
    said = [sound if leans else _stress(sound) for sound, leans in zip(sounds, leaning, strict=True)]
    return " ".join(filter(None, said))


def _sound(part: str, phrase: str) -> str:
    return "".join(_sound_group(match[0], phrase) for match in _SPELLED.finditer(part))


def _sound_group(group: str, phrase: str) -> str:
    known = NASALS.get(group) or GROUPS.get(group) or LETTERS.get(group[0])
    if known is None:
        raise SpeechError(
            f'Haitian Creole has no sound for "{group[0]}" (U+{ord(group[0]):04X}) in: {phrase}. Write it out in '
            f"words, or say how in locales/ht/lexicon.toml."
        )
    return known


def _stress(sound: str) -> str:
    return _LAST_VOWEL.sub(r"ˈ\g<0>", sound)
