"""Which words begin with a hiss is told by their letters, language by language; and a clip that sounds before it is
named by the check."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from ivr.line.languages import LANGUAGES
from ivr.speech.build import build
from ivr.speech.check import check
from ivr.speech.marks import begins_with_hiss
from ivr.speech.sound import Grade, Speech
from ivr.wording.script import ScriptLine
from tests.speech.test_onset import hiss, quiet, vowel
from tests.speech.tones import tone

HISSES = {
    "en": "Six. | seventh | Some people | cement | shall we | September",
    "es": "Si quiere | sesenta | cinco | zapato | ¿Sabe usted? | Cerca",
    "zh": "三 | 手术 | 星期一 | 上午 | 十 | 谢谢",
    "yue": "三 | 手術 | 上午 | 十 | 星期一",
    "vi": "Sáu | xin chào | sau khi",
    "ko": "셋 | 수술 | 싸다 | 시술",
    "fil": "Sabado | sa umaga | siyam",
    "ru": "Семь | шесть | щека | Среда",
    "ar": "ستة | شكرا | صباحا",
    "ht": "Sis | chak | Si ou",
    "fr": "Six | C'est demain | cinq | ça va | chaque | Si vous",
    "pt": "Seis | cinco | Se for | chegue | xícara | Sábado",
    "pl": "Siedem | środa | sześć | Się",
    "it": "Se questa | sei | Sabato | scendere | Sì",
    "de": "Schmerz | Stehen Sie | Spritze",
    "ja": "さん | 手術 | 水曜日 | そして | 少し | 背中",
    "fa": "سه | شما | صبح",
}
NONE = {
    "en": "Thursday | two | zero | call | One, six | ",
    "es": "dos | Casa | este | 6",
    "zh": "一 | 二 | 请",
    "yue": "一 | 二 | 請",
    "vi": "Ba | không",
    "ko": "하나 | 오전 | 다섯",
    "fil": "Lunes | isa",
    "ru": "Три | завтра",
    "ar": "واحد | الآن",
    "ht": "De | zewo | kat",
    "fr": "Le six | dix | car | zéro",
    "pt": "Dois | casa | zero",
    "pl": "Trzy | cztery | Zadzwoń",
    "it": "Due | cinque | sbaglio | zero",
    "de": "Sieben | Sechs | Zwei | Wenn",
    "ja": "いち | 二 | 木曜日 | 三日の | 四日",
    "fa": "یک | دو",
}


def test_every_language_has_a_row_in_both_tables() -> None:
    assert list(HISSES) == list(NONE) == list(LANGUAGES)
    assert [row.code for row in LANGUAGES.values() if not re.compile(row.hisses)] == []


@pytest.mark.parametrize("language", HISSES)
def test_words_that_begin_with_a_hiss_are_known_by_their_letters(language: str) -> None:
    texts = HISSES[language].split(" | ")
    assert [text for text in texts if not begins_with_hiss(ScriptLine(language, "a", text))] == []


@pytest.mark.parametrize("language", NONE)
def test_words_that_begin_otherwise_are_not_measured_for_it(language: str) -> None:
    texts = NONE[language].split(" | ")
    assert [text for text in texts if begins_with_hiss(ScriptLine(language, "a", text))] == []


def test_a_language_that_nobody_knows_is_not_measured() -> None:
    assert not begins_with_hiss(ScriptLine("xx", "a", "six"))


# --- The check --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hissing:
    """Speaks any words as a hiss and a tone; words with "eh" in them have 0.1 s of a vowel before."""

    name: str = "hissing"
    version: str = "1"
    preprocessors: tuple[str, ...] = ()
    own_slow_pace: bool = False

    def grade(self, language: str) -> Grade | None:
        return Grade.BASIC if language == "en" else None

    def name_voice(self, language: str) -> str:
        return "snake"

    def list_parameters(self, language: str, *, slow: bool) -> Mapping[str, object]:
        return {}

    def speak(self, text: str, language: str, *, slow: bool) -> Speech:
        before = vowel(0.1, 8_000) if "eh" in text else quiet(0.0, 8_000)
        after = tone(len(text) / 12, 8_000, pitch=200 + len(text))
        return Speech(np.concatenate([before, hiss(0.15, 8_000), after]), 8_000)


def find_stray(folder: Path, *texts: str) -> list[str]:
    """What the check says of voices before the words, at the normal pace."""
    lines = tuple(ScriptLine("en", f"clip.{number}", text) for number, text in enumerate(texts))
    build({"en": lines}, [Hissing()], folder, jobs=0)
    faults = check({"en": lines}, folder).faults
    return [str(fault) for fault in faults if "first s or sh" in str(fault) and "(slow)" not in str(fault)]


def test_a_clip_that_sounds_before_its_hiss_is_named_with_what_to_do(tmp_path: Path) -> None:
    (fault,) = find_stray(tmp_path, "Some eh good people, and more of them.", "Some good people, and more of them.")
    assert fault.startswith("en/clip.0 (normal), ")
    assert fault.endswith("before its first s or sh; at most 0.050: listen to it.")


def test_words_that_begin_otherwise_may_begin_with_a_vowel(tmp_path: Path) -> None:
    assert find_stray(tmp_path, "A good eh people, and more of them.") == []


def test_a_voice_that_does_so_too_often_is_named_as_a_whole(tmp_path: Path) -> None:
    texts = ["Some good people, number " + "o" * number for number in range(20)]
    assert find_stray(tmp_path, *texts) == []
    texts[3], texts[7] = "Some eh good people.", "Some eh other people."
    voice, *clips = find_stray(tmp_path, *texts)
    assert len(clips) == 2
    assert voice == (
        "en (normal): hissing snake sounds for more than 0.020 s before the first s or sh of 2 of 20 clips; "
        "5% are the most."
    )
