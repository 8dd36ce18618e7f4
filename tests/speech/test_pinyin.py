"""Mandarin is read as it is said: its words, the tones that bend, and the syllables that have none."""

import pytest

from ivr.speech.engines.pinyin import READINGS, write_pinyin

for module in ("jieba", "pypinyin"):
    pytest.importorskip(module)

pytestmark = pytest.mark.filterwarnings("ignore")  # of jieba, which is not ours


def read(text: str) -> str:
    return "/".join(write_pinyin(text))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("再听一遍", "zai4/ting1/yi2 bian4"),
        ("一种手术", "yi4 zhong3/shou3 shu4"),
        ("一直等", "yi4 zhi2/deng3"),
        ("差一天就一个星期", "cha4/yi4 tian1/jiu4/yi2 ge5/xing1 qi1"),
        ("等一等", "deng3 yi5 deng3"),
        ("一月", "yi1 yue4"),
        ("十一月", "shi2 yi1 yue4"),
        ("二十一号", "er4 shi2 yi1 hao4"),
        ("一号，一二三的一，", "yi1 hao4/，/yi1 er4 san1/de5/yi1/，"),
        ("星期一上午", "xing1 qi1 yi1/shang4 wu3"),
        ("十一点", "shi2 yi1 dian3"),
        ("不痛，不能，不是", "bu2/tong4/，/bu4 neng2/，/bu2 shi4"),
        ("是不是", "shi4 bu5 shi4"),
        ("对不起", "dui4 bu5 qi3"),
    ],
)
def test_one_and_not_take_their_tone_from_what_follows_and_an_ordinal_keeps_its_own(written: str, said: str) -> None:
    assert read(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("四十分", "si4 shi2 fen1"),
        ("五十五分", "wu3 shi2 wu3 fen1"),
        ("二零二三年一月", "er4 ling2 er4 san1 nian2/yi1 yue4"),
        ("四五六的六", "si4 wu3 liu4/de5/liu4"),
        ("请按井号键", "qing3/an4/jing3 hao4 jian4"),
        ("请按米字键", "qing3/an4/mi3 zi4 jian4"),
        ("请按三号键", "qing3/an4/san1 hao4 jian4"),
    ],
)
def test_a_number_and_a_key_are_each_one_word(written: str, said: str) -> None:
    assert read(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("东西", "dong1 xi5"),
        ("这一部分", "zhe4/yi2 bu4 fen5"),
        ("谢谢您", "xie4 xie5 nin2"),
        ("告诉您", "gao4 su5 nin2"),
        ("翻译得", "fan1 yi4 de5"),
        ("活动得", "huo2 dong4 de5"),
        ("椎体", "zhui1 ti3"),
        ("脊髓", "ji3 sui3"),
        ("睡着的", "shui4 zhao2/de5"),
        ("醒着的", "xing3/zhe5/de5"),
        ("重物", "zhong4 wu4"),
        ("布洛芬", "bu4 luo4 fen1"),
        ("麻醉", "ma2 zui4"),
        ("要停什么药", "yao4/ting2/shen2 me5/yao4"),
    ],
)
def test_words_of_the_line_are_read_rightly(written: str, said: str) -> None:
    assert read(written) == said


def test_what_is_no_chinese_letter_stays_as_it_is() -> None:
    assert list(write_pinyin("您好, ABC")) == ["nin2 hao3", ", ABC"]
    assert list(write_pinyin("")) == []


def test_every_reading_has_a_syllable_for_each_sign() -> None:
    assert [word for word, said in READINGS.items() if len(word) != len(said.split())] == []
