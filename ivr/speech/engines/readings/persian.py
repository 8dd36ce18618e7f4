"""Persian as eSpeak hears it, put into letters that Kokoro says well.

Persian leaves short vowels unwritten. What eSpeak guesses wrongly of the line's own words stands as sounds in
`locales/fa/lexicon.toml`; this module mends what it does to every word, so that a clinic's name is understood too:
- its a is æ, its ɑ is long, and no other vowel is;
- a stop in the throat, which Kokoro would say as t, lengthens the vowel before it, and is left out elsewhere;
- the stress is on the last syllable, but never on the linking e ("pezeʃke" of "pezeʃke ʃomɑ"). That e is told from the
  end of a word such as "hæfte" by its length: eSpeak writes the second one long.
"""

import re

LETTERS = {"a": "æ", "g": "ɡ", "q": "ɣ"}
"""What eSpeak writes, in Kokoro's letters. (ق and غ sound alike in Iran; eSpeak writes both as q1.)"""

VOWELS = "æeiouɑ"

_LINK = re.compile(rf"(?<=[^{VOWELS}ː])e$|(?<=eː)jeː$|(?<=i)e$")
_THROAT = re.compile(rf"(?<=[æeo])ʔ(?=[^{VOWELS}]|$)")
_LAST_VOWEL = re.compile(rf"[{VOWELS}](?=[^{VOWELS}]*$)")


def mend_sounds(heard: str) -> str:
    """The words that eSpeak's Persian hears (ties resolved), in Kokoro's letters, one blank between words.

    Signs that are not of eSpeak's Persian are left as they are: Kokoro names those that it does not know.
    """
    return " ".join(filter(None, map(_mend_word, heard.split())))


def _mend_word(heard: str) -> str:
    sounds = "".join(LETTERS.get(sign, sign) for sign in re.sub("[ˈˌ]|(?<=q)1", "", heard))
    link = _LINK.search(sounds)
    if link is None or not any(vowel in sounds[: link.start()] for vowel in VOWELS):
        return _stress(_shorten(sounds))
    stem = _shorten(sounds[: link.start()])
    return _stress(stem) + ("je" if stem.endswith(("e", "i")) else "e")


def _shorten(sounds: str) -> str:
    """Without eSpeak's long vowels, and without the stop in the throat."""
    return _THROAT.sub("\N{MODIFIER LETTER TRIANGULAR COLON}", sounds.replace("ː", "")).replace("ʔ", "")


def _stress(sounds: str) -> str:
    return _LAST_VOWEL.sub(r"ˈ\g<0>", sounds).replace("ɑ", "ɑː")
