"""Japanese is read as it is said: the words of the line, its particles, and everything that it counts."""

import re
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ivr.speech.engines.kana import OWN_READINGS, list_versions, write_kana
from ivr.wording.catalogs import read_catalog

LOCALES = Path(__file__).parents[2] / "locales"
SPOKEN = tomllib.loads((LOCALES / "ja" / "spoken.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("椎体形成術", "ツイタイケーセージュツ"),
        ("少し痛みや違和感が残る", "スコシ イタミヤ イワカンガ ノコル"),
        ("脊柱管に、もれる", "セキチューカンニ、 モレル"),
        ("看護師さん", "カンゴシサン"),
        ("ごー", "ゴー"),
        ("シーティー検査", "シーティー ケンサ"),
        ("脊髄を押す", "セキズイオ オス"),
        ("圧迫骨折の処置", "アッパク コッセツノ ショチ"),
        ("骨粗しょう症", "コツソショーショー"),
        ("何も食べず、何も飲まないでください。", "ナニモ タベズ、 ナニモ ノマナイデ クダサイ。"),
        ("処置の日の朝は、水を口にふくんで", "ショチノ ヒノ アサワ、 ミズオ クチニ フクンデ"),
        ("台の上にいて、人を待つ", "ダイノ ウエニ イテ、 ヒトオ マツ"),
        ("肺に血のかたまり", "ハイニ チノ カタマリ"),
        ("長くて三日間、続く", "ナガクテ ミッカカン、 ツズク"),
        ("処置の前の六時間は", "ショチノ マエノ ロクジカンワ"),
        ("およそ六週間は", "オヨソ ロクシューカンワ"),
        ("日本語は、一番を押してください。", "ニホンゴワ、 イチバンオ オシテ クダサイ。"),
        ("二千二十三年いちがつに", "ニセンニジューサンネン イチガツニ"),
        ("こめじるし", "コメジルシ"),
        ("もう一度", "モーイチド"),
    ],
)
def test_words_of_the_line_are_read_rightly(written: str, said: str) -> None:
    assert write_kana(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("これは、ことばです", "コレワ、 コトバデス"),
        ("母は歯へ", "ハハワ ハエ"),
        ("または、先へ進むには", "マタワ、 サキエ ススムニワ"),
        ("はい、それを話す", "ハイ、 ソレオ ハナス"),
    ],
)
def test_particles_sound_as_particles_and_the_same_letters_elsewhere_do_not(written: str, said: str) -> None:
    assert write_kana(written) == said


def test_an_emergency_number_in_kana_is_said_digit_by_digit() -> None:
    assert write_kana("きゅういちいち番へ") == "キュー イチ イチ バンエ"


COUNTED = [
    (
        *("quantity", "hour"),
        "4 ヨジカン 9 キュー_ジカン 10 ジュージカン 19 ジュー_キュー_ジカン 24 ニジューヨジカン 40 ヨンジュージカン",
    ),
    (
        *("quantity", "day"),
        "1 イチニチカン 2 フツカカン 8 ヨーカカン 14 ジューヨッカカン 20 ハツカカン 30 サンジューニチカン",
    ),
    (
        *("quantity", "week"),
        "1 イッシューカン 8 ハッシューカン 10 ジュッシューカン 20 ニジュッシューカン 52 ゴジューニシューカン",
    ),
    (
        *("date", "month"),
        "1 イチガツ、_トシノ_ハジメノ_イチガツ 4 シガツ、_ハルノ_シガツ 9 クガツ、_アキノ_クガツ "
        "12 ジューニガツ、_ネンマツノ_ジューニガツ",
    ),
    (
        *("date", "day"),
        "1 ツイタチノ 2 フツカノ 10 トーカノ 20 ハツカ、ニ_ジュー_ニチノ 24 ニジューヨッカノ 31 サンジューイチニチノ",
    ),
    ("date", "weekday", "1 ゲツヨービ 2 カヨービ 3 スイヨービ 4 モクヨービ 5 キンヨービ 6 ドヨービ 7 ニチヨービ"),
    ("time", "hour", "1 ジューニジ 2 イチジ 5 ヨジ 10 クジ"),
    ("time", "minute", "1 チョード 4 ジューゴフン 5 ニジュップン 7 ハン 12 ゴジューゴフン"),
    (
        *("away", "days"),
        "1 ソノ_ヒワ、_キョーデス。 3 ソノ_ヒワ、_アサッテデス。_アト_フツカデス。 "
        "9 ソノ_ヒマデ、_アト_ヨーカ、_ハチ_ニチデス。",
    ),
    ("emergency", "digit", "1 ゼロ 2 イチ 3 ニー 5 ヨン 6 ゴー 8 ナナ 10 キュー"),
]
"""Places in a list, each with how that form sounds; _ is a blank."""


@pytest.mark.parametrize(("kind", "unit", "said"), COUNTED)
def test_what_is_counted_takes_the_form_of_its_counter(kind: str, unit: str, said: str) -> None:
    pairs = said.split()
    for number, form in zip(pairs[::2], pairs[1::2], strict=True):
        assert write_kana(SPOKEN[kind][unit][int(number) - 1]) == form.replace("_", " ")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("24時間", "ニジューヨジカン"),
        ("２４時間", "ニジューヨジカン"),
        ("3分", "サンプン"),
        ("1か月と8ヶ月", "イッカゲツト ハッカゲツ"),
        ("三百六十五日", "サンビャクロクジューゴニチ"),
        ("八百六回", "ハッピャクロッカイ"),
        ("百番", "ヒャクバン"),
        ("555-0100", "ゴ ゴ ゴ- ゼロ イチ ゼロ ゼロ"),
        ("十分です", "ジューブンデス"),
        ("一種、二つ、一人", "イッシュ、 フタツ、 ヒトリ"),
    ],
)
def test_other_numbers_are_read_too(written: str, said: str) -> None:
    assert write_kana(written) == said


def test_every_word_of_the_catalog_and_every_form_comes_out_as_kana() -> None:
    texts = [re.sub(r"\{.*?\}", "", entry.text) for entry in read_catalog(LOCALES, "ja").entries.values()]
    kinds = ("quantity", "date", "time", "away", "emergency")
    forms = [form for kind in kinds for name in SPOKEN[kind] for form in SPOKEN[kind][name]]
    forms = [form for form in forms if not form.isascii()]
    assert len(texts) > 100
    for text in texts + forms:
        assert re.fullmatch(r"[ァ-ヶー 、。.]+", write_kana(text)), text


def test_an_own_reading_applies_only_where_words_end_at_its_edges() -> None:
    assert write_kana("一番") == "イチバン"
    assert write_kana("幾何も学ぶ") == "キカモ マナブ"
    assert set(OWN_READINGS) >= {"何も", "日本語", "月曜日"}


@pytest.mark.parametrize(
    ("written", "said"), [("", ""), ("、。", "、。"), ("ABCクリニック", "ABC クリニック"), ("ごー", "ゴー")]
)
def test_what_is_not_japanese_stays(written: str, said: str) -> None:
    assert write_kana(written) == said


def test_many_threads_may_ask_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write_kana, ["三日間、何も食べず"] * 200)) == {"ミッカカン、 ナニモ タベズ"}


def test_a_reading_is_named_with_all_that_decides_it() -> None:
    assert list_versions() == ("kana-2", "fugashi-1.5.2", "unidic-lite-1.0.8")
