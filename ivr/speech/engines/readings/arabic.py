"""Fully vowelled Arabic as sounds that Kokoro knows.

Kokoro was never taught Arabic; what is written here is what a recogniser understood best of what it said. Rules kept
here: the phrase is read as a careful speaker reads aloud today. Short endings of words are left out, but for particles
and before an article; the noun before a genitive keeps its t. A last letter without any mark is a pause, inside a
phrase too: there two pieces were put together (a sentence and a name), and the next word begins anew.

The vowels come from `locales/ar/vowels.toml`. A word without any mark is guessed: ا و ي are long vowels, and "a"
stands between all other letters.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_SHORT = {"\u064e": "a", "\u064f": "u", "\u0650": "i"}
_NUNATION = {"\u064b": "an", "\u064c": "un", "\u064d": "in"}
_DOUBLED, _STILL, _DAGGER = "\u0651", "\u0652", "\u0670"
_MARKS = frozenset((*_SHORT, *_NUNATION, _DOUBLED, _STILL, _DAGGER))
_HAMZA = str.maketrans({**dict.fromkeys("أإؤئ", "ء"), "ٱ": "ا", "ـ": None})
_MADDA = ("آ", "ءَا")

_LETTERS = "بتثجحخدذرزسشصضطظغفقكلمنهويةپچژڤگیک"
_SOUNDS = {**dict(zip(_LETTERS, "btθʤhxdðɾzsʃsdtðʁfkklmnhwjtpʧʒvɡjk", strict=True)), **dict.fromkeys("ءع", "")}
"""Each consonant as Kokoro's nearest letter. It speaks ʔ as "t", so ء and ع are silent: the vowel after them begins
anew, and a vowel before them lasts longer (as the dialects say رأس and Maltese says what was ع)."""

_SILENT = "ءع"
_ROLLED = ("ɾɾ", "r")
_DARK = frozenset("صضطظق")
"""Beside these an "a" is spoken at the back of the mouth, which is all that tells ص from س and ق from ك here."""

_PREFIXES = frozenset("وفبكل")
_TAKES_A = "من"
_KEEPS_ITS_VOWEL = 2
"""A word of so few letters is a particle (مَعَ, ثُمَّ) and keeps its last vowel."""


@dataclass(frozen=True)
class _Letter:
    sign: str
    marks: str = ""

    @property
    def vowel(self) -> str:
        """Its short vowel, with the n of nunation, or "aː" from a dagger alif; "" for none."""
        if _DAGGER in self.marks:
            return "aː"
        return next(({**_SHORT, **_NUNATION}[mark] for mark in self.marks if mark in _SHORT or mark in _NUNATION), "")

    @property
    def is_doubled(self) -> bool:
        return _DOUBLED in self.marks


_Word = Sequence[_Letter]


@dataclass
class _Sounds:
    """Consonants as Arabic signs, vowels as "a" or "aː". What stands before `stem` is an article or a prefix, which is
    never stressed."""

    heard: list[str]
    stem: int = 0


def write_sounds(phrase: str) -> str:
    """One vowelled phrase without punctuation, in Kokoro's letters; its words stay apart. "" where nothing is said."""
    words = [_complete(_split(word)) for word in unicodedata.normalize("NFC", phrase).split()]
    words = [word for word in words if word]
    spoken: list[_Sounds] = []
    for at, word in enumerate(words):
        follower = words[at + 1] if at + 1 < len(words) else None
        is_joined = at > 0 and _begins_joined(word) and not _ends_in_pause(words[at - 1])
        if is_joined:
            _lean(spoken[-1].heard, words[at - 1])
        sounds = _read(_end(word, follower), is_joined=is_joined)
        if is_joined:  # Kokoro knows no word that begins with lk or tt: the first sound closes the word before
            spoken[-1].heard.append(sounds.heard.pop(0))
            sounds.stem = max(sounds.stem - 1, 0)
        spoken.append(sounds)
    return " ".join(filter(None, map(_write, spoken)))


# --- Letters ----------------------------------------------------------------------------------------------------------


def _split(word: str) -> list[_Letter]:
    letters: list[_Letter] = []
    for sign in word.replace(*_MADDA).translate(_HAMZA):
        if sign in _MARKS and letters:
            letters[-1] = _Letter(letters[-1].sign, letters[-1].marks + sign)
        elif sign in _SOUNDS or sign in "اى":
            letters.append(_Letter(sign))
    return letters


def _complete(word: list[_Letter]) -> list[_Letter]:
    """A word as it is vowelled; one without any mark gets vowels by guess."""
    if any(letter.marks for letter in word):
        return word
    article = 2 if len(word) > 3 and [letter.sign for letter in word[:2]] == ["ا", "ل"] else 0
    guessed = [_guess(word, at) for at in range(article, len(word))]
    if article and word[2].sign in "تثدذرزسشصضطظلن":
        return [*word[:2], _Letter(guessed[0].sign, guessed[0].marks + _DOUBLED), *guessed[1:]]
    return [word[0], _Letter("ل", _STILL), *guessed] if article else guessed


def _guess(word: _Word, at: int) -> _Letter:
    sign = word[at].sign
    if at == len(word) - 1 or sign in "اى" or _is_long(word, at):
        return _Letter(sign)
    following = word[at + 1].sign
    if following in "وي" and _is_long(word, at + 1):
        return _Letter(sign, {"و": "\u064f", "ي": "\u0650"}[following])
    return _Letter(sign, "\u064e")


def _is_long(word: _Word, at: int) -> bool:
    """Whether a و or ي without marks is a long vowel."""
    if at == 0 or word[at].sign not in "وي" or word[at - 1].sign in "اى":
        return False
    return at == len(word) - 1 or word[at + 1].sign not in "اىة"


# --- Words among words ------------------------------------------------------------------------------------------------


def _ends_in_pause(word: _Word) -> bool:
    return not word[-1].marks and word[-1].sign not in "اىوي"


def _begins_joined(word: _Word) -> bool:
    """Whether it begins with an alif that is silent after another word (hamzat wasl)."""
    return word[0].sign == "ا"


def _has_article(word: _Word) -> bool:
    signs = "".join(letter.sign for letter in word)
    if re.match("[وف]?لل", signs):
        second = word[signs.index("ل") + 1]
        return second.is_doubled or not second.vowel
    return bool(re.match("[وف]?[بك]?ال", signs))


def _lean(before: list[str], word: _Word) -> None:
    """What a word's end becomes before a silent alif: a long vowel is short, a consonant takes a vowel."""
    if before[-1].endswith("ː"):
        before[-1] = before[-1].removesuffix("ː")
    elif before[-1] not in ("a", "i", "u"):
        before.append("a" if "".join(letter.sign for letter in word) == _TAKES_A else "i")


def _end(word: list[_Letter], follower: _Word | None) -> list[_Letter]:
    """The word with the end that is spoken: no case, where a careful speaker leaves it out."""
    *rest, last = word
    is_leant_on = follower is not None and _begins_joined(follower)
    if last.sign == "ة":
        return _end_feminine(word, follower)
    if last.vowel in ("un", "in") or (last.vowel == "an" and last.sign == "ى"):
        return [*rest, _Letter(last.sign, _DOUBLED if last.is_doubled else _STILL)]
    is_dropped = follower is None or (len(word) > _KEEPS_ITS_VOWEL and not is_leant_on)
    if is_dropped and last.vowel in ("a", "i", "u"):
        return [*rest, _Letter(last.sign, _DOUBLED if last.is_doubled else _STILL)]
    return word


def _end_feminine(word: list[_Letter], follower: _Word | None) -> list[_Letter]:
    """ة is t before a genitive: the word is then neither with an article nor with an n."""
    last = word[-1]
    is_annexed = follower is not None and last.vowel in ("a", "i", "u") and not _has_article(word)
    if not is_annexed:
        return word[:-1]
    keeps = follower is not None and _begins_joined(follower)
    return word if keeps else [*word[:-1], _Letter(last.sign, _STILL)]


# --- Sounds -----------------------------------------------------------------------------------------------------------


def _read(word: _Word, *, is_joined: bool) -> _Sounds:
    sounds: list[str] = []
    stem, begins = 0, _find_stem(word)
    for at, letter in enumerate(word):
        if at == begins:
            stem = len(sounds)
        if letter.sign in "اى":
            _read_alif(sounds, word, at, is_joined=is_joined)
        elif not letter.marks and (letter.sign, sounds[-1] if sounds else "") in (("و", "u"), ("ي", "i")):
            sounds[-1] += "ː"
        elif not _is_silent_article(word, at):
            sounds += [letter.sign] * (2 if letter.is_doubled else 1)
            sounds += _split_vowel(letter.vowel)
    return _Sounds(sounds, stem)


def _find_stem(word: _Word) -> int:
    """The place of the ل of an article; 0 for a word without one."""
    if not _has_article(word):
        return 0
    signs = "".join(letter.sign for letter in word)
    return signs.index("ال") + 1 if "ال" in signs[:3] else signs.index("لل") + 1


def _read_alif(sounds: list[str], word: _Word, at: int, *, is_joined: bool) -> None:
    letter = word[at]
    if at == 0:
        if not is_joined:
            sounds += [letter.vowel or ("a" if _is_article(word) else "i")]
    elif letter.vowel:
        sounds += _split_vowel(letter.vowel)
    elif sounds[-1:] == ["a"] and not _is_joining_alif(word, at):
        sounds[-1] = "aː"


def _is_article(word: _Word) -> bool:
    """Whether its first alif is the article's, or that of الَّذِي."""
    return len(word) > 2 and word[1].sign == "ل" and not (word[1].vowel and not word[1].is_doubled and len(word) < 4)


def _is_joining_alif(word: _Word, at: int) -> bool:
    """Whether an alif after a prefix is silent: فَاضْغَطُوا, وَاتَّصِلُوا, بِالرَّقْمِ."""
    if at + 2 >= len(word) or not all(letter.sign in _PREFIXES for letter in word[:at]):
        return False
    following = word[at + 1]
    if following.is_doubled:
        return following.sign == "ت"
    return not following.vowel and (_STILL in following.marks or _is_silent_article(word, at + 1))


def _is_silent_article(word: _Word, at: int) -> bool:
    """Whether its ل is taken up by the letter after it (a sun letter)."""
    return word[at].sign == "ل" and not word[at].marks and at + 1 < len(word) and word[at + 1].is_doubled


def _split_vowel(vowel: str) -> list[str]:
    return [vowel[0], "ن"] if vowel.endswith("n") else [vowel] if vowel else []


def _write(sounds: _Sounds) -> str:
    heard = _close(sounds.heard)
    stressed = _find_stress(heard, sounds.stem)
    written = ""
    for at, sound in enumerate(heard):
        if _is_vowel(sound):
            written += ("ˈ" if at == stressed else "") + _colour(heard, at)
        elif at < len(heard) - 1 or heard[at - 1 : at] != [sound]:  # a last double consonant is spoken once
            written += _SOUNDS[sound]
    return written.replace(*_ROLLED)


def _is_vowel(sound: str) -> bool:
    return sound[0] in "aiu"


def _close(heard: list[str]) -> list[str]:
    """A last iyy is a long i, and a last uww a long u."""
    for ending in (["i", "ي", "ي"], ["i", "ي"], ["u", "و", "و"], ["u", "و"]):
        if heard[-len(ending) :] == ending:
            return [*heard[: -len(ending)], f"{ending[0]}ː"]
    return heard


def _colour(heard: Sequence[str], at: int) -> str:
    """A vowel as it sounds beside its neighbours."""
    before, after, second = "".join(heard[at - 1 : at]), "".join(heard[at + 1 : at + 2]), heard[at + 2 : at + 3]
    is_long = heard[at].endswith("ː") or (after in _SILENT and after and not (second and _is_vowel(second[0])))
    letter = "ɑ" if heard[at][0] == "a" and _DARK & {before, after} else heard[at][0]
    return f"{letter}ː" if is_long else letter


def _find_stress(heard: Sequence[str], stem: int) -> int:
    """Which sound is stressed: a last syllable that is very heavy, else a heavy one before it, else the third from the
    end; -1 for a word of one syllable, which goes unstressed."""
    vowels = [at for at, sound in enumerate(heard) if _is_vowel(sound)]
    if len(vowels) < 2:
        return -1
    closing = len(heard) - 1 - vowels[-1]
    if closing >= 2 or (closing == 1 and heard[vowels[-1]].endswith("ː")):
        return vowels[-1]
    is_heavy = heard[vowels[-2]].endswith("ː") or vowels[-1] - vowels[-2] > 2
    wanted = vowels[-2] if is_heavy or len(vowels) == 2 else vowels[-3]
    return next((at for at in vowels if at >= max(wanted, stem)), -1)
