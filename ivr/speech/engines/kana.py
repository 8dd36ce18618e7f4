"""Japanese as it is said: any text to katakana, for a voice that cannot read Chinese letters.

fugashi (MeCab) with unidic-lite, whose dictionary comes in the package. Compared over the whole catalog and
`spoken.toml`: pykakasi (10 MB) knows no word classes, so は and へ stay guesses, and it misreads 四番, 人を, 処置の日,
骨粗しょう症, 十時間; Janome misreads 椎体, 夜中, 台; Open JTalk counts best, but reads the digits きゅういちいち as
ninety-one; Sudachi gives spellings, not sounds. UniDic (250 MB) gives how each word sounds (は as ワ, long vowels as
ー, which eSpeak says better than ウ) and misreads only what stands in `OWN_READINGS`, and counting, which is done here.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import Any

VERSION = "2"
"""Raise it whenever the same words are to be read otherwise: it is part of a clip's address."""

PACKAGES = ("fugashi", "unidic-lite")

_WEEK = {"月": "ゲツ", "火": "カ", "水": "スイ", "木": "モク", "金": "キン", "土": "ド", "日": "ニチ"}

OWN_READINGS: Mapping[str, str] = {
    "何も": "ナニモ",  # UniDic: ナンモ, which is slang
    "日本語": "ニホンゴ",  # UniDic: ニッポンゴ, which people do not say of the language
    "もう一度": "モーイチド",  # UniDic cuts it into three, and the voice halts at each
    "こめじるし": "コメジルシ",  # UniDic: 子, 目印, with a halt between
    "いちがつ": "イチガツ",  # UniDic: いち, が, つに
    "ななにちかん": "ナナニチカン",  # UniDic: なな, に, 痴漢
    "ごー": "ゴー",  # UniDic: ゴ, and a long vowel with nothing before it
    "違和感": "イワカン",  # UniDic cuts it, and it is heard broken, as are those below
    "骨粗しょう症": "コツソショーショー",
    "脊柱管": "セキチューカン",
    "椎体形成術": "ツイタイケーセージュツ",  # cut, it is heard as つい痛い
    "椎体": "ツイタイ",
    "シーティー": "シーティー",
    "エムアールアイ": "エムアールアイ",
    "危険性": "キケンセー",
    "看護師": "カンゴシ",
    "薬剤師": "ヤクザイシ",
    "見本用": "ミホンヨー",
    "医療用": "イリョーヨー",
    "二つ": "フタツ",
    "ひとつ": "ヒトツ",
    "何時間": "ナンジカン",
    "ごふん": "ゴフン",
    "じゅっぷん": "ジュップン",
    "ななじかん": "ナナジカン",
    "ななじ": "ナナジ",
    "なながつ": "ナナガツ",
    **{f"{day}曜日": f"{sound}ヨービ" for day, sound in _WEEK.items()},  # UniDic: ゲツヨーヒ
}
"""What the dictionary misreads, or cuts so that it is misheard."""

COUNTERS: Mapping[str, tuple[str, Mapping[int, str]]] = {
    "時間": ("ジカン", {4: "ヨジカン", 9: "クジカン"}),
    "時": ("ジ", {4: "ヨジ", 9: "クジ"}),
    "分": ("フン", {1: "イップン", 3: "サンプン", 4: "ヨンプン", 6: "ロップン", 8: "ハップン", 10: "ジュップン"}),
    "週間": ("シューカン", {1: "イッシューカン", 8: "ハッシューカン", 10: "ジュッシューカン"}),
    "か月": ("カゲツ", {1: "イッカゲツ", 6: "ロッカゲツ", 8: "ハッカゲツ", 10: "ジュッカゲツ"}),
    "月": ("ガツ", {4: "シガツ", 9: "クガツ"}),
    "年": ("ネン", {4: "ヨネン"}),
    "回": ("カイ", {1: "イッカイ", 6: "ロッカイ", 8: "ハッカイ", 10: "ジュッカイ"}),
    "番": ("バン", {}),
    "日": ("ニチ", {}),
    "日間": ("ニチカン", {}),
}
"""How each counter sounds, and what it makes of the last part of a number (10: of a number that ends in ten).

Seven is ナナ throughout, as in `spoken.toml`: シチ is heard as イチ on a telephone.
"""

DAYS: Mapping[int, str] = {
    2: "フツカ",
    3: "ミッカ",
    4: "ヨッカ",
    5: "イツカ",
    6: "ムイカ",
    7: "ナノカ",
    8: "ヨーカ",
    9: "ココノカ",
    10: "トーカ",
    14: "ジューヨッカ",
    19: "ジュークニチ",
    20: "ハツカ",
    24: "ニジューヨッカ",
    29: "ニジュークニチ",
}
"""Days that are not the number and ニチ, counted or in a date alike (the first of a month is written ついたち)."""

_UNITS = ("", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー")
_CHANGED = {300: "サンビャク", 600: "ロッピャク", 800: "ハッピャク", 3000: "サンゼン", 8000: "ハッセン"}
_POWERS = {1000: "セン", 100: "ヒャク", 10: "ジュー"}
_NUMBER = re.compile("([〇一二三四五六七八九十百千]+|[0-9]+)(時間|時|週間|[かカヶケ]月|月|日間|日|年|回|番|分)?")
_BOUND = frozenset({"助詞", "助動詞", "接尾辞"})
_PREFIX = "接頭辞"
_LOCK = threading.Lock()  # MeCab's tagger is for one thread at a time


@dataclass(frozen=True)
class _Word:
    """A word from `start` to `end` of the text: how it sounds, and its class ("" for a reading of our own)."""

    start: int
    end: int
    sound: str
    kind: str = ""


def is_available() -> bool:
    """Whether this machine has the dictionary."""
    return all(util.find_spec(package.replace("-", "_")) is not None for package in PACKAGES)


def list_versions() -> tuple[str, ...]:
    """What decides the readings: this module and its packages, each with its version."""
    return (f"kana-{VERSION}", *(f"{package}-{metadata.version(package)}" for package in PACKAGES))


def write_kana(text: str) -> str:
    """`text` in katakana as it sounds, with a space between phrases; its punctuation, and Latin letters, stay."""
    return "".join(_join_phrases(_read(text))).strip()


def write_words_in_kana(text: str) -> str:
    """The same with a space after every word, particles too, as Kokoro was taught to read."""
    return " ".join(word.sound for word in _read(text))


def _read(text: str) -> list[_Word]:
    text = unicodedata.normalize("NFKC", text)
    words = _cut_words(text)
    edges = {edge for word in words for edge in (word.start, word.end)}
    own: list[_Word] = []
    for word in sorted(_find_own_readings(text), key=lambda reading: (reading.start, -reading.end)):
        # Where a word of the dictionary runs across its edge, as in 一番組, it is not what the table means.
        if {word.start, word.end} <= edges and (not own or own[-1].end <= word.start):
            own.append(word)
    left = [word for word in words if not any(reading.start <= word.start < reading.end for reading in own)]
    return sorted(own + left, key=lambda word: word.start)


@cache
def _load_tagger() -> Any:
    import fugashi
    import unidic_lite

    folder = Path(unidic_lite.DICDIR)  # named, or fugashi would take a larger UniDic where one is installed
    return fugashi.Tagger(f'-r "{folder / "mecabrc"}" -d "{folder}"')


def _cut_words(text: str) -> list[_Word]:
    with _LOCK:
        found = [(word.surface, word.feature.pron or word.surface, word.feature.pos1) for word in _load_tagger()(text)]
    words: list[_Word] = []
    for surface, sound, kind in found:
        start = text.index(surface, words[-1].end if words else 0)
        words.append(_Word(start, start + len(surface), sound if surface[0].isalnum() else surface, kind))
    return words


def _find_own_readings(text: str) -> Iterator[_Word]:
    for written, sound in OWN_READINGS.items():
        yield from (_Word(*match.span(), sound) for match in re.finditer(written, text))
    for match in _NUMBER.finditer(text):
        if match[2] or match[1].isascii():  # 一種, 二つ, 一人 are words, which UniDic reads rightly
            yield _Word(*match.span(), _read_number(match[1], match[2] or ""))


def _join_phrases(words: Sequence[_Word]) -> Iterator[str]:
    """A particle or ending joins the word before it, a prefix the word after it: eSpeak stresses each piece once."""
    joins = True
    for word in words:
        if not (joins or word.kind in _BOUND or not word.sound[0].isalnum()):
            yield " "
        yield word.sound
        joins = word.kind == _PREFIX


def _read_number(written: str, counter: str) -> str:
    if written == "十" and counter == "分":
        return "ジューブン"  # "enough"; ten minutes are written じゅっぷん
    number = _parse_number(written, longest=4 if counter else 2)
    if number is None:
        digits = (int(unicodedata.numeric(sign)) for sign in written)
        return " ".join(_UNITS[digit] or "ゼロ" for digit in digits) + _find_counter(counter)[0]
    if counter in ("日", "日間") and number in DAYS:
        return DAYS[number] + ("カン" if counter == "日間" else "")
    sound, changed = _find_counter(counter)
    last = number % 10 or (10 if number % 100 else 0)
    if last not in changed:
        return _write_cardinal(number) + sound
    tens = number // 10 % 10 if last == 10 else 0
    return _write_cardinal(number - (tens * 10 or last)) + (_UNITS[tens] if tens > 1 else "") + changed[last]


def _parse_number(written: str, longest: int) -> int | None:
    """The number; None for what is said digit by digit: a leading zero, more than `longest` digits, or 二〇二三."""
    if written.isascii():
        return int(written) if len(written) <= longest and written[0] != "0" else None
    if written[0] == "〇" or (len(written) > 1 and not set(written) & set("十百千")):
        return None
    total = unit = 0
    for value in (int(unicodedata.numeric(sign)) for sign in written):
        total, unit = (total + (unit or 1) * value, 0) if value >= 10 else (total, value)
    return total + unit


def _find_counter(written: str) -> tuple[str, Mapping[int, str]]:
    return COUNTERS.get("か月" if written[1:] == "月" else written, ("", {}))


def _write_cardinal(number: int) -> str:
    words = ""
    for power, sound in _POWERS.items():
        count, number = divmod(number, power)
        regular = _UNITS[count] + sound if count > 1 else sound * count
        words += _CHANGED.get(count * power, regular)
    return words + _UNITS[number]
