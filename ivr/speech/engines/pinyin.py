"""Mandarin as it is said: which words a sentence is made of, and each syllable's tone.

misaki cuts a sentence into words (jieba), looks each up (pypinyin) and writes citation tones. Compared with a careful
reading of the whole script, it was wrong where this module steps in: 一 and 不, whose tone hangs on what follows (一遍
is yí biàn, 不痛 is bú tòng; 一月 keeps yī, being a name and no count); syllables that have no tone of their own (东西,
时候, 护士); and numbers, which it tears apart (四|十分) or runs into their neighbours (按井|号键).

A syllable is written as pypinyin does: letters and the tone's number, 5 for none ("dong1 xi5").
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

READINGS: Mapping[str, str] = {
    "东西": "dong1 xi5",
    "这里": "zhe4 li5",
    "那里": "na4 li5",
    "里面": "li3 mian5",
    "下面": "xia4 mian5",
    "药里": "yao4 li5",
    "骨头里": "gu3 tou5 li5",
    "空间里": "kong1 jian1 li5",
    "肺里": "fei4 li5",
    "背上": "bei4 shang5",
    "早上": "zao3 shang5",
    "晚上": "wan3 shang5",
    "时候": "shi2 hou5",
    "部分": "bu4 fen5",
    "大部分": "da4 bu4 fen5",
    "护士": "hu4 shi5",
    "舒服": "shu1 fu5",
    "清楚": "qing1 chu5",
    "告诉": "gao4 su5",
    "力气": "li4 qi5",
    "照顾": "zhao4 gu5",
    "打算": "da3 suan5",
    "多少": "duo1 shao5",
    "谢谢": "xie4 xie5",
    "个": "ge5",
    "出来": "chu1 lai5",
    "下来": "xia4 lai5",
    "进去": "jin4 qu5",
    "回去": "hui2 qu5",
    "对不起": "dui4 bu5 qi3",
    "骨折": "gu3 zhe2",
    "椎体": "zhui1 ti3",
    "椎管": "zhui1 guan3",
    "椎": "zhui1",
    "讲得": "jiang3 de5",
    "翻译得": "fan1 yi4 de5",
    "活动得": "huo2 dong4 de5",
    "睡着": "shui4 zhao2",
    "粘在": "zhan1 zai4",
    "脊椎骨折": "ji3 zhui1 gu3 zhe2",
    "井号键": "jing3 hao4 jian4",
    "米字键": "mi3 zi4 jian4",
    "骨水泥": "gu3 shui3 ni2",
    "脊髓": "ji3 sui3",
    "出血": "chu1 xue4",
    "个人": "ge4 ren2",
    "球囊": "qiu2 nang2",
    "后凸": "hou4 tu1",
    "成形术": "cheng2 xing2 shu4",
}
"""What pypinyin has no light syllable for, reads wrongly, or jieba cuts across."""

_DIGITS = "零〇二三四五六七八九十百两"
_ORDINALS = "号键|号|月|日"
_COUNTERS = f"{_ORDINALS}|点|分|年|天|夜|个|刻"
_NUMBER = re.compile(f"((?:[一{_DIGITS}]{{2,}}|[{_DIGITS}])(?:{_COUNTERS})?|一(?:{_ORDINALS}))")
"""A number with what it counts; 一 alone is one only where it names (一月, 一号), for elsewhere its tone bends."""

_HANZI = re.compile("([\u4e00-\u9fff]+)")
_BEFORE_AN_ORDINAL = "期拜周第"


@dataclass(frozen=True)
class Syllable:
    """One sign of the writing with its sound ("yi2"); `starts` where a word starts with it, `counts` in a number."""

    sign: str
    sound: str
    starts: bool
    counts: bool

    @property
    def tone(self) -> str:
        """ "1" to "4", "5" for none."""
        return self.sound[-1]


def write_pinyin(text: str) -> Iterator[str]:
    """`text` in parts: words as syllables with blanks between them ("dong1 xi5"), and what is not in Chinese letters as
    it stands."""
    for part in filter(None, _HANZI.split(text)):
        yield from _join_words(_bend_tones(list(_read(part)))) if _HANZI.fullmatch(part) else (part,)


def _read(signs: str) -> Iterator[Syllable]:
    for part in filter(None, _NUMBER.split(signs)):
        is_number = _NUMBER.fullmatch(part) is not None
        for word in [part] if is_number else _load_cutter().lcut(part):
            for at, (sign, sound) in enumerate(zip(word, _look_up(word, is_number=is_number), strict=True)):
                yield Syllable(sign, sound, at == 0, is_number)


def _look_up(word: str, *, is_number: bool) -> Sequence[str]:
    from pypinyin import Style, lazy_pinyin

    parts = word if is_number else [word]  # a number sign by sign: the dictionary bends 一 in 十一点
    sounds = [
        str(sound) for part in parts for sound in lazy_pinyin(part, style=Style.TONE3, neutral_tone_with_five=True)
    ]
    for known in sorted(READINGS, key=len):  # the longest has the last word
        for match in re.finditer(known, word):
            sounds[match.start() : match.end()] = READINGS[known].split()
    return sounds


@cache
def _load_cutter() -> Any:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    for word in READINGS:
        cutter.add_word(word)
    return cutter


def _bend_tones(syllables: Sequence[Syllable]) -> list[Syllable]:
    """一 and 不 with the tone that they take from what follows."""
    bent: list[Syllable] = []
    for at, syllable in enumerate(syllables):
        before, after = syllables[at - 1] if at else None, syllables[at + 1] if at + 1 < len(syllables) else None
        tone = _choose_tone(syllable, before, after) or syllable.tone
        bent.append(Syllable(syllable.sign, syllable.sound[:-1] + tone, syllable.starts, syllable.counts))
    return bent


def _choose_tone(syllable: Syllable, before: Syllable | None, after: Syllable | None) -> str:
    """The tone of 一 or 不 before what follows; "" for any other sign, and where it keeps its own."""
    if syllable.sign not in "一不" or syllable.counts:
        return ""
    if before and after and before.sign == after.sign:
        return "5"  # 是不是, 等一等
    if before and after is None and syllable.sign == "不":
        return ""
    rises = after is not None and (after.tone == "4" or after.sign == "个")
    if syllable.sign == "不":
        return "5" if syllable.tone == "5" else "2" if rises else "4"
    if after is None or (before and before.sign in _BEFORE_AN_ORDINAL):
        return "1"
    return "2" if rises else "4"


def _join_words(syllables: Sequence[Syllable]) -> Iterator[str]:
    word: list[str] = []
    for syllable in syllables:
        if syllable.starts and word:
            yield " ".join(word)
            word = []
        word.append(syllable.sound)
    yield " ".join(word)
