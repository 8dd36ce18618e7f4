"""What the line has to know of a language: the fields of one row of `ivr/line/languages.py`, as plain values.

Everything that differs by language and is not words stands in the row, so that adding a language is a row here and a
folder in `locales/`. Rule kept here: no other place of the house is keyed by a language's code (a test reads the whole
program for it). `ivr/line/README.md` says field by field what to write.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

SOURCE_LANGUAGE = "en"
"""The language that topics are written in, that staff are spoken to in, and that all others are translated from."""


@dataclass(frozen=True)
class Script:
    """The letters that a language is written in.

    `letters` are the first words of Unicode's names for them ("CYRILLIC"), `direction` is a page's ("ltr" or "rtl").
    `is_spaced`: whether words stand between spaces; where they do not, a word is looked for anywhere in a text, and a
    pace is counted in characters. `worth`: how many letters of an alphabet one sign is worth, spoken.
    `needs_fonts`: whether the pages' style sheets name fonts for it, because those of an English page lack its letters.
    `signs` are the signs beside its letters that spoken words are written with; a voice stumbles on any other.
    """

    letters: tuple[str, ...]
    direction: str = "ltr"
    is_spaced: bool = True
    worth: float = 1.0
    needs_fonts: bool = False
    signs: str = ".,:;?!"

    @property
    def is_latin(self) -> bool:
        """Whether a voice of the language reads Latin letters."""
        return "LATIN" in self.letters


LATIN = Script(("LATIN", "MODIFIER"), signs=".,:;?!¿¡'’-")
# The apostrophe of Ukrainian is a letter of its own (U+02BC).
CYRILLIC = Script(("CYRILLIC", "MODIFIER"), signs=".,:;?!'’-")
ARABIC = Script(("ARABIC",), direction="rtl", needs_fonts=True, signs=".:!،؛؟\u200c")
HANGUL = Script(("HANGUL",), worth=2.5, needs_fonts=True)
CHINESE = Script(("CJK",), is_spaced=False, worth=4.0, needs_fonts=True, signs="，。、：；？！")
# The worth of a kanji; a kana's is the same in every text (`speech/pace.py`).
JAPANESE = Script(
    ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"),
    is_spaced=False,
    worth=3.5,
    needs_fonts=True,
    signs="、。：；？！・",
)


@dataclass(frozen=True)
class Band:
    """From the slowest to the fastest that will do, in units a minute."""

    lowest: float
    highest: float

    def __str__(self) -> str:
        return f"{self.lowest:.0f} to {self.highest:.0f}"

    def scale(self, share: float) -> "Band":
        """The band of a voice that speaks at `share` of the pace."""
        return Band(self.lowest * share, self.highest * share)


@dataclass(frozen=True)
class Pace:
    """What one language keeps at the normal pace, in words a minute, or in characters where its script has no spaces:
    `clip` for one clip, `middle` for the median of all of them."""

    clip: Band
    middle: Band


@dataclass(frozen=True)
class Language:
    """One spoken language.

    `code` is ours, and the folder in `locales/`. `locale` is Babel's name, `tag` the BCP 47 tag for a page's `lang`.
    `aliases` is what else clinics' lists write for it beside its code and its two names, with commas between.
    `voices` are the engines' own names of their voices, by the engine's name in the settings; an engine that is not
    there does not speak this language. `speeds`, by engine, in the engine's own measure, where this language needs
    another than its usual one. `reads`, by engine: what the words are put into where the engine cannot read them as
    they are written ("kana", "pinyin").
    `say` is Twilio's language for `<Say>`, used only where a clip is missing ("" where Twilio cannot speak it).
    `recogniser` is the offline recogniser's code, where it is not ours. `prefixes` is a pattern of what may be written
    in one with the beginning of a word. `speakers` is how many people in the US have limited English and speak it, in
    millions, about; `counted_with` is the code of the row that counts them with its own.
    `misheard` is the share of a clip's sounds that a recogniser may hear wrong before it is a fault (the mean of the
    voice's clips and about 0.3 more); None where it understands no voice that we have. `heard_as` is what its words are
    compared as ("letters", "kana", "syllables" of Mandarin without tones), and `same` gives the letter that stands for
    another one.
    `hisses` is a pattern of the beginnings of a text whose first sound is a hiss, as of s and sh.
    `people` are the imaginary ones of the practice list: given names with spaces between, and the word "example" as
    their family name.
    """

    code: str
    name: str
    own_name: str
    locale: str
    tag: str
    script: Script
    pace: Pace
    aliases: str
    voices: Mapping[str, str] = field(hash=False)
    people: tuple[str, str]
    hisses: str
    misheard: float | None
    heard_as: str = "letters"
    same: Mapping[str, str] = field(default_factory=dict, hash=False)
    speeds: Mapping[str, float] = field(default_factory=dict, hash=False)
    reads: Mapping[str, str] = field(default_factory=dict, hash=False)
    say: str = ""
    recogniser: str = ""
    prefixes: str = ""
    speakers: float = 0.0
    counted_with: str = ""

    @property
    def is_source(self) -> bool:
        """Whether all others are translated from it."""
        return self.code == SOURCE_LANGUAGE

    @property
    def direction(self) -> str:
        """The direction of its script on a page: "ltr" or "rtl"."""
        return self.script.direction

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that a clinic's list may write for it."""
        return (self.code, self.name, self.own_name, *(word.strip() for word in self.aliases.split(",")))
